"""Checks of a decoder after a few steps of training on the samples.

Dimensions: b batch, q latent size.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from lzn_dsl.testing.report import Problem
from lzn_runtime import randomness
from lzn_runtime.conformance.subject import KEY, STEPS, Subject
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder, Modality

_FALL = 0.02
_KEYS = 8
"""Draws of noise over which a loss is averaged."""
_FURTHER = 1.2
"""Largest distance of what is drawn after training, in that of what was drawn before."""
_RIGHT = 0.9
_REST = 0.5
"""Largest error of a rebuilt sample, in those of a sample drawn anew."""


def check_learning(subject: Subject) -> Iterator[Problem]:
    """Find a decoder whose loss does not fall on the samples, or falls the wrong way."""
    if not isinstance(subject.modality.decoder, Decoder):
        return
    before, after = _loss(subject, subject.modality), _loss(subject, subject.trained)
    if not after < before - _FALL * abs(before):
        yield Problem(
            f"a loss that falls by {_FALL:.0%} in {STEPS} steps of Adam on {len(subject.column)} "
            "samples",
            f"{before:.4g} before, {after:.4g} after",
            "check that the loss compares with the samples that it is given",
        )
    far, near = (
        _drawn_distance(subject, subject.modality),
        _drawn_distance(subject, subject.trained),
    )
    if not near <= _FURTHER * far:
        yield Problem(
            "what is drawn from the samples' latents not to move away from the samples",
            f"a distance of {far:.3g} before training, {near:.3g} after",
            "check the sign of the loss",
        )


@torch.no_grad()
def check_round_trip(subject: Subject) -> Iterator[Problem]:
    """Find samples that do not come back from their latents."""
    decoder = subject.modality.decoder
    if isinstance(decoder, ClassDecoder):
        latents = subject.first_latents
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
    modality = subject.trained
    decoder = modality.decoder
    assert isinstance(decoder, Decoder)
    samples, latents = subject.samples, subject.first_latents
    classes, index = subject.classes, subject.index
    try:
        noise = decoder.invert(samples, latents, classes=classes)
    except ValueError:
        return  # the protocol's answer of a decoder that cannot
    rebuilt = decoder.sample(latents, classes=classes, key=KEY, index=index, noise=noise)
    error, anew = _distance(rebuilt, samples), _drawn_distance(subject, modality)
    if not error <= _REST * anew:
        yield Problem(
            "sample(latents, noise=invert(samples, latents)) to be the samples, roughly",
            f"an error of {error:.3g}; a sample drawn anew is {anew:.3g} away",
            "make `invert` undo `sample`: the same steps, from the sample to its noise",
        )


@torch.no_grad()
def _loss(subject: Subject, modality: Modality) -> float:
    decoder = modality.decoder
    assert isinstance(decoder, Decoder)
    latents = subject.first_latents
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


@torch.no_grad()
def _drawn_distance(subject: Subject, modality: Modality) -> float:
    decoder = modality.decoder
    assert isinstance(decoder, Decoder)
    latents = subject.first_latents
    drawn = decoder.sample(latents, classes=subject.classes, key=KEY, index=subject.index)
    return _distance(drawn, subject.samples)


def _distance(one: Tensor, other: Tensor) -> float:
    """Root mean square of the difference; for whole numbers, the share of those that differ."""
    if not one.is_floating_point():
        return float((one != other).double().mean())
    return float((one - other).square().mean().sqrt())
