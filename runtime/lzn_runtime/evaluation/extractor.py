"""What an extractor is: a network that judges pictures and has no part in the judged model.

Dimensions: b pictures, c classes, f features.
"""

from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, UInt8
from pydantic import JsonValue
from torch import Tensor

from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.labels import LabelColumn


class Lessons(NamedTuple):
    """What an extractor may learn from: `fit(settings, lessons)` returns it trained."""

    data: str  # the dataset's name in the program
    dataset: Dataset
    image: str  # the column of pictures
    labels: LabelColumn
    seed: int
    device: torch.device


class Judgement(NamedTuple):
    """What an extractor sees in pictures; on the CPU."""

    features: Float[Tensor, "b f"]
    log_probs: Float[Tensor, "b c"]


@runtime_checkable
class Extractor(Protocol):
    """Turns pictures into features, and says which class it takes them for."""

    @property
    def image(self) -> str:
        """The column of pictures that it was made for."""

    @property
    def label(self) -> str:
        """The column of classes that it learned."""

    @property
    def identity(self) -> dict[str, JsonValue]:
        """What it is: name, settings, `sha256` of its weights, what it was trained on."""

    def judge(self, images: UInt8[Tensor, "b channels h w"]) -> Judgement:
        """Return features and log-probabilities; row i depends on picture i alone."""


def held_out_accuracy(
    extractor: Extractor, data: str, dataset: Dataset, *, seen: str
) -> dict[str, JsonValue]:
    """Return an extractor's own accuracy on a dataset, with the dataset's name and size.

    `seen` names the data it was trained on; `held_out` in the answer is false where that is the
    same. Without labels there is only that name.
    """
    found: dict[str, JsonValue] = {"data": data, "held_out": data != seen}
    if dataset.labels(extractor.label) is None:
        return found
    right = 0
    for rows in torch.split(torch.arange(len(dataset)), 1000):
        columns = dataset.__getitems__(rows.tolist())
        guess = extractor.judge(columns[extractor.image]).log_probs.argmax(1)
        right += int((guess == columns[extractor.label]).sum())
    return {**found, "value": right / len(dataset), "count": len(dataset)}
