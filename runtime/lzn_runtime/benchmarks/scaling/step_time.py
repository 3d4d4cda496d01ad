"""A model of the seconds of one training step on a number of ranks. A model, not a measurement.

Each rank has an equal share of the samples, and all anchors. Per rank:

    network    3 F / (rate share) + touches k 4 B / bandwidth    F forward FLOP, k numbers kept
    attention  14 m n q r / (rate share) + (once + each r) m n 4 B / bandwidth     strip_touches
    published  difference_touches m n q r 4 B / bandwidth
    gather     n q 4 B over the links, forward and again backward; all-reduce of gradients: twice

Terms are added: nothing is hidden behind anything else. With micro-batches networks run forward
twice: 4 F. A flow takes at least the time to launch its operations.

Dimensions: m points of a rank, n anchors, q latent size, r solver steps.
"""

from dataclasses import dataclass
from math import ceil

from lzn_runtime.benchmarks.scaling.hardware import Assumptions, Cluster, Processor
from lzn_runtime.benchmarks.scaling.workload import Form, LatentFlow, Network, Workload

NUMBER = 4
"""Bytes of a number."""


@dataclass(frozen=True)
class StepTime:
    """Seconds of one rank in one training step."""

    networks: float
    latents: float
    gather: float
    all_reduce: float
    update: float

    @property
    def total(self) -> float:
        """Seconds of the whole step."""
        return self.networks + self.latents + self.gather + self.all_reduce + self.update


def step_time(
    work: Workload,
    cluster: Cluster,
    ranks: int,
    *,
    assumed: Assumptions,
    form: Form = "attention",
    slices: int = 1,
) -> StepTime:
    """Return the seconds of a step on `ranks` processors, networks seeing `slices` slices."""
    processor = cluster.processor
    gathered = 2 * sum(
        collective_time(flow.anchors * work.dim * NUMBER, cluster, ranks, assumed)
        for flow in gathered_anchors(work)
    )
    return StepTime(
        networks=sum(
            network_time(network, ceil(network.samples / ranks), processor, assumed, slices=slices)
            for network in work.networks
        ),
        latents=sum(
            flow_time(flow, ceil(flow.points / ranks), work, processor, assumed, form=form)
            for flow in work.flows
        ),
        gather=gathered,
        all_reduce=2 * collective_time(work.parameters * NUMBER, cluster, ranks, assumed),
        update=assumed.update_touches * work.parameters * NUMBER / _stream(processor, assumed),
    )


def network_time(
    network: Network, samples: int, processor: Processor, assumed: Assumptions, *, slices: int = 1
) -> float:
    """Seconds of a network's forward and backward passes over `samples` samples."""
    passes = 3 if slices == 1 else 4
    rate = processor.convolution_rate * processor.convolution_share
    moved = assumed.touches * network.kept * NUMBER / _stream(processor, assumed)
    return samples * passes * (network.flops / rate + moved / 3)


def flow_time(
    flow: LatentFlow,
    points: int,
    work: Workload,
    processor: Processor,
    assumed: Assumptions,
    *,
    form: Form,
) -> float:
    """Seconds of a latent flow, forward and backward, for `points` of its points."""
    pairs = points * flow.anchors
    stream = _stream(processor, assumed)
    if form == "published":
        fixed, each = assumed.published_launches
        busy = assumed.difference_touches * pairs * work.steps * work.dim * NUMBER / stream
    else:
        fixed, each = assumed.flow_launches
        once, in_each = assumed.strip_touches
        rate = processor.product_rate * processor.product_share
        products = 14 * pairs * work.dim * work.steps / rate
        busy = products + (once + in_each * work.steps) * pairs * NUMBER / stream
    launching = assumed.launch * (fixed + each * work.steps)
    return max(busy, launching) if processor.queues else busy + launching


def collective_time(size: int, cluster: Cluster, ranks: int, assumed: Assumptions) -> float:
    """Seconds until each rank has its share of `size` bytes from all: inside nodes, then between.

    An all-gather and a reduce-scatter take this once, an all-reduce twice.
    """
    inside = min(ranks, cluster.node)
    nodes = ceil(ranks / cluster.node)
    link, network = cluster.node_link, cluster.network_link * inside
    seconds = (inside - 1) * assumed.node_hop + (nodes - 1) * assumed.network_hop
    seconds += size * (inside - 1) / inside / (link * assumed.link_share)
    return seconds + size * (nodes - 1) / nodes / (network * assumed.link_share)


def gathered_anchors(work: Workload) -> list[LatentFlow]:
    """Return one flow for each set of anchors that ranks gather: that of its latents."""
    return [flow for flow in work.flows if flow.gathers and flow.kind == "latents"]


def _stream(processor: Processor, assumed: Assumptions) -> float:
    return processor.bandwidth * assumed.bandwidth_share
