"""What a dataset is to the runtime, and the one that lies in memory."""

import hashlib
from functools import cached_property
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Int
from torch import Tensor


@runtime_checkable
class Dataset(Protocol):
    """Samples by number, a batch at a time."""

    @property
    def fingerprint(self) -> str:
        """Hash of the content (files on disk: of names and sizes); differs where the data does."""

    def __len__(self) -> int: ...

    def __getitems__(self, indices: list[int]) -> dict[str, Tensor]:
        """Return the columns of the samples, in the order of `indices`.

        Images are uint8 (b, c, h, w), labels int64 (b,).
        """

    def labels(self, column: str) -> Int[Tensor, " n"] | None:
        """Return all labels of a label column, without decoding images; None for other columns."""


class InMemoryDataset:
    """Columns as tensors whose first dimension counts the samples; int64 (n,) columns are labels.

    Raises ValueError unless the columns have one length.
    """

    def __init__(self, columns: dict[str, Tensor]) -> None:
        lengths = {name: len(column) for name, column in columns.items()}
        if len(set(lengths.values())) != 1:
            raise ValueError(f"columns must have one length, got {lengths}")
        self._columns = dict(columns)
        self._length = next(iter(lengths.values()))

    def __len__(self) -> int:
        return self._length

    def __getitems__(self, indices: list[int]) -> dict[str, Tensor]:
        """Return the columns of the samples, in the order of `indices`."""
        rows = torch.tensor(indices, dtype=torch.int64)
        return {name: column.index_select(0, rows) for name, column in self._columns.items()}

    def labels(self, column: str) -> Int[Tensor, " n"] | None:
        """Return a label column, or None."""
        values = self._columns.get(column)
        return values if values is not None and values.ndim == 1 else None

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the columns' names, shapes and values."""
        digest = hashlib.blake2b(digest_size=16)
        for name, column in sorted(self._columns.items()):
            digest.update(repr((name, str(column.dtype), tuple(column.shape))).encode())
            digest.update(column.contiguous().numpy().data)
        return digest.hexdigest()
