"""Reading `environment.json`: versions, machine and command of a run, as it tells them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_environment(path: Path) -> Mapping[str, Any]:
    """Return what an `environment.json` says; nothing where it cannot be read."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
