"""Lints a program: runs the rules, then leaves out what its comments silence."""

from collections.abc import Iterator, Set

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity, has_errors
from lzn_dsl.graph.passes.needs import find_needs
from lzn_dsl.lint.places import is_here
from lzn_dsl.lint.rule import Checked, CommentRule, ProgramRule, TreeRule
from lzn_dsl.lint.rules.comments import UNUSED
from lzn_dsl.lint.selection import rules
from lzn_dsl.lint.suppressions import Silencing, suppressions
from lzn_dsl.spec import Spec
from lzn_dsl.syntax import tree


def lint(spec: Spec, codes: Set[str]) -> tuple[Diagnostic, ...]:
    """Return the errors of a program, then the findings of the rules with these codes.

    A program with errors is only looked at by the rules about its text, one whose text has
    mistakes by none: what is not understood may be what the rest speaks of.
    """
    errors = tuple(d for d in spec.check() if d.severity is Severity.ERROR)
    own = spec.linked.units[0].loaded
    file = own.file
    if has_errors(own.found):
        return errors
    checked = None if errors else _checked(file, spec)
    made, found = suppressions(file)
    silencing = Silencing(made)
    ran = {rule.code for rule in rules().values() if not isinstance(rule, ProgramRule) or checked}
    ran &= codes
    found = [d for d in found if d.code in ran]
    found += (
        d for d in _findings(file, spec, checked, ran) if d.span is None or is_here(d.span, file)
    )
    kept = silencing.without_silenced(found)
    if UNUSED.code in ran:
        kept += silencing.unused(found, ran)
    return (*errors, *sorted(kept, key=_place))


def _findings(
    file: tree.File, spec: Spec, checked: Checked | None, ran: Set[str]
) -> Iterator[Diagnostic]:
    for code, rule in rules().items():
        if code not in ran:
            continue
        match rule:
            case TreeRule():
                yield from rule.check(file, spec.registry)
            case ProgramRule():
                assert checked is not None
                yield from rule.check(checked)
            case CommentRule():
                pass


def _checked(file: tree.File, spec: Spec) -> Checked | None:
    program = spec.program
    needs = find_needs(program, []) if program else None
    if program is None or needs is None:
        return None
    spaces = spec.linked.units[0].spaces
    imports = {name: unit.loaded.file for name, unit in spaces.items() if unit}
    return Checked(file, imports, program, needs.objectives)


def _place(finding: Diagnostic) -> tuple[int, str]:
    return (finding.span.start if finding.span else 0, finding.code)
