"""Checks of what encoder and decoder return: shapes, dtypes, finite numbers.

Dimensions: b batch, q latent size, f features, c classes.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from lzn_dsl.testing.report import Problem
from lzn_runtime.conformance.subject import KEY, Subject
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder


def check_encoder(subject: Subject) -> Iterator[Problem]:
    """Find anchors or features of another shape or dtype, or that are not finite."""
    encoder, batch = subject.modality.encoder, len(subject.column)
    samples = subject.samples.clone()
    anchors = encoder(samples)
    yield from _numbers("the anchors", anchors, (batch, subject.sizes.latent_dim), "(b, q)")
    features = encoder.features(samples)
    wanted = (batch, features.shape[-1])
    yield from _numbers("the features", features, wanted, "(b, f)")
    if not torch.equal(samples, subject.samples):
        yield Problem(
            "the encoder to leave its samples as they are",
            "it changed them in place",
            "compute a new tensor: other objectives use the same samples",
        )
    classes = subject.modality.finite_anchors()
    if classes is not None:
        count = subject.sizes.sample.get("classes", len(classes))
        wanted = (count, subject.sizes.latent_dim)
        yield from _numbers("finite_anchors()", classes, wanted, "(c, q)")
        if classes.shape == wanted and not torch.allclose(anchors, classes[samples], atol=1e-6):
            yield Problem(
                "the encoder to give each class its row of finite_anchors()",
                "other anchors",
                "return the rows in the order of the classes",
            )


def check_decoder(subject: Subject) -> Iterator[Problem]:
    """Find losses, samples or class probabilities that are not as the protocol says."""
    decoder = subject.modality.decoder
    if isinstance(decoder, ClassDecoder):
        yield from _check_classes(subject, decoder)
    elif isinstance(decoder, Decoder):
        yield from _check_samples(subject, decoder)
        if subject.sizes.num_classes:
            plain = subject.without_classes()
            alone = plain.modality.decoder
            assert isinstance(alone, Decoder), "as with classes"
            yield from _check_samples(plain, alone)


def _check_classes(subject: Subject, decoder: ClassDecoder) -> Iterator[Problem]:
    log_probs = decoder.decode(subject.fixed_latents)
    classes = subject.modality.finite_anchors()
    assert classes is not None, "checked by `build`"
    wanted = (len(subject.column), len(classes))
    if tuple(log_probs.shape) != wanted or not log_probs.is_floating_point():
        yield _kind("decode", log_probs, f"floating of shape {wanted}, (b, c)")
        return
    total = log_probs.detach().logsumexp(1)
    if not bool((total.abs() < 1e-3).all()):
        yield Problem(
            "log-probabilities from decode: exp() sums to 1 for each latent",
            f"sums from {float(total.exp().min()):g} to {float(total.exp().max()):g}",
            "return torch.log_softmax of the scores",
        )


def _check_samples(subject: Subject, decoder: Decoder) -> Iterator[Problem]:
    samples, latents = subject.samples, subject.fixed_latents
    classes, index = subject.classes, subject.index
    loss = decoder.loss(samples, latents, classes=classes, key=KEY, index=index)
    yield from _numbers("the loss", loss, (len(samples),), "(b,): one for each sample")
    drawn = decoder.sample(latents, classes=classes, key=KEY, index=index)
    yield from _like("sample()", drawn, samples)
    if drawn.shape != samples.shape:
        return
    data = subject.modality.to_data(drawn)
    if data.dtype != subject.column.dtype or data.shape != subject.column.shape:
        wanted = f"{subject.column.dtype} of shape {tuple(subject.column.shape)}, as the column"
        yield _kind("to_data(sample())", data, wanted)
    try:
        noise = decoder.invert(samples, latents, classes=classes)
    except ValueError:
        return  # the protocol's answer of a decoder that cannot
    again = decoder.sample(latents, classes=classes, key=KEY, index=index, noise=noise)
    yield from _like("sample(noise=invert())", again, samples)


def _like(what: str, value: Tensor, samples: Tensor) -> Iterator[Problem]:
    """Find a tensor that is not such as the model's samples, or not finite."""
    if value.shape != samples.shape or value.dtype != samples.dtype:
        wanted = f"{samples.dtype} of shape {tuple(samples.shape)}, as what to_model returns"
        yield _kind(what, value, wanted)
    elif value.is_floating_point():
        yield from _finite(what, value)


def _numbers(what: str, value: Tensor, shape: tuple[int, ...], words: str) -> Iterator[Problem]:
    """Find a tensor that is not float32 of a shape, or not finite."""
    if tuple(value.shape) != shape or value.dtype != torch.float32:
        yield _kind(what, value, f"float32 of shape {shape}, {words}")
    else:
        yield from _finite(what, value)


def _finite(what: str, value: Tensor) -> Iterator[Problem]:
    bad = int((~torch.isfinite(value)).sum())
    if bad:
        yield Problem(
            f"finite numbers in {what}",
            f"{bad} of {value.numel()} are not",
            "look for divisions by zero, logarithms of 0 and weights that start too large",
        )


def _kind(what: str, value: Tensor, wanted: str) -> Problem:
    return Problem(
        f"{what} to be {wanted}",
        f"{value.dtype} of shape {tuple(value.shape)}",
        "see `lzn_runtime.modalities.protocol` for what each function returns",
    )
