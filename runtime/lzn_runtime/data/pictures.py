"""Pictures that are decoded a batch at a time, wherever their bytes are."""

from typing import Protocol

import torch
from jaxtyping import Int, UInt8
from torch import Tensor

from lzn_dsl.datafiles.errors import data_error
from lzn_dsl.registry.builtin.picture_datasets import PictureSettings
from lzn_runtime.data.image_file import UnreadableImageError

MAX_BAD = 0.05
"""Share of the pictures that `on_error: skip` may replace; one is always allowed."""


class PictureSource(Protocol):
    """Pictures by number, not decoded yet."""

    @property
    def fingerprint(self) -> str:
        """Hash of names and sizes."""

    def __len__(self) -> int: ...

    def name(self, index: int) -> str:
        """Return what messages call a picture: its path or its key, on one line, in backquotes."""

    def read(self, index: int, settings: PictureSettings) -> UInt8[Tensor, "c s s"]:
        """Decode a picture.

        Raises UnreadableImageError for one that cannot be, DataError for one that is gone.
        """


class Pictures:
    """The column `image` of a source, and `label` where its pictures have labels.

    With `on_error: skip`, a picture that cannot be read is replaced, label and all, by the next
    one that can (the first comes after the last).
    """

    def __init__(
        self, source: PictureSource, settings: PictureSettings, labels: Int[Tensor, " n"] | None
    ) -> None:
        self._source = source
        self._settings = settings
        self._labels = labels
        self._bad: set[int] = set()

    def __len__(self) -> int:
        return len(self._source)

    def __getitems__(self, indices: list[int]) -> dict[str, Tensor]:
        """Return the columns of the samples, in the order of `indices`.

        Raises:
            DataError: LZN507, a picture cannot be read; LZN508, too many cannot be.
        """
        found = [self._read_near(wanted) for wanted in indices]
        columns = {"image": torch.stack([image for _, image in found])}
        if self._labels is not None:
            columns["label"] = self._labels[torch.tensor([index for index, _ in found])]
        return columns

    def labels(self, column: str) -> Int[Tensor, " n"] | None:
        """Return the labels, by names alone."""
        return self._labels if column == "label" else None

    @property
    def fingerprint(self) -> str:
        """Hash of the names and sizes of the pictures."""
        return self._source.fingerprint

    def _read_near(self, wanted: int) -> tuple[int, UInt8[Tensor, "c s s"]]:
        """Read a sample or, with `skip`, the next good one; return its number and picture."""
        for index in (*range(wanted, len(self)), *range(wanted)):
            try:
                if index not in self._bad:
                    return index, self._source.read(index, self._settings)
            except UnreadableImageError as error:
                self._note_bad(index, error)
        raise AssertionError("the limit on bad pictures is below their number")

    def _note_bad(self, index: int, error: UnreadableImageError) -> None:
        name = self._source.name(index)
        if self._settings.on_error == "error":
            hint = "`on_error: skip` puts the next picture in its place"
            raise data_error("LZN507", f"the picture {name} {error}", hint=hint) from error
        self._bad.add(index)
        allowed = max(1, int(MAX_BAD * len(self)))
        if len(self._bad) > allowed or len(self._bad) == len(self):
            count = f"{len(self._bad)} of {len(self)} pictures cannot be read"
            raise data_error(
                "LZN508", f"{count}, {allowed} may be replaced; the last, {name}, {error}"
            ) from error
