"""Fetching batches ahead of use in other processes."""

import multiprocessing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset

from lzn_dsl.datafiles.errors import data_error
from lzn_dsl.diagnostics.diagnostic import DataError, Diagnostic
from lzn_runtime.data.dataset import Dataset


@dataclass(frozen=True)
class _Failure:
    """A DataError on its way to the main process: torch would turn the exception into text."""

    diagnostics: tuple[Diagnostic, ...]


_Fetched = dict[str, Tensor] | _Failure
"""What a worker hands back: the columns of a batch, collated already."""


class _Worker(TorchDataset[_Fetched]):
    """The data set as torch's loader calls it, in a worker."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def __getitems__(self, indices: list[int]) -> _Fetched:
        try:
            return self._dataset.__getitems__(indices)
        except DataError as error:
            return _Failure(error.diagnostics)


def fetch_in_workers(
    dataset: Dataset, batches: Iterable[list[int]], *, num_workers: int
) -> Iterator[dict[str, Tensor]]:
    """Yield the columns of each index list, in order, fetched by `num_workers` processes.

    Raises:
        DataError: Whatever the data set raised, or LZN510 where a process was ended from outside.
    """
    loader: DataLoader[Any] = DataLoader(
        _Worker(dataset),
        batch_sampler=batches,
        num_workers=num_workers,
        collate_fn=_unchanged,
        multiprocessing_context=_start_method(),
        # The loader draws a seed for its workers, which would otherwise come from the global state.
        generator=torch.Generator(),
    )
    fetched: _Fetched
    try:
        for fetched in loader:
            if isinstance(fetched, _Failure):
                raise DataError(fetched.diagnostics)
            yield fetched
    except RuntimeError as error:
        if "exited unexpectedly" not in str(error):
            raise
        raise data_error("LZN510", f"a process that fetches data ended early: {error}") from error


def _start_method() -> BaseContext:
    """Return how processes are started: never as a copy of this one, whose locks may be held."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", __name__])  # imported once for all of them
    return context


def _unchanged(fetched: Any) -> Any:
    return fetched
