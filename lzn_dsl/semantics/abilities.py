"""What modalities can do, and what the words of a verb's parameter ask of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics.program import Modality

NUMBER, LATENT = "number", "latent"
VALUES = (NUMBER, LATENT)
"""Words of a parameter that stands for no modality."""
CAPABILITIES = frozenset(str(c) for c in Capability)

_LACKS = {
    Capability.ENCODABLE: "it has no encoder",
    Capability.DECODABLE: "it has no decoder",
    Capability.DISCRETE: "its samples are not one of a few classes",
    Capability.ORDERED: "its classes have no order",
}


@dataclass(frozen=True)
class Abilities:
    """What is known of a modality, or of a verb's parameter that stands for one.

    `kind` is that of a modality; None for a parameter that may be of any kind.
    """

    capabilities: frozenset[str]
    kind: str | None = None

    def has(self, word: str) -> bool:
        """Whether it has a capability, or is of a kind."""
        return word in self.capabilities if word in CAPABILITIES else word == self.kind

    def lack(self, word: str) -> str:
        """Say why it does not have a capability or is not of a kind."""
        if word in CAPABILITIES:
            return _LACKS[Capability(word)]
        return f"it is of kind `{self.kind}`" if self.kind else "it may be of any kind"


def of_modality(modality: Modality) -> Abilities:
    """Return what a modality of the program can do."""
    capabilities = frozenset(str(c) for c in modality.capabilities)
    return Abilities(capabilities, modality.component.name)


def of_words(words: Iterable[str]) -> Abilities:
    """Return what may be asked of a parameter: what it declares; all of a kind of modality."""
    stated = frozenset(words)
    kinds = sorted(stated - CAPABILITIES)
    return Abilities(CAPABILITIES if kinds else stated, kinds[0] if kinds else None)


def who_can(word: str, modalities: Mapping[str, Abilities]) -> str:
    """List the modalities that have a capability or are of a kind."""
    able = [f"`{name}`" for name, known in modalities.items() if known.has(word)]
    return f"{word}: {', '.join(able) or 'nothing in this program'}"
