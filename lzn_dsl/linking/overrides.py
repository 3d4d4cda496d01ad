"""Settings that lie over a program's: `--set` of the shell, `settings` of Python."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse_value


def read_overrides(settings: Iterable[str] | Mapping[str, object]) -> dict[str, tree.Value]:
    """Return the values of settings by path, as the shell (`train.steps=100`) or Python gives them.

    Raises SpecError for a text that is not `PATH=VALUE`, or whose value is none of the language.
    """
    if isinstance(settings, Mapping):
        settings = [f"{path}={_literal(value)}" for path, value in settings.items()]
    values: dict[str, tree.Value] = {}
    found: list[Diagnostic] = []
    for setting in settings:
        path, separator, text = setting.partition("=")
        if not separator or not path.strip():
            summary = f"`--set {setting}` is not `PATH=VALUE`, such as `train.steps=100`"
            found.append(Diagnostic("LZN213", summary))
            continue
        value, problems = parse_value(Source(f"--set {path.strip()}", text))
        found.extend(problems)
        if value is not None:
            values[path.strip()] = value
    if found:
        raise SpecError(found)
    return values


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Path) or (isinstance(value, str) and not _is_value(value)):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(v) for v in value)}]"
    return "none" if value is None else str(value)


def _is_value(text: str) -> bool:
    return parse_value(Source("<value>", text))[0] is not None
