"""Check that training can reach every parameter, and the encoder through the decoder."""

from collections.abc import Iterator

import torch
from torch import Tensor

from lzn_dsl.testing.report import Problem
from lzn_runtime import randomness
from lzn_runtime.conformance.subject import KEY, Subject
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder, Modality

_SHAKE = 0.05
"""Standard deviation of what is added to each weight: a first weight of 0 stops gradients."""


def check_gradients(subject: Subject) -> Iterator[Problem]:
    """Find parameters and latents without gradient, or with one that is not finite."""
    modality = subject.copy()
    _shake(modality)
    latents = subject.fixed_latents.clone().requires_grad_()
    total = _anchor_loss(subject, modality) + _decoder_loss(subject, modality, latents)
    total.backward()  # type: ignore[no-untyped-call]
    for name, parameter in modality.named_parameters():
        if parameter.requires_grad:
            yield from _judge(f"the parameter `{name}`", parameter.grad)
    if modality.decoder is not None:
        yield from _judge("the latents, through the decoder,", latents.grad)


def _shake(modality: Modality) -> None:
    with torch.no_grad():
        for name, parameter in modality.named_parameters():
            index = torch.arange(parameter.numel())
            noise = randomness.normal(randomness.key(0, f"shake {name}"), index)
            parameter.add_(_SHAKE * noise.view(parameter.shape))


def _anchor_loss(subject: Subject, modality: Modality) -> Tensor:
    """A random projection of the anchors: no symmetry of a layer makes its gradient vanish."""
    anchors: Tensor = modality.encoder(subject.samples)
    return (anchors * randomness.normal(KEY, subject.index, anchors.shape[1:])).sum()


def _decoder_loss(subject: Subject, modality: Modality, latents: Tensor) -> Tensor:
    decoder = modality.decoder
    if isinstance(decoder, ClassDecoder):
        return decoder.decode(latents)[:, 0].sum()
    if isinstance(decoder, Decoder):
        return decoder.loss(
            subject.samples, latents, classes=subject.classes, key=KEY, index=subject.index
        ).sum()
    return latents.new_zeros(())


def _judge(what: str, grad: Tensor | None) -> Iterator[Problem]:
    expected = f"a gradient of {what}"
    if grad is None:
        yield Problem(
            expected,
            "none: it plays no part in anchors or losses",
            "use it, remove it, or look for `.detach()` and `no_grad` on the way",
        )
    elif not bool(torch.isfinite(grad).all()):
        yield Problem(
            expected,
            "one that is not finite",
            "look for square roots, logarithms and divisions at 0",
        )
    elif not bool(grad.any()):
        yield Problem(
            expected,
            "one that is 0 everywhere",
            "look for a factor 0, rounding, or a part of the input that is ignored",
        )
