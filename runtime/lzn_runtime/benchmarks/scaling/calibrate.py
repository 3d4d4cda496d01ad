"""Fits the two counts of passes that no data sheet tells to the measured parts of one program."""

from collections.abc import Iterable, Mapping
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

    Both terms are linear in the touches, which may come out as a fraction; they are at least 0.
    """
    seconds = {part.name: part.seconds for part in measured}
    return replace(
        assumed,
        touches=_touches(
            _sums(work.networks, seconds),
            *(
                _sums(work.networks, predictions(work, processor, replace(assumed, touches=k)))
                for k in (0, 1)
            ),
        ),
        strip_touches=_touches(
            _sums(work.flows, seconds),
            *(
                _sums(work.flows, predictions(work, processor, replace(assumed, strip_touches=k)))
                for k in (0, 1)
            ),
        ),
    )


def _touches(measured: float, none: float, one: float) -> float:
    return max((measured - none) / (one - none), 0.0)


def _sums(parts: Iterable[Network | LatentFlow], seconds: Mapping[str, float]) -> float:
    return sum(seconds[part.id] for part in parts)
