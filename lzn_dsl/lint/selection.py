"""Which rules run: all but the pedantic ones, unless codes are selected or ignored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.lint.rule import Rule, by_code

PEDANTIC = "pedantic"
ALL = "all"


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its code, in order."""
    from lzn_dsl.lint.rules import (
        comments,
        hidden,
        judging,
        sizes,
        tasks,
        training,
        unused,
        wording,
    )

    families = (comments, unused, hidden, tasks, sizes, judging, training, wording)
    return by_code(*(family.RULES for family in families))


@dataclass(frozen=True)
class Selection:
    """What `--select` and `--ignore`, or the settings of a project, say.

    A word is a code, the first characters of codes (`LZNW3`), `pedantic` or `all`.

    Attributes:
        select: Only these; none for all that are not pedantic.
        extend: These as well.
        ignore: Not these.
    """

    select: Sequence[str] = ()
    extend: Sequence[str] = ()
    ignore: Sequence[str] = ()

    def narrowed(
        self, *, select: Sequence[str], ignore: Sequence[str], pedantic: bool
    ) -> "Selection":
        """Return the selection with what the command line says laid over it."""
        extend = (*(() if select else self.extend), *([PEDANTIC] if pedantic else []))
        return Selection(select or self.select, extend, (*self.ignore, *ignore))

    def codes(self) -> frozenset[str]:
        """Return the codes of the rules that run; SpecError for a word that means none."""
        usual = {code for code, rule in rules().items() if not rule.pedantic}
        chosen = codes_of(self.select) if self.select else usual
        return frozenset((chosen | codes_of(self.extend)) - codes_of(self.ignore))


def codes_of(words: Iterable[str]) -> set[str]:
    """Return the codes that some words stand for; SpecError for a word that stands for none."""
    codes: set[str] = set()
    found: list[Diagnostic] = []
    for word in words:
        matching = _matching(word)
        codes |= matching
        if not matching:
            known = [*rules(), PEDANTIC, ALL]
            hint = suggest(word.upper(), known) or "`lzn explain` lists all codes"
            summary = f"no rule of the linter has the code `{word}`"
            found.append(Diagnostic("LZN902", summary, hint=hint))
    if found:
        raise SpecError(found)
    return codes


def _matching(word: str) -> set[str]:
    table = rules()
    if word.lower() == ALL:
        return set(table)
    if word.lower() == PEDANTIC:
        return {code for code, rule in table.items() if rule.pedantic}
    if not word.upper().startswith("LZNW"):
        return set()
    return {code for code in table if code.startswith(word.upper())}
