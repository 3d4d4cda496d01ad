"""Types of values in a task: a sample of a modality, a latent, an anchor, features and so on."""

from dataclasses import dataclass
from typing import Literal, get_args

ValueKind = Literal["sample", "latent", "anchor", "features", "score", "ranking"]
KINDS: tuple[ValueKind, ...] = get_args(ValueKind)

_WORDS: dict[ValueKind, str] = {
    "sample": "a sample",
    "latent": "a latent",
    "anchor": "an anchor",
    "features": "features",
    "score": "a score",
    "ranking": "a ranking",
}


@dataclass(frozen=True)
class ValueType:
    """What a step yields.

    `modality` is set for samples, for anchors and features the one they are of, for rankings the
    one ranked.
    """

    kind: ValueKind
    modality: str | None = None

    def __str__(self) -> str:
        if self.kind in ("sample", "ranking") and self.modality:
            return f"{self.describe()} of `{self.modality}`"
        return self.describe()

    def describe(self) -> str:
        """Name the kind of value in words."""
        return _WORDS[self.kind]

    def fits(self, promised: "ValueType") -> bool:
        """Whether a value of this type may stand where the promised one is wanted."""
        if self.kind != promised.kind:
            return False
        return self.kind != "sample" or self.modality == promised.modality


LATENT = ValueType("latent")


def result_type(kind: ValueKind, modality: str | None) -> ValueType:
    """Return the type of that kind; a latent and a score are of no modality."""
    return ValueType(kind, None if kind in ("latent", "score") else modality)
