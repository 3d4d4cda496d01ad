"""Reading `plan.json`, which may be a stranger's: of bounded size, and without odd characters.

Texts of a plan are printed. So none may hold control characters, which a terminal would obey, or
those that turn the direction of writing.
"""

import json
import re
from pathlib import Path

from pydantic import JsonValue, ValidationError

from lzn_dsl.planning.plan import Plan

MAX_BYTES = 16 * 1024 * 1024
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class BadPlanError(Exception):
    """A file is no plan; its text says why."""


def parse_plan(path: Path) -> Plan:
    """Return the plan in a file.

    Raises BadPlanError for anything else, and OSError where the file cannot be read.
    """
    if path.exists() and not path.is_file():
        raise BadPlanError("it is no regular file")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise BadPlanError(f"it is larger than {MAX_BYTES // 1024**2} MiB")
    try:
        plan = Plan.model_validate_json(content)
    except ValidationError as error:
        raise BadPlanError(f"{error.error_count()} faults") from error
    if _has_odd_text(json.loads(content)):
        raise BadPlanError("a text with control characters")
    return plan


def _has_odd_text(value: JsonValue) -> bool:
    left: list[JsonValue] = [value]
    while left:
        part = left.pop()
        if isinstance(part, str) and _ODD.search(part):
            return True
        if isinstance(part, dict):
            left += [*part, *part.values()]
        elif isinstance(part, list):
            left += part
    return False
