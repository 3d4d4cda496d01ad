"""Where one part of a step overtakes another: batch sizes and numbers of ranks."""

from collections.abc import Callable
from dataclasses import replace

from lzn_runtime.benchmarks.scaling.hardware import Assumptions, Cluster, Processor
from lzn_runtime.benchmarks.scaling.step_memory import slices_that_fit
from lzn_runtime.benchmarks.scaling.step_time import step_time
from lzn_runtime.benchmarks.scaling.workload import Form, Workload

LARGEST = 1 << 24
"""Batches that are looked at, at most."""


def batch_where_latents_overtake(
    work: Workload, cluster: Cluster, *, assumed: Assumptions, form: Form
) -> int | None:
    """Return the least batch from 64 whose flows take longer than its networks, on one rank.

    Both are shared out alike among ranks, so that it holds for any number. Launches are left out:
    they are of small batches alone. None where there is none up to `LARGEST`.
    """
    busy = replace(assumed, launch=0.0)

    def overtaken(batch: int) -> bool:
        time = step_time(work.at_batch(batch), cluster, 1, assumed=busy, form=form)
        return time.latents > time.networks

    return _least(overtaken)


def largest_batch(
    work: Workload, processor: Processor, ranks: int, *, assumed: Assumptions, form: Form
) -> int:
    """Return the largest batch whose flows fit beside state and one sample, up to `LARGEST`."""

    def too_large(batch: int) -> bool:
        slices = slices_that_fit(work.at_batch(batch), processor, ranks, assumed=assumed, form=form)
        return slices is None

    least = _least(too_large)
    return LARGEST if least is None else least - 1


def ranks_where_gather_counts(
    work: Workload, cluster: Cluster, *, assumed: Assumptions, share: float, most: int = 1024
) -> int | None:
    """Return the least power of two of ranks at which gathering anchors takes `share` of a step.

    None where it is less up to `most` ranks.
    """
    ranks = 2
    while ranks <= min(most, work.batch):
        time = step_time(work, cluster, ranks, assumed=assumed)
        if time.gather >= share * time.total:
            return ranks
        ranks *= 2
    return None


def _least(holds: Callable[[int], bool]) -> int | None:
    """Return the least batch from 64 for which `holds`, which stays true from there on."""
    low, high = 63, 64
    while not holds(high):
        low, high = high, 2 * high
        if high > LARGEST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
