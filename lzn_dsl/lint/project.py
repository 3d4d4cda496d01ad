"""What a project says of the linter: `[tool.lzn.lint]` in the nearest pyproject.toml.

[tool.lzn.lint]
select = ["LZNW1", "LZNW3"]     # only these; all but the pedantic by default
extend-select = ["pedantic"]    # these as well
ignore = ["LZNW304"]            # not these
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.lint.selection import Selection

_KEYS = {"select": "select", "extend-select": "extend", "ignore": "ignore"}


def project_selection(folder: Path) -> Selection:
    """Return the selection of the nearest pyproject.toml of a folder or one above it.

    Raises SpecError (LZN908) where that file is no TOML or says something that is not known.
    """
    path = find_project(folder)
    if path is None:
        return Selection()
    import tomllib

    try:
        table: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise SpecError(_wrong(path, f"cannot be read: {failure}")) from failure
    for key in ("tool", "lzn", "lint"):
        table = table.get(key, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        raise SpecError(_wrong(path, "says `tool.lzn.lint`, which is no table"))
    return Selection(**{_KEYS[key]: _words(path, key, table) for key in _known(path, table)})


def find_project(folder: Path) -> Path | None:
    """Return the nearest pyproject.toml: of the folder itself, or of one above it."""
    try:
        start = folder.resolve()
        paths = (place / "pyproject.toml" for place in (start, *start.parents))
        return next((path for path in paths if path.is_file()), None)
    except OSError:
        return None


def _known(path: Path, table: Mapping[str, Any]) -> list[str]:
    for key in table:
        if key not in _KEYS:
            known = ", ".join(f"`{k}`" for k in _KEYS)
            hint = suggest(key, _KEYS) or f"it may hold {known}"
            raise SpecError(_wrong(path, f"has an unknown setting `{key}`", hint))
    return list(table)


def _words(path: Path, key: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    value = table[key]
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise SpecError(_wrong(path, f"must list codes in `{key}`", 'such as `["LZNW1"]`'))
    return tuple(value)


def _wrong(path: Path, what: str, hint: str = "") -> Diagnostic:
    return Diagnostic("LZN908", f"[tool.lzn.lint] of `{path}` {what}", hint=hint)
