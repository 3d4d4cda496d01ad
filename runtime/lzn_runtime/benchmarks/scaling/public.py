"""Training rates that others published, beside what the model says of the same networks.

The only check of the model on GPUs that needs none: networks alone, one GPU, no latent flow.
"""

from dataclasses import dataclass

from lzn_dsl.registry.entry import Cost, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.benchmarks.scaling.hardware import A100, V100, Assumptions, Processor
from lzn_runtime.benchmarks.scaling.step_time import network_time
from lzn_runtime.benchmarks.scaling.workload import Network


@dataclass(frozen=True)
class PublishedRate:
    """Pictures a second on one GPU in training, as somebody else measured it."""

    network: str
    component: Component
    kind: Kind
    side: int
    processor: Processor
    precision: str
    rate: float
    source: str


_RESNET = "NVIDIA DeepLearningExamples, PyTorch ResNet50 v1.5, training performance"
_RESNET50 = Component(name="resnet50", settings={})
_DDPMPP = Component(
    name="ncsnpp",
    settings={"width": 128, "mults": [2, 2, 2], "blocks": 4, "attention": [16]},
)
_TWO_DAYS = 200e6 / (2 * 24 * 3600) / 8
"""200 million pictures in about two days on eight GPUs, as pictures a second on each."""

RATES = (
    PublishedRate("ResNet-50", _RESNET50, Kind.ENCODER, 224, A100, "TF32", 938, _RESNET),
    PublishedRate("ResNet-50", _RESNET50, Kind.ENCODER, 224, V100, "FP32", 356, _RESNET),
    PublishedRate(
        "DDPM++ of EDM",
        _DDPMPP,
        Kind.NETWORK,
        32,
        V100,
        "FP32",
        _TWO_DAYS,
        "NVlabs/edm, training of cifar10-32x32-uncond-vp: about 2 days, 8 GPUs, 200 M pictures",
    ),
)


def against_published_rates(registry: Registry, assumed: Assumptions) -> list[Row]:
    """Return published and predicted pictures a second of one GPU."""
    rows: list[Row] = []
    for published in RATES:
        network = _network(published, registry)
        predicted = 1 / network_time(network, 1, published.processor, assumed)
        rows.append(
            {
                "network": published.network,
                "GPU": published.processor.name,
                "precision": published.precision,
                "published, pictures/s": published.rate,
                "model, pictures/s": predicted,
                "model / published": predicted / published.rate,
                "source": published.source,
            }
        )
    return rows


def _network(published: PublishedRate, registry: Registry) -> Network:
    entry = registry.get(published.kind, published.component.name)
    settings = registry.settings(published.kind, published.component)
    sample = {"height": published.side, "width": published.side, "channels": 3}
    sizes = Sizes(latent_dim=1000 if published.kind is Kind.ENCODER else 0, sample=sample)
    cost = entry.cost(settings, sizes, registry) if entry.cost is not None else Cost()
    return Network(published.network, "image", "encoder", cost.flops, cost.activations, 1)
