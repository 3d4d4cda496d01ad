"""Verbs: the table of those defined, and the choice of one for a phrase."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.registry.entry import Capability
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.elaborate import elaborate
from lzn_dsl.semantics.program import Modality
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse

_LACKS = {
    Capability.ENCODABLE: "it has no encoder",
    Capability.DECODABLE: "it has no decoder",
    Capability.DISCRETE: "its samples are not one of a few classes",
}


@cache
def prelude() -> tuple[tree.Verb, ...]:
    """Return the built-in verbs, which are written in the language itself."""
    path = Path(__file__).with_name("prelude.lzn")
    file, found = parse(Source("prelude.lzn", path.read_text(encoding="utf-8")))
    assert not found, found
    return tuple(s for s in file.statements if isinstance(s, tree.Verb))


def form(verb: tree.Verb) -> str:
    """Show how a verb is used: `generate target from source`."""
    words = [verb.name.text]
    for parameter in verb.parameters:
        words += [parameter.preposition.text] if parameter.preposition else []
        words.append(parameter.name.text)
    return " ".join(words)


@dataclass(frozen=True)
class Choice:
    """A verb chosen for a phrase, with the modality of each parameter."""

    verb: tree.Verb
    bindings: Mapping[str, str]


class VerbTable:
    """The verbs that a program may use: those of the prelude, then its own."""

    def __init__(self, verbs: Iterable[tree.Verb], registry: Registry) -> None:
        self._registry = registry
        self._verbs: dict[str, list[tree.Verb]] = {}
        self._broken: set[tree.Verb] = set()
        for verb in verbs:
            self._verbs.setdefault(verb.name.text, []).append(verb)

    def is_broken(self, verb: tree.Verb) -> bool:
        """Whether the verb's own definition has an error, which is then reported already."""
        return verb in self._broken

    @property
    def names(self) -> list[str]:
        """Names of the verbs, sorted."""
        return sorted(self._verbs)

    def define(self, verb: tree.Verb, found: list[Diagnostic]) -> None:
        """Check a verb's definition by itself and add it; findings are added to `found`."""
        capabilities = {p.name.text: self._declared(p, found) for p in verb.parameters}
        found.extend(
            Diagnostic(
                "LZN205",
                f"`{form(verb)}` is defined already",
                verb.name.span,
                notes=(f"first defined at {earlier.name.span}",),
            )
            for earlier in self._verbs.get(verb.name.text, [])
            if _signature(earlier) == _signature(verb)
        )
        itself = {p.name.text: p.name.text for p in verb.parameters}
        steps = elaborate(verb, itself, lambda name: capabilities.get(name, frozenset()), found)
        if steps is None:
            self._broken.add(verb)
        self._verbs.setdefault(verb.name.text, []).append(verb)

    def choose(
        self, phrase: tree.Apply, modalities: Mapping[str, Modality], found: list[Diagnostic]
    ) -> Choice | None:
        """Choose the verb of a phrase by its prepositions and capabilities; None with findings."""
        candidates = self._verbs.get(phrase.head.text, [])
        if not candidates:
            found.append(
                Diagnostic(
                    "LZN203",
                    f"unknown verb `{phrase.head.text}`",
                    phrase.head.span,
                    notes=(f"verbs: {', '.join(f'`{n}`' for n in self.names)}",),
                    hint=suggest(phrase.head.text, self.names),
                )
            )
            return None
        if not self._operands_known(phrase, modalities, found):
            return None
        given = sorted(c.preposition.text for c in phrase.complements)
        fitting = [v for v in candidates if _prepositions(v) == given]
        if not fitting:
            forms = [f"`{form(v)}`" for v in candidates]
            found.append(
                Diagnostic(
                    "LZN306",
                    f"`{phrase.head.text}` is not used in this form",
                    phrase.span,
                    notes=(f"its forms: {', '.join(forms)}",),
                )
            )
            return None
        problems: list[Diagnostic] = []
        for verb in fitting:
            bindings, lacking = self._bind(verb, phrase, modalities)
            if not lacking:
                return Choice(verb, bindings)
            problems = problems or lacking
        found.extend(problems)
        return None

    def _operands_known(
        self, phrase: tree.Apply, modalities: Mapping[str, Modality], found: list[Diagnostic]
    ) -> bool:
        operands = operand_names(phrase) or ()
        unknown = [o for o in operands if o.text not in modalities]
        found.extend(unknown_modality(o, modalities) for o in unknown)
        return not unknown

    def _bind(
        self, verb: tree.Verb, phrase: tree.Apply, modalities: Mapping[str, Modality]
    ) -> tuple[dict[str, str], list[Diagnostic]]:
        first, *rest = operand_names(phrase) or ()
        by_preposition = {
            c.preposition.text: o for c, o in zip(phrase.complements, rest, strict=True)
        }
        bindings: dict[str, str] = {}
        lacking: list[Diagnostic] = []
        for parameter in verb.parameters:
            preposition = parameter.preposition
            operand = by_preposition[preposition.text] if preposition else first
            bindings[parameter.name.text] = operand.text
            modality = modalities[operand.text]
            for word in parameter.capabilities:
                problem = self._lacks(modality, word.text)
                if problem:
                    lacking.append(
                        Diagnostic(
                            "LZN301",
                            f"`{verb.name.text}` needs something {word.text} here, "
                            f"and `{operand.text}` is not",
                            operand.span,
                            label=problem,
                            notes=(_who_can(word.text, modalities),),
                        )
                    )
        return bindings, lacking

    def _lacks(self, modality: Modality, word: str) -> str:
        if self._registry.find("modality", word):
            kind = modality.component.name
            return "" if kind == word else f"it is of kind `{kind}`"
        if word not in {str(c) for c in Capability}:
            return ""  # reported where the verb is defined
        capability = Capability(word)
        return "" if capability in modality.capabilities else _LACKS[capability]

    def _declared(
        self, parameter: tree.Parameter, found: list[Diagnostic]
    ) -> frozenset[Capability]:
        known = {str(c) for c in Capability}
        words: set[Capability] = set()
        for word in parameter.capabilities:
            if word.text in known:
                words.add(Capability(word.text))
            elif self._registry.find("modality", word.text):
                words |= set(Capability)
            else:
                choices = [*sorted(known), *self._registry.names("modality")]
                found.append(
                    Diagnostic(
                        "LZN211",
                        f"unknown capability `{word.text}`",
                        word.span,
                        notes=(f"capabilities: {', '.join(f'`{c}`' for c in choices)}",),
                        hint=suggest(word.text, choices),
                    )
                )
                words |= set(Capability)
        return frozenset(words)


def operand_names(phrase: tree.Apply) -> tuple[tree.Name, ...] | None:
    """Return the names a phrase is about, its operand first; None where one is no name."""
    operands = (*phrase.operands, *(c.operand for c in phrase.complements))
    if len(phrase.operands) != 1 or not all(isinstance(o, tree.Reference) for o in operands):
        return None
    return tuple(o.name for o in operands if isinstance(o, tree.Reference))


def unknown_modality(name: tree.Name, modalities: Mapping[str, Modality]) -> Diagnostic:
    """Say that no dataset has a column of that name."""
    return Diagnostic(
        "LZN201",
        f"unknown modality `{name.text}`",
        name.span,
        label="no dataset has such a column",
        notes=(f"modalities: {', '.join(f'`{m}`' for m in modalities) or 'none'}",),
        hint=suggest(name.text, modalities),
    )


def _prepositions(verb: tree.Verb) -> list[str]:
    return sorted(p.preposition.text for p in verb.parameters if p.preposition)


def _who_can(word: str, modalities: Mapping[str, Modality]) -> str:
    able = [
        f"`{m.name}`"
        for m in modalities.values()
        if word in {str(c) for c in m.capabilities} or m.component.name == word
    ]
    return f"{word}: {', '.join(able) or 'nothing in this program'}"


def _signature(verb: tree.Verb) -> list[tuple[str, list[str]]]:
    return sorted(
        (p.preposition.text if p.preposition else "", sorted(c.text for c in p.capabilities))
        for p in verb.parameters
    )
