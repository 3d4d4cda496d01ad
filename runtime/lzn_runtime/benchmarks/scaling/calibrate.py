"""Fits the two counts of passes that no data sheet tells to the measured parts of one program."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lzn_runtime.benchmarks.scaling.hardware import Assumptions, Processor
from lzn_runtime.benchmarks.scaling.parts import Part
from lzn_runtime.benchmarks.scaling.step_time import flow_time, network_time
from lzn_runtime.benchmarks.scaling.workload import LatentFlow, Network, Workload


def predictions(work: Workload, processor: Processor, assumed: Assumptions) -> dict[str, float]:
    """Return the seconds of each network and flow of a step on one rank."""
    networks = {n.id: network_time(n, n.samples, processor, assumed) for n in work.networks}
    flows = {
        f.id: flow_time(f, f.points, work, processor, assumed, form="attention") for f in work.flows
    }
    return networks | flows


def calibrated(
    work: Workload, measured: Iterable[Part], processor: Processor, assumed: Assumptions
) -> Assumptions:
    """Return the assumptions with which the sums over networks and over flows are as measured.

    Touches of networks, and those of strips by one factor; they are at least 0.
    """
    seconds = {part.name: part.seconds for part in measured}

    def factor(parts: Sequence[Network | LatentFlow]) -> float:
        none, all_ = (
            _sums(parts, predictions(work, processor, _scaled(assumed, k, k))) for k in (0, 1)
        )
        return max((_sums(parts, seconds) - none) / (all_ - none), 0.0)

    return _scaled(assumed, factor(work.networks), factor(work.flows))


def _scaled(assumed: Assumptions, networks: float, strips: float) -> Assumptions:
    once, in_each = assumed.strip_touches
    return replace(
        assumed,
        touches=networks * assumed.touches,
        strip_touches=(strips * once, strips * in_each),
    )


def _sums(parts: Iterable[Network | LatentFlow], seconds: Mapping[str, float]) -> float:
    return sum(seconds[part.id] for part in parts)
