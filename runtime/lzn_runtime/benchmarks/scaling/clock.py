"""The clock of what is measured: time of this process, on one thread.

Others may use the machine at the same time; what they take away of caches and memory still shows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from lzn_runtime.benchmarks.latent.timing import Clock, best_of

CLOCK: Clock = "cpu"


def best(repeats: int, work: Callable[[], object]) -> float:
    """Return the shortest time of some runs, in seconds."""
    return best_of(repeats, CLOCK, work)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread, and afterwards as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
