"""The extractor `classifier`: a small convolutional network that learns the training data's labels.

It is trained by cross-entropy, apart from the model that it judges, with randomness of its own: the
same data, settings and seed give the same weights, bit for bit on one CPU. Its features are those
before the last layer, its spatial features the maps of the last convolution but one.

Dimensions: b pictures, c classes, f features, s spatial features, d channels, h height, w width.
"""

import hashlib
import math
from typing import NamedTuple

import torch
from jaxtyping import Float, UInt8
from pydantic import JsonValue
from torch import Tensor, nn
from torch.nn import functional

from lzn_dsl.registry.builtin.extractors import ClassifierSettings
from lzn_runtime import randomness
from lzn_runtime.data.batches import BatchOrder
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.extractor import Judgement, Lessons, join, some_channels
from lzn_runtime.evaluation.labels import LabelColumn
from lzn_runtime.modalities.initialise import initialise

_WEIGHT_DECAY = 1e-2
_SMOOTHING = 0.05
_WARMUP = 0.2
_SMALL = 16
"""Pictures of a smaller side are not halved by the first layer."""
_JUDGED = 500
"""Pictures that are judged at a time."""
_SPATIAL = 512
"""Spatial features, at most."""


class Network(nn.Module):
    """Convolutions of stride 2, then a hidden layer whose output are the features.

    Args:
        channels: Channels of a picture.
        widths: Channels of each convolution.
        features: Number of features.
        num_classes: Number of classes.
        halve_first: Whether the first convolution halves the picture as the others do.
    """

    def __init__(
        self,
        channels: int,
        widths: list[int],
        *,
        features: int,
        num_classes: int,
        halve_first: bool,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for place, (before, width) in enumerate(zip([channels, *widths], widths, strict=False)):
            stride = 2 if place or halve_first else 1
            layers += [
                nn.Conv2d(before, width, 3, stride=stride, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
        self.convolutions = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(2), nn.Flatten())
        self._early = len(layers) - 3 if len(widths) > 1 else len(layers)  # behind a ReLU
        self.hidden = nn.Linear(4 * widths[-1], features)
        self.head = nn.Linear(features, num_classes)

    def forward(
        self, x: Float[Tensor, "b d h w"]
    ) -> tuple[Float[Tensor, "b f"], Float[Tensor, "b c"]]:
        """Return features, at least zero, and logits."""
        features, logits, _ = self.look(x)
        return features, logits

    def look(
        self, x: Float[Tensor, "b d h w"]
    ) -> tuple[Float[Tensor, "b f"], Float[Tensor, "b c"], Float[Tensor, "b s"]]:
        """Return features, logits and maps of the last convolution but one, or of the only one."""
        maps = self.convolutions[: self._early](x)
        features = functional.relu(self.hidden(self.convolutions[self._early :](maps)))
        return features, self.head(features), some_channels(maps, most=_SPATIAL)


class Classifier:
    """A trained classifier with what it was trained on. See `extractor.Extractor`."""

    def __init__(
        self, network: Network, *, size: int, image: str, label: str, identity: dict[str, JsonValue]
    ) -> None:
        self._network = network.eval()
        self._size = size
        self.image = image
        self.label = label
        self.identity = identity

    @torch.no_grad()
    def judge(self, images: UInt8[Tensor, "b d h w"]) -> Judgement:
        """Return features, log-probabilities and spatial features of pictures, on the CPU."""
        device = next(self._network.parameters()).device
        parts = []
        for batch in torch.split(images, _JUDGED):
            x = prepare(batch.to(device), size=self._size)
            features, logits, spatial = self._network.look(x)
            parts.append(Judgement(features.cpu(), logits.log_softmax(1).cpu(), spatial.cpu()))
        return join(parts)


def fit(settings: ClassifierSettings, lessons: Lessons) -> Classifier:
    """Train a classifier on the lessons.

    Raises EvaluationError LZN802 for fewer than two classes or samples.
    """
    labels, dataset = lessons.labels, lessons.dataset
    if labels is None:
        raise ValueError("the extractor `classifier` needs labels to learn from")
    if labels.num_classes < 2 or len(dataset) < 2:
        raise evaluation_error(
            "LZN802",
            f"the extractor `classifier` needs two classes and samples; `{lessons.data}` has "
            f"{labels.num_classes} classes and {len(dataset)} samples",
        )
    batch = min(settings.batch, len(dataset))
    sample = prepare(dataset.__getitems__([0])[lessons.image], size=settings.size)
    with torch.random.fork_rng(devices=()):  # torch's layers draw weights, which are drawn anew
        network = Network(
            sample.shape[1],
            settings.widths,
            features=settings.features,
            num_classes=labels.num_classes,
            halve_first=min(sample.shape[2:]) >= _SMALL,
        )
    initialise(network, lessons.seed, prefix="classifier")
    network = network.to(lessons.device).to(memory_format=torch.channels_last)
    steps = settings.steps or default_steps(len(dataset), batch)
    rate = _Rate(settings.lr, steps)
    _train(network, lessons, labels, batch=batch, rate=rate, size=settings.size)
    shown: JsonValue = {**settings.model_dump(mode="json"), "batch": batch, "steps": steps}
    return Classifier(
        network,
        size=settings.size,
        image=lessons.image,
        label=labels.column,
        identity={
            "name": "classifier",
            "settings": shown,
            "sha256": weights_hash(network),
            "trained_on": lessons.data,
            "train_samples": len(dataset),
            "label": labels.column,
            "resized_to": list(sample.shape[2:]),
            "resize": "bilinear, antialiased, only to shrink",
            "spatial": f"convolution {max(1, len(settings.widths) - 1)} of {len(settings.widths)}",
            "seed": lessons.seed,
        },
    )


class _Rate(NamedTuple):
    """A learning rate that rises linearly and falls as a cosine."""

    largest: float
    steps: int

    def at(self, step: int) -> float:
        rise = max(1, round(_WARMUP * self.steps))
        if step < rise:
            return self.largest * (step + 1) / rise
        done = (step - rise) / max(1, self.steps - rise)
        return self.largest * (0.5 * (1 + math.cos(math.pi * done)) + 1e-3)


def default_steps(num_samples: int, batch: int) -> int:
    """Return the steps of 20 passes over the data, but 200 at least and 800 at most."""
    return min(max(20 * num_samples // batch, 200), 800)


def _train(
    network: Network,
    lessons: Lessons,
    labels: LabelColumn,
    *,
    batch: int,
    rate: _Rate,
    size: int,
) -> None:
    seed = randomness.key(lessons.seed, "classifier batches")
    order = BatchOrder(seed, batch, len(lessons.dataset))
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=_WEIGHT_DECAY, foreach=True)
    network.train()
    for step in range(rate.steps):
        rows = order.indices(step)
        images = lessons.dataset.__getitems__(rows.tolist())[lessons.image].to(lessons.device)
        targets = labels.labels[rows].long().to(lessons.device)
        _, logits = network(prepare(images, size=size))
        loss = functional.cross_entropy(logits, targets, label_smoothing=_SMOOTHING)
        for group in optimizer.param_groups:
            group["lr"] = rate.at(step)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        optimizer.step()
    network.eval()


def prepare(images: UInt8[Tensor, "b d h w"], *, size: int) -> Float[Tensor, "b d height width"]:
    """Return pictures as numbers in [-1, 1], shrunk so that no side is longer than `size`."""
    x = images.to(torch.float32) / 127.5 - 1
    longest = max(x.shape[2:])
    if longest > size:
        shape = [max(1, round(side * size / longest)) for side in x.shape[2:]]
        x = functional.interpolate(x, size=shape, mode="bilinear", antialias=True)
    return x.contiguous(memory_format=torch.channels_last)


def weights_hash(network: nn.Module) -> str:
    """Return the SHA-256 of all weights and running statistics, by name."""
    digest = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        digest.update(repr((name, str(value.dtype), tuple(value.shape))).encode())
        digest.update(value.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
