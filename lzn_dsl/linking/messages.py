"""What is said of imports that cannot be, and of names that they do not bring."""

from collections.abc import Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import Suggestion, closest
from lzn_dsl.linking.limits import LinkLimits
from lzn_dsl.linking.linked import Unit
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.tokens import KEYWORDS

_NAMES_SHOWN = 20


def circle(names: Sequence[str]) -> Diagnostic:
    """Say that files import one another; the last name is the first again."""
    summary = "these files import one another in a circle"
    return Diagnostic(
        "LZN234",
        "the file imports itself" if len(names) == 2 else summary,
        notes=(" imports ".join(f"`{name}`" for name in names),),
        hint="move what both need to a file of its own, and import that",
    )


def too_deep(limits: LinkLimits) -> Diagnostic:
    """Say that too many files import one another in a row."""
    summary = f"more than {limits.depth} files import one another in a row"
    return Diagnostic("LZN235", summary, hint="import what is needed directly")


def too_many(limits: LinkLimits) -> Diagnostic:
    """Say that a program imports too many files."""
    summary = f"the program imports more than {limits.files} files"
    hint = "a file that is imported with other parameters counts again"
    return Diagnostic("LZN235", summary, hint=hint)


def too_large(limits: LinkLimits) -> Diagnostic:
    """Say that the files of a program are too large together."""
    summary = (
        f"the files of the program have more than {limits.total_bytes:,} bytes, or more than "
        f"{limits.total_tokens:,} words and signs"
    )
    return Diagnostic("LZN235", summary, hint="import less")


def same_namespace(space: str, at: Span) -> Diagnostic:
    """Say that two imports of a file have the same namespace."""
    hint = "give one of them another name: `import FILE as NAME`"
    return Diagnostic("LZN237", f"two imports have the namespace `{space}`", at, hint=hint)


def needs_alias(statement: tree.Import, stem: str) -> Diagnostic:
    """Say that the name of a file cannot be a namespace."""
    what = "a word of the language" if stem.upper() in KEYWORDS else "not a name"
    hint = f"write `import {statement.path.span.text} as NAME`"
    return Diagnostic(
        "LZN236", "the import needs a name", statement.path.span, f"`{stem}` is {what}", hint=hint
    )


def unknown_space(name: tree.Name, depth: int, unit: Unit) -> Diagnostic:
    """Say that a file has no import of the name that stands first, second, ... in a name."""
    path = name.text.split(".")
    known = list(unit.spaces)
    listed = ", ".join(f"`{other}`" for other in known) or "none"
    near = closest(path[depth], known)
    meant = ".".join([*path[:depth], near or "", *path[depth + 1 :]])
    return Diagnostic(
        "LZN238",
        f"there is no import called `{'.'.join(path[: depth + 1])}`",
        name.span,
        notes=(f"imports of `{unit.loaded.source.name}`: {listed}",),
        hint=Suggestion(name.text, meant) if near else "",
    )


def unknown_name(name: tree.Name, unit: Unit) -> Diagnostic:
    """Say that an imported file declares no such name."""
    space, _, last = name.text.rpartition(".")
    known = [*unit.definitions, *unit.spaces]
    shown = ", ".join(f"`{other}`" for other in known[:_NAMES_SHOWN])
    more = ", ..." if len(known) > _NAMES_SHOWN else ""
    near = closest(last, known)
    return Diagnostic(
        "LZN238",
        f"`{unit.loaded.source.name}` declares no `{last}`",
        name.span,
        notes=(f"`{space}` has: {shown or 'nothing'}{more}",),
        hint=Suggestion(name.text, f"{space}.{near}") if near else "",
    )
