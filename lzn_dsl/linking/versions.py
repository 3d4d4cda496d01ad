"""The version line, `lzn 1`: which version of the language a file is written in."""

from collections.abc import Iterable

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.syntax import tree

PRESENT = 1
"""The version of the language that this lzn_dsl reads."""


def check_version(
    file: tree.File, present: int = PRESENT, *, earlier: bool = False
) -> Iterable[Diagnostic]:
    """Find a version line that does not stand first, or is of another version than the present.

    `earlier` says whether earlier versions are as good.
    """
    lines = [s for s in file.statements if isinstance(s, tree.Version)]
    for line in lines:
        first = file.statements[0]
        if line is not first:
            yield Diagnostic(
                "LZN250",
                "the version line does not stand first",
                line.span,
                "expected above all other statements",
                related=(Related(first.span, "the first statement"),),
                hint="move it to the top of the file; comments may stand above it",
            )
            continue
        number = line.number.value
        if not isinstance(number, int) or number < 1:
            yield _unknown(line, present)
        elif number > present or (number < present and not earlier):
            yield _other(line, number, present)


def _other(line: tree.Version, number: int, present: int) -> Diagnostic:
    later = number > present
    return Diagnostic(
        "LZN251",
        f"the file is written in version {number} of the language",
        line.number.span,
        f"this lzn {'knows versions up to' if later else 'reads version'} {present}",
        hint="install a newer lzn_dsl: `pip install --upgrade lzn-dsl`"
        if later
        else f"`lzn migrate {line.span.source.name}` rewrites it",
    )


def _unknown(line: tree.Version, present: int) -> Diagnostic:
    span = line.number.span
    return Diagnostic(
        "LZN251",
        f"there is no version {span.text} of the language",
        span,
        f"the present version is {present}",
        hint=f"write `lzn {present}`",
    )
