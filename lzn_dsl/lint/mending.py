"""Mends a program by the fixes of its findings, round by round, until none is left."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Fix, Severity
from lzn_dsl.diagnostics.edits import apply_edits, choose_fixes
from lzn_dsl.lint.lint import lint
from lzn_dsl.spec import Spec

_MOST_ROUNDS = 100


@dataclass(frozen=True)
class Mended:
    """A program after its fixes.

    Attributes:
        text: Its text.
        done: Titles of the fixes that were made, in order.
        left: What `lint` says of it.
    """

    text: str
    done: tuple[str, ...]
    left: tuple[Diagnostic, ...]


def mend(spec: Spec, codes: Set[str], *, unsafe: bool = False) -> Mended:
    """Make the safe fixes of a program's findings, or with `unsafe` all.

    A fix after which the text could not be read, or the program had an error that it has not now,
    is not made. A file is not written.
    """
    done: list[str] = []
    refused: set[tuple[str, str]] = set()
    found = lint(spec, codes)
    for _ in range(_MOST_ROUNDS):
        open_ = [d for d in found if _key(d) not in refused]
        fixes = choose_fixes(open_, spec.source, unsafe=unsafe)
        if not fixes:
            break
        made = _make(spec, fixes) or _make(spec, fixes[:1])
        if made is None:
            refused |= {_key(d) for d in open_ if fixes[0] in d.fixes}
            continue
        spec, titles = made
        done += titles
        found = lint(spec, codes)
    return Mended(spec.source.text, tuple(done), found)


def _make(spec: Spec, fixes: Sequence[Fix]) -> tuple[Spec, list[str]] | None:
    """Return the program with fixes made; None where it would be worse than before."""
    edits = [edit for fix in fixes for edit in fix.edits]
    mended = spec.with_text(apply_edits(spec.source.text, edits))
    if mended.source.text == spec.source.text or _errors(mended) - _errors(spec):
        return None
    return mended, [fix.title for fix in fixes]


def _errors(spec: Spec) -> Counter[str]:
    """Count the errors of each code, those of the text itself included."""
    return Counter(d.code for d in spec.check() if d.severity is Severity.ERROR)


def _key(finding: Diagnostic) -> tuple[str, str]:
    return finding.code, finding.summary
