"""What a rule of the linter is: a value that pairs a code with a function.

What a rule means, and why it is one, is written under its code in `lzn_dsl.diagnostics.codes`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.graph.passes.objectives import Objectives
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.program import Program
from lzn_dsl.syntax import tree


@dataclass(frozen=True)
class Checked:
    """A program without errors.

    Attributes:
        file: The syntax tree of its own file.
        imports: The trees of the files that it imports, by namespace.
        program: What all of them come to.
        objectives: What is to be learned.
    """

    file: tree.File
    imports: Mapping[str, tree.File]
    program: Program
    objectives: Objectives


@dataclass(frozen=True)
class TreeRule:
    """A rule about the text itself, which also looks at programs with errors.

    Attributes:
        code: `LZNW101`.
        check: Yields the findings, all of this code.
        pedantic: Whether the rule is off unless it is selected.
    """

    code: str
    check: Callable[[tree.File, Registry], Iterable[Diagnostic]]
    pedantic: bool = False


@dataclass(frozen=True)
class ProgramRule:
    """A rule about what a program means, for programs without errors; see `TreeRule`."""

    code: str
    check: Callable[[Checked], Iterable[Diagnostic]]
    pedantic: bool = False


@dataclass(frozen=True)
class CommentRule:
    """A rule about the comments that silence others; `lzn_dsl.lint.suppressions` looks after it."""

    code: str
    pedantic: bool = False


Rule = TreeRule | ProgramRule | CommentRule


def title_of(rule: Rule) -> str:
    """Return what a rule finds, in a few words."""
    return CODES[rule.code].title


def by_code(*families: Iterable[Rule]) -> Mapping[str, Rule]:
    """Return the rules of some families by their codes; ValueError where two have one."""
    table: dict[str, Rule] = {}
    for rule in (rule for family in families for rule in family):
        if rule.code in table:
            raise ValueError(f"two rules have the code {rule.code}")
        table[rule.code] = rule
    return dict(sorted(table.items()))
