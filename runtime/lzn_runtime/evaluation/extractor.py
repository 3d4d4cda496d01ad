"""What an extractor is: a network that judges pictures and has no part in the judged model.

Dimensions: b pictures, c classes, f features, s spatial features.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, UInt8
from pydantic import JsonValue
from torch import Tensor

from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.labels import LabelColumn


class Lessons(NamedTuple):
    """What an extractor is made from: `fit(settings, lessons)` returns it."""

    data: str  # the dataset's name in the program
    dataset: Dataset
    image: str  # the column of pictures
    labels: LabelColumn | None  # what it may learn from
    seed: int
    device: torch.device
    folder: Path = Path()  # what paths in its settings are relative to


class Judgement(NamedTuple):
    """What an extractor sees in pictures, as far as it gives it; on the CPU.

    Spatial features are those of an earlier layer, which still say where something is.
    """

    features: Float[Tensor, "b f"]
    log_probs: Float[Tensor, "b c"] | None = None
    spatial: Float[Tensor, "b s"] | None = None

    def first(self, count: int) -> "Judgement":
        """Return the judgement of the first pictures."""
        log_probs = None if self.log_probs is None else self.log_probs[:count]
        spatial = None if self.spatial is None else self.spatial[:count]
        return Judgement(self.features[:count], log_probs, spatial)


@runtime_checkable
class Extractor(Protocol):
    """Turns pictures into features, and may say which class it takes them for."""

    @property
    def image(self) -> str:
        """The column of pictures that it was made for."""

    @property
    def label(self) -> str | None:
        """The column of classes that it learned; None where its classes are of other data."""

    @property
    def identity(self) -> dict[str, JsonValue]:
        """What it is: name, settings, `sha256` of its weights, what it was trained on."""

    def judge(self, images: UInt8[Tensor, "b channels h w"]) -> Judgement:
        """Return what it sees; row i depends on picture i alone."""


def join(parts: Sequence[Judgement]) -> Judgement:
    """Return the judgement of all pictures from those of at least one batch."""
    log_probs = [part.log_probs for part in parts if part.log_probs is not None]
    spatial = [part.spatial for part in parts if part.spatial is not None]
    return Judgement(
        torch.cat([part.features for part in parts]),
        torch.cat(log_probs) if log_probs else None,
        torch.cat(spatial) if spatial else None,
    )


def some_channels(maps: Float[Tensor, "b d h w"], *, most: int) -> Float[Tensor, "b s"]:
    """Return the maps of the first channels, as many as have `most` numbers or fewer, or one.

    All places of few channels, as sFID takes them, rather than few places of all.
    """
    channels = max(1, most // maps[0, 0].numel())
    return maps[:, :channels].flatten(1)


def held_out_accuracy(
    extractor: Extractor, data: str, dataset: Dataset, *, seen: str
) -> dict[str, JsonValue]:
    """Return an extractor's own accuracy on a dataset, with the dataset's name and size.

    `seen` names the data it was trained on; `held_out` in the answer is false where that is the
    same. Without labels that it knows there is only that name.
    """
    found: dict[str, JsonValue] = {"data": data, "held_out": data != seen}
    if extractor.label is None or dataset.labels(extractor.label) is None:
        return found
    right = 0
    for rows in torch.split(torch.arange(len(dataset)), 1000):
        columns = dataset.__getitems__(rows.tolist())
        log_probs = extractor.judge(columns[extractor.image]).log_probs
        assert log_probs is not None  # it has learned these labels
        right += int((log_probs.argmax(1) == columns[extractor.label]).sum())
    return {**found, "value": right / len(dataset), "count": len(dataset)}
