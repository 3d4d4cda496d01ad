"""Verbs: the built-in ones, the forms in which a verb is used, and the table of those defined."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.semantics.abilities import CAPABILITIES, VALUES
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse


@cache
def prelude() -> tuple[tree.Verb, ...]:
    """Return the built-in verbs, which are written in the language itself."""
    path = Path(__file__).with_name("prelude.lzn")
    file, found = parse(Source("prelude.lzn", path.read_text(encoding="utf-8")))
    assert not found, found
    return tuple(s for s in file.statements if isinstance(s, tree.Verb))


def form(verb: tree.Verb) -> str:
    """Show how a verb is used: `generate target from source`, with what may be left out."""
    words = [verb.name.text]
    for parameter in verb.parameters:
        name = parameter.name.text
        shown = f"{parameter.preposition.text} {name}" if parameter.preposition else name
        words.append(f"[{shown}]" if parameter.default else shown)
    return " ".join(words)


def types(verb: tree.Verb) -> str:
    """Show what a verb takes and yields: `target: decodable, source: encodable -> target`."""
    operands = []
    for parameter in verb.parameters:
        words = " ".join(word.text for word in parameter.capabilities)
        default = f" = {parameter.default.span.text}" if parameter.default else ""
        operands.append(f"{parameter.name.text}: {words or 'anything'}{default}")
    return f"{', '.join(operands)} -> {verb.result.text}"


def help_of(verb: tree.Verb) -> str:
    """Return the comment that stands right above a verb's definition, in one line."""
    lines: list[str] = []
    for line in reversed(verb.span.source.text[: verb.span.start].splitlines()):
        if not line.startswith("#"):
            break
        lines.insert(0, line.lstrip("#").strip())
    return " ".join(lines)


def stands_for_modality(parameter: tree.Parameter) -> bool:
    """Whether a parameter is a modality or a sample, not a number or a latent."""
    return not any(word.text in VALUES for word in parameter.capabilities)


class VerbTable:
    """The verbs that a program may use: those of the prelude, then its own, in any order.

    Args:
        verbs: The verbs.
    """

    def __init__(self, verbs: Iterable[tree.Verb]) -> None:
        self._verbs: dict[str, list[tree.Verb]] = {}
        self._broken: set[int] = set()
        for verb in verbs:
            self._verbs.setdefault(verb.name.text, []).append(verb)

    @property
    def names(self) -> list[str]:
        """Names of the verbs, sorted."""
        return sorted(self._verbs)

    def named(self, name: str) -> tuple[tree.Verb, ...]:
        """Return the verbs of a name, in the order of their definition."""
        return tuple(self._verbs.get(name, ()))

    def with_verbs(self, verbs: Iterable[tree.Verb]) -> "VerbTable":
        """Return a table with these verbs in place of those of the same form."""
        stated = tuple(verbs)
        replaced = {form_of_operands(verb) for verb in stated}
        kept = (verb for verb in self if form_of_operands(verb) not in replaced)
        table = VerbTable((*kept, *stated))
        table._broken = self._broken
        return table

    def is_broken(self, verb: tree.Verb) -> bool:
        """Whether the verb's own definition has an error, which is then reported already."""
        return id(verb) in self._broken

    def mark_broken(self, verb: tree.Verb) -> None:
        """Note that a verb's definition has an error."""
        self._broken.add(id(verb))

    def __iter__(self) -> Iterator[tree.Verb]:
        return (verb for verbs in self._verbs.values() for verb in verbs)


def form_of_operands(verb: tree.Verb) -> tuple[object, ...]:
    """Return what tells a verb from others of its name: prepositions and capabilities."""
    operands = sorted(
        (p.preposition.text if p.preposition else "", sorted(c.text for c in p.capabilities))
        for p in verb.parameters
    )
    return verb.name.text, str(operands)


def operand_names(phrase: tree.Apply) -> tuple[tree.Name, ...] | None:
    """Return the names a phrase is about, its operand first; None where one is no name."""
    operands = (*phrase.operands, *(c.operand for c in phrase.complements))
    if len(phrase.operands) != 1 or not all(isinstance(o, tree.Reference) for o in operands):
        return None
    return tuple(o.name for o in operands if isinstance(o, tree.Reference))


def unknown_modality(
    name: tree.Name, modalities: Iterable[str], others: Mapping[str, Iterable[str]] | None = None
) -> Diagnostic:
    """Say that no dataset has a column of that name; `others` are what else it could have been."""
    known = list(modalities)
    more = {what: list(names) for what, names in (others or {}).items()}
    return Diagnostic(
        "LZN201",
        f"unknown modality `{name.text}`",
        name.span,
        label="no dataset has such a column",
        notes=(
            f"modalities: {listed(known) or 'none'}",
            *(f"{what}: {listed(names)}" for what, names in more.items() if names),
        ),
        hint=suggest(name.text, [*known, *(n for names in more.values() for n in names)]),
    )


def listed(names: Iterable[str], most: int = 20) -> str:
    """List names in code marks, the first of many."""
    known = list(names)
    shown = [f"`{name}`" for name in known[:most]]
    return ", ".join([*shown, "..."] if len(known) > most else shown)


def specificity(verb: tree.Verb) -> int:
    """Return how much a verb asks of its operands: a kind of modality more than capabilities."""
    words = [word.text for parameter in verb.parameters for word in parameter.capabilities]
    kinds = sum(word not in CAPABILITIES and word not in VALUES for word in words)
    return 10 * kinds + len(words) - kinds
