"""Calls into entries of other packages: what fails there names the package, and nothing else.

`guarded` wraps the functions of an entry, so that whoever calls them gets a `PluginError` (LZN905)
for whatever they raise or wrongly return. The torch half is guarded where it is loaded.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic, LznError, PluginError
from lzn_dsl.registry.entry import Capability, Cost, DatasetInfo, Entry, UnknownFactError


@contextmanager
def blaming(entry: Entry, part: str) -> Iterator[None]:
    """Turn what a plugin's `part` raises into a PluginError; entries of lzn_dsl raise as they do.

    Errors that a person can act on, and a fact that is not known, pass.
    """
    try:
        yield
    except (LznError, UnknownFactError):
        raise
    except (Exception, SystemExit) as failure:
        if not entry.plugin:
            raise
        raise PluginError(_failed(entry, part, failure)) from failure


def guarded(entry: Entry, plugin: str) -> Entry:
    """Return an entry of the package `plugin` whose functions raise PluginError for any failure."""
    owned = replace(entry, plugin=plugin)
    return replace(
        owned,
        describe=entry.describe and _guard(owned, "describe", entry.describe),
        capabilities=entry.capabilities and _guard(owned, "capabilities", entry.capabilities),
        cost=entry.cost and _guard(owned, "cost", entry.cost),
        costs=entry.costs and _guard(owned, "costs", entry.costs),
        absent=entry.absent and _guard(owned, "absent", entry.absent),
    )


def in_words(failure: BaseException) -> str:
    """Return what a failure says of itself, or its name where it has nothing to say."""
    try:
        return str(failure) or type(failure).__name__
    except Exception:  # noqa: BLE001 -- a stranger's code
        return type(failure).__name__


def _guard(entry: Entry, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*arguments: Any) -> Any:
        with blaming(entry, part):
            result = call(*arguments)
            _check_result(part, result)
            return result

    return checked


def _check_result(part: str, result: object) -> None:
    if part == "describe" and not isinstance(result, DatasetInfo):
        raise TypeError(f"it must return a DatasetInfo, got {type(result).__name__}")
    if part == "capabilities" and not (
        isinstance(result, frozenset) and all(isinstance(c, Capability) for c in result)
    ):
        raise TypeError(f"it must return a frozenset of Capability, got {result!r}")
    if part == "absent" and not isinstance(result, str):
        raise TypeError(f"it must return a text, got {type(result).__name__}")
    if part == "cost" and not isinstance(result, Cost):
        raise TypeError(f"it must return a Cost, got {type(result).__name__}")
    if part == "costs" and not (
        isinstance(result, dict)
        and isinstance(result.get("encoder"), Cost)
        and all(isinstance(cost, Cost) for cost in result.values())
    ):
        raise TypeError(f'it must return a dict with the Cost of "encoder", got {result!r}')


def _failed(entry: Entry, part: str, failure: BaseException) -> Diagnostic:
    place = traceback.extract_tb(failure.__traceback__)[-1]
    notes = () if place.filename == __file__ else (f"raised at {place.filename}:{place.lineno}",)
    return Diagnostic(
        "LZN905",
        f"the {entry.kind} `{entry.name}` of the package `{entry.plugin}` fails: its {part} raised "
        f"{type(failure).__name__}: {in_words(failure)}",
        notes=notes,
        hint=f"programs that do not use `{entry.name}` are not affected; update `{entry.plugin}`, "
        "or tell its authors",
    )
