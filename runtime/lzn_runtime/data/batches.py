"""Which samples a step sees, and the loader that fetches them.

    epoch e is a permutation of the n samples that (seed, e) decides;
    the epochs lie end to end, and step s takes the places s b to (s + 1) b - 1

So every batch is full, a batch may span two epochs (and then hold a sample twice), and a step is
found without going through the ones before it.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import torch
from jaxtyping import Int
from torch import Tensor

from lzn_dsl.datafiles.errors import data_error
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.data.workers import fetch_in_workers
from lzn_runtime.randomness import key, permutation


class BatchOrder:
    """The samples of each step: a pure function of the arguments.

    Raises DataError LZN509 where the data set is smaller than a batch, ValueError for a batch
    below 1.
    """

    def __init__(self, seed: int, batch: int, num_samples: int) -> None:
        if batch < 1:
            raise ValueError(f"batch must be 1 or more, got {batch}")
        if num_samples < batch:
            raise data_error(
                "LZN509",
                f"the data has {num_samples} samples, fewer than a batch of {batch}",
                hint=f"set `batch` to at most {num_samples}" if num_samples else "",
            )
        self._batch = batch
        self._num_samples = num_samples
        self._epoch = lru_cache(maxsize=2)(
            lambda epoch: permutation(key(seed, "epoch", epoch), num_samples)
        )

    def indices(self, step: int) -> Int[Tensor, " b"]:
        """Return the samples of a step, counted from 0. Raises ValueError for a negative step."""
        if step < 0:
            raise ValueError(f"step must be 0 or more, got {step}")
        epoch, place = divmod(step * self._batch, self._num_samples)
        first = self._epoch(epoch)[place : place + self._batch]
        if len(first) == self._batch:
            return first
        return torch.cat((first, self._epoch(epoch + 1)[: self._batch - len(first)]))


def batch_indices(seed: int, step: int, batch: int, num_samples: int) -> list[int]:
    """Return the samples of one step; see `BatchOrder`, which is the faster one for many steps."""
    return BatchOrder(seed, batch, num_samples).indices(step).tolist()


class Batch(NamedTuple):
    """What a step sees: sample i of the columns is number `indices[i]` of the data set."""

    step: int
    indices: Int[Tensor, " b"]
    columns: dict[str, Tensor]


class BatchLoader:
    """Fetches the batches of the steps from `start_step` up to, not including, `stop_step`.

    The result does not depend on `num_workers`: processes that fetch ahead; 0 fetches in this
    process, which is best for data in memory. Iterating starts afresh each time.

    Raises DataError as `BatchOrder` when made, and what the data set raises when iterated.
    """

    def __init__(
        self,
        dataset: Dataset,
        *,
        seed: int,
        batch: int,
        start_step: int = 0,
        stop_step: int,
        num_workers: int = 0,
    ) -> None:
        self._dataset = dataset
        self._order = BatchOrder(seed, batch, len(dataset))
        self._steps = range(start_step, stop_step)
        self._num_workers = num_workers

    def __len__(self) -> int:
        return len(self._steps)

    def __iter__(self) -> Iterator[Batch]:
        if self._num_workers == 0:
            for step in self._steps:
                indices = self._order.indices(step)
                yield Batch(step, indices, self._dataset.__getitems__(indices.tolist()))
            return
        batches = _IndexBatches(self._order, self._steps)
        fetched = fetch_in_workers(self._dataset, batches, num_workers=self._num_workers)
        for step, columns in zip(self._steps, fetched, strict=True):
            yield Batch(step, self._order.indices(step), columns)


class _IndexBatches:
    """The index lists of some steps, as a batch sampler."""

    def __init__(self, order: BatchOrder, steps: range) -> None:
        self._order = order
        self._steps = steps

    def __iter__(self) -> Iterator[list[int]]:
        for step in self._steps:
            yield self._order.indices(step).tolist()
