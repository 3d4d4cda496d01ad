"""Types of values in a task: a sample of a modality, a latent, or features of a sample."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ValueType:
    """What a step yields; `modality` is set for samples, and for features the one they are of."""

    kind: Literal["sample", "latent", "features"]
    modality: str | None = None

    def __str__(self) -> str:
        return f"a sample of `{self.modality}`" if self.kind == "sample" else self.describe()

    def describe(self) -> str:
        """Name the kind of value in words."""
        return {"sample": "a sample", "latent": "a latent", "features": "features"}[self.kind]


LATENT = ValueType("latent")
