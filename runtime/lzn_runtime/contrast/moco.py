"""MoCo: a view is to find the key of its sample among the keys of earlier batches.

    loss = mean over i of  -log( exp(q_i k_i / T) / (exp(q_i k_i / T) + sum_j exp(q_i m_j / T)) ),
    q anchors of the first view, k keys of the second one, m the queue; all of length 1

Keys are made by an average of the encoder, which moves before each batch: mean <- c mean +
(1 - c) weights. Batches are not shuffled among devices: no network here has batch statistics.
Source: arXiv:1911.05722, equations 1 and 2, with head and augmentations as in arXiv:2003.04297.

Dimensions: b batch, q anchor size, k keys in the queue.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional

from lzn_dsl.registry.builtin.methods import MocoSettings
from lzn_runtime import randomness
from lzn_runtime.contrast.protocol import Contrast
from lzn_runtime.modalities.protocol import Encoder


class MoCo(Contrast):
    """Contrast with a queue.

    Args:
        temperature: What cosines are divided by, above 0.
        momentum: Decay of the averaged encoder, in [0, 1).
        queue: Number of keys k, 1 or more.
        latent_dim: Dimension q of the anchors.
    """

    queue: Tensor
    place: Tensor

    def __init__(self, *, temperature: float, momentum: float, queue: int, latent_dim: int) -> None:
        super().__init__()
        self.temperature = temperature
        self.momentum = momentum
        self.register_buffer("queue", torch.zeros(queue, latent_dim))  # (k, q)
        self.register_buffer("place", torch.zeros((), dtype=torch.int64))

    def start(self, encoder: Encoder, key: int) -> None:
        """Fill the queue with random directions, and begin the average with these weights."""
        keys = randomness.normal(key, torch.arange(len(self.queue)), tuple(self.queue.shape[1:]))
        self.queue.copy_(functional.normalize(keys, dim=1))
        for name, value in encoder.named_parameters():
            self.register_buffer(_buffer(name), value.detach().clone())

    def loss(
        self, first: Float[Tensor, "b q"], second: Tensor, encoder: Encoder
    ) -> Float[Tensor, ""]:
        """Return the mean over the batch; the average moves, and the keys join the queue."""
        self._move(encoder)
        keys = self._keys(second, encoder)
        queries = functional.normalize(first, dim=1)
        own = (queries * keys).sum(1, keepdim=True)  # (b, 1)
        # A copy, for the backward pass: the queue itself changes before that.
        others = queries @ self.queue.clone().T  # (b, q) @ (q, k)
        logits = torch.cat([own, others], dim=1) / self.temperature
        right = torch.zeros(len(logits), dtype=torch.int64, device=logits.device)
        self._remember(keys)
        return functional.cross_entropy(logits, right)

    @torch.no_grad()
    def _move(self, encoder: Encoder) -> None:
        for name, value in encoder.named_parameters():
            self.get_buffer(_buffer(name)).lerp_(value, 1 - self.momentum)

    @torch.no_grad()
    def _keys(self, samples: Tensor, encoder: Encoder) -> Float[Tensor, "b q"]:
        averaged = {n: self.get_buffer(_buffer(n)) for n, _ in encoder.named_parameters()}
        anchors: Tensor = functional_call(encoder, averaged, (samples,))
        return functional.normalize(anchors, dim=1)

    @torch.no_grad()
    def _remember(self, keys: Float[Tensor, "b q"]) -> None:
        """Put keys in place of the oldest ones; of more keys than there is room for, the last."""
        size = len(self.queue)
        last = keys[-size:]
        places = (self.place + torch.arange(len(last), device=keys.device)) % size
        self.queue.index_copy_(0, places, last)
        self.place.add_(len(last)).remainder_(size)


def _buffer(name: str) -> str:
    """Name the average of a parameter: names of buffers have no dots."""
    return name.replace(".", "/")


def build_moco(settings: MocoSettings, latent_dim: int) -> MoCo:
    """Build the torch half of the method `moco`."""
    return MoCo(
        temperature=settings.temperature,
        momentum=settings.momentum,
        queue=settings.queue,
        latent_dim=latent_dim,
    )
