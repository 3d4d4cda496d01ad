"""Checks of a decoder after a few steps of training on the samples.

Dimensions: b batch, q latent size.
"""

from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import Tensor

from lzn_dsl.testing.report import Problem
from lzn_runtime import randomness
from lzn_runtime.conformance.subject import KEY, Subject
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder, Modality

_STEPS = 60
_RATE = 3e-3
_FALL = 0.02
_KEYS = 8
"""Draws of noise over which a loss is averaged."""
_RIGHT = 0.9
_REST = 0.25
"""Largest error of a rebuilt sample, in those of a sample drawn anew."""


def check_learning(subject: Subject) -> Iterator[Problem]:
    """Find a decoder whose loss does not fall on the samples themselves."""
    if not isinstance(subject.modality.decoder, Decoder):
        return
    before, after = _loss(subject, subject.modality), _loss(subject, _trained(subject))
    if not after < before - _FALL * abs(before):
        yield Problem(
            f"a loss that falls by {_FALL:.0%} in {_STEPS} steps of Adam on {len(subject.column)} "
            "samples",
            f"{before:.4g} before, {after:.4g} after",
            "check the sign of the loss, and that it compares with the samples it is given",
        )


@torch.no_grad()
def check_round_trip(subject: Subject) -> Iterator[Problem]:
    """Find samples that do not come back from their latents."""
    decoder = subject.modality.decoder
    if isinstance(decoder, ClassDecoder):
        latents = subject.latents(subject.modality, subject.samples)
        read = decoder.decode(latents).argmax(1)
        share = float((read == subject.samples).double().mean())
        if share < _RIGHT:
            yield Problem(
                f"{_RIGHT:.0%} of the classes back from latents in their zones",
                f"{share:.0%}",
                "decode by `lzn_runtime.latent.carry_to_anchors`, on the anchors of the encoder",
            )
    elif isinstance(decoder, Decoder):
        yield from _check_inverse(subject)


def _check_inverse(subject: Subject) -> Iterator[Problem]:
    modality = _trained(subject)
    decoder = modality.decoder
    assert isinstance(decoder, Decoder)
    samples, classes, index = subject.samples, subject.classes, subject.index
    latents = subject.latents(modality, samples)
    try:
        noise = decoder.invert(samples, latents, classes=classes)
    except ValueError:
        return  # the protocol's answer of a decoder that cannot
    drawn = decoder.sample(latents, classes=classes, key=KEY, index=index)
    rebuilt = decoder.sample(latents, classes=classes, key=KEY, index=index, noise=noise)
    error, anew = _distance(rebuilt, samples), _distance(drawn, samples)
    if not error <= _REST * anew:
        yield Problem(
            "sample(latents, noise=invert(samples, latents)) to be the samples, roughly",
            f"an error of {error:.3g}; a sample drawn anew is {anew:.3g} away",
            "make `invert` undo `sample`: the same steps, from the sample to its noise",
        )


@lru_cache(maxsize=1)
def _trained(subject: Subject) -> Modality:
    """Return a copy trained to decode its samples from their own latents."""
    modality = subject.copy().train()
    decoder = modality.decoder
    assert isinstance(decoder, Decoder)
    optimizer = torch.optim.Adam(modality.parameters(), lr=_RATE)
    for step in range(_STEPS):
        optimizer.zero_grad()
        loss = decoder.loss(
            subject.samples,
            subject.latents(modality, subject.samples),
            classes=subject.classes,
            key=randomness.key(0, "conformance training", step),
            index=subject.index,
        )
        loss.mean().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return modality.eval()


@torch.no_grad()
def _loss(subject: Subject, modality: Modality) -> float:
    decoder = modality.decoder
    assert isinstance(decoder, Decoder)
    latents = subject.latents(modality, subject.samples)
    losses = [
        decoder.loss(
            subject.samples,
            latents,
            classes=subject.classes,
            key=randomness.key(0, "conformance judging", n),
            index=subject.index,
        )
        for n in range(_KEYS)
    ]
    return float(torch.stack(losses).mean())


def _distance(one: Tensor, other: Tensor) -> float:
    return float((one - other).square().mean().sqrt())
