"""Machines of the model of a training step: what their makers state, and what is assumed beside it.

Rates are peaks, each direction of a link counted alone. A share says how much of a peak is reached;
shares, latencies and the counts of passes are assumptions, and `docs/scaling.md` varies them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Processor:
    """One processor.

    Attributes:
        name: Name and size of memory.
        convolution_rate: FLOP/s of convolutions of float32 pictures (TF32 where there is one).
        convolution_share: Share of that rate that convolutions reach (assumed).
        product_rate: FLOP/s of products in plain float32, which the latent flow needs.
        product_share: Share of that rate that products reach (assumed).
        bandwidth: Bytes/s to and from memory.
        memory: Bytes.
        source: Where the peaks are stated.
        queues: Whether operations are launched while earlier ones still run.
    """

    name: str
    convolution_rate: float
    convolution_share: float
    product_rate: float
    product_share: float
    bandwidth: float
    memory: float
    source: str
    queues: bool = True


@dataclass(frozen=True)
class Cluster:
    """Equal nodes of equal processors.

    Attributes:
        processor: What each rank has.
        node: Processors of a node.
        node_link: Bytes/s, one direction, from one processor into its node.
        network_link: Bytes/s, one direction, from a node for each of its processors.
        source: Where the links are stated.
    """

    processor: Processor
    node: int
    node_link: float
    network_link: float
    source: str


@dataclass(frozen=True)
class Assumptions:
    """What no data sheet states.

    Attributes:
        bandwidth_share: Share of the bandwidth of memory that passes over tensors reach.
        touches: Times that training reads or writes each number that a network keeps.
        strip_touches: Times that a flow, forward and backward, reads or writes each number of a
            strip (points, anchors) outside of products: besides its steps, and in each of them.
        difference_touches: The same of each step of the published form, for a tensor (points,
            anchors, q).
        update_touches: Times that clipping, Adam and the average read or write each parameter.
        link_share: Share of a link's rate that collectives reach.
        node_hop: Seconds that a collective takes for each further processor of a node.
        network_hop: Seconds for each further node.
        launch: Seconds that the host takes to start one operation.
        flow_launches: Operations of one flow besides its steps, and of each solver step.
        published_launches: The same of the published form.
        usable_memory: Share of a processor's memory that tensors may take.
        strips: Strips (block, n) that one flow holds at a time, of at most `strip_numbers` each.
        strip_numbers: Numbers of a strip at most.
        differences: Tensors (points, anchors, q) that a step of the published form holds.
    """

    bandwidth_share: float = 0.8
    touches: float = 8
    strip_touches: tuple[float, float] = (270, 36)
    difference_touches: float = 41
    update_touches: int = 13
    link_share: float = 0.7
    node_hop: float = 5e-6
    network_hop: float = 10e-6
    launch: float = 5e-6
    flow_launches: tuple[int, int] = (702, 202)
    published_launches: tuple[int, int] = (10, 70)
    usable_memory: float = 0.9
    strips: int = 6
    strip_numbers: int = 1 << 26
    differences: int = 5


H100 = Processor(
    name="H100 SXM, 80 GB",
    convolution_rate=494.7e12,
    convolution_share=0.35,
    product_rate=66.9e12,
    product_share=0.8,
    bandwidth=3.35e12,
    memory=80e9,
    source="NVIDIA H100 Tensor Core GPU data sheet and architecture white paper",
)
A100 = Processor(
    name="A100 SXM, 80 GB",
    convolution_rate=156e12,
    convolution_share=0.35,
    product_rate=19.5e12,
    product_share=0.8,
    bandwidth=2.039e12,
    memory=80e9,
    source="NVIDIA A100 Tensor Core GPU data sheet",
)
V100 = Processor(
    name="V100 SXM2, 32 GB",
    convolution_rate=15.7e12,
    convolution_share=0.8,
    product_rate=15.7e12,
    product_share=0.8,
    bandwidth=0.9e12,
    memory=32e9,
    source="NVIDIA V100 Tensor Core GPU data sheet",
)
DGX_H100 = Cluster(H100, 8, 450e9, 50e9, "NVIDIA DGX H100 data sheet: NVLink 900 GB/s both ways")
DGX_A100 = Cluster(A100, 8, 300e9, 25e9, "NVIDIA DGX A100 data sheet: NVLink 600 GB/s both ways")
CLUSTERS = {"h100": DGX_H100, "a100": DGX_A100}
