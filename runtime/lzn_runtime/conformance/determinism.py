"""Checks that results are functions of weights, samples, key and index alone.

torch's global random state must neither change what a modality computes nor be changed by it. In
training mode too: a sample has one result, whatever its batch.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from lzn_dsl.testing.report import Problem
from lzn_runtime.conformance.subject import Outputs, Subject
from lzn_runtime.modalities.protocol import Modality

_RTOL, _ATOL = 1e-3, 1e-4
"""Layers may round differently in batches of different sizes."""


def check_determinism(subject: Subject) -> Iterator[Problem]:
    """Find weights that the seed does not decide, and calls that use the global random state."""
    with torch.random.fork_rng(devices=()):
        yield from _check_weights(subject)
        for training in (False, True):
            yield from _check_calls(subject, training=training)


@torch.no_grad()
def check_independence(subject: Subject) -> Iterator[Problem]:
    """Find results that depend on a sample's batch mates, or on its place in the batch."""
    everything = torch.arange(len(subject.column))
    few = everything[2:3]
    for training in (False, True):
        modality = subject.copy().train(training)
        whole = subject.outputs(modality)
        alone = subject.outputs(modality, few)
        turned = subject.outputs(modality, everything.flip(0))
        for name, value in whole.items():
            mode = " in training mode" if training else ""
            if not _close(value[few], alone[name]):
                yield Problem(
                    f"the same `{name}` of a sample alone and in a batch{mode}",
                    f"a difference of up to {_gap(value[few], alone[name]):g}",
                    "compute nothing over the batch: group or layer norm in place of batch norm",
                )
            elif not _close(value.flip(0), turned[name]):
                yield Problem(
                    f"the same `{name}` of a sample wherever it stands in the batch{mode}",
                    f"a difference of up to {_gap(value.flip(0), turned[name]):g}",
                    "draw noise by `lzn_runtime.randomness` from `key` and `index`, not by place",
                )


def _check_weights(subject: Subject) -> Iterator[Problem]:
    built = []
    for state in (1, 2):
        torch.manual_seed(state)
        built.append(_tensors(subject.build()))
    for name, value in built[0].items():
        if not torch.equal(value, built[1][name]):
            yield Problem(
                f"the same `{name}` of two modalities built with one seed",
                "it differs with torch's global random state",
                "draw it in reset_parameters(); make buffers without random numbers",
            )
    other = _tensors(subject.build(seed=1))
    names = [name for name, _ in subject.modality.named_parameters()]
    if names and all(torch.equal(built[0][name], other[name]) for name in names):
        yield Problem(
            "other weights with another seed",
            "the same",
            "draw first weights at random in reset_parameters(): equal ones learn alike",
        )


@torch.no_grad()
def _check_calls(subject: Subject, *, training: bool) -> Iterator[Problem]:
    results: list[Outputs] = []
    mode = " in training mode" if training else ""
    for state in (1, 2):
        torch.manual_seed(state)
        before = torch.random.get_rng_state()
        results.append(subject.outputs(subject.copy().train(training)))
        if not torch.equal(torch.random.get_rng_state(), before):
            yield Problem(
                f"torch's global random state as it was before{mode}",
                "the modality drew from it",
                "draw by `lzn_runtime.randomness` from `key` and `index`; leave dropout out",
            )
            return
    for name, value in results[0].items():
        if not torch.equal(value, results[1][name]):
            yield Problem(
                f"the same `{name}` of two calls with the same arguments{mode}",
                f"a difference of up to {_gap(value, results[1][name]):g}",
                "make it a function of weights, samples, key and index",
            )


def _tensors(modality: Modality) -> Outputs:
    return dict(modality.named_parameters()) | dict(modality.named_buffers())


def _close(one: Tensor, other: Tensor) -> bool:
    scale = float(one.double().square().mean().sqrt()) if one.numel() else 1.0
    return one.shape == other.shape and torch.allclose(
        one.double(), other.double(), rtol=_RTOL, atol=_ATOL * max(scale, 1e-6), equal_nan=True
    )


def _gap(one: Tensor, other: Tensor) -> float:
    if one.shape != other.shape:
        return float("inf")
    return float((one.double() - other.double()).abs().max())
