"""Checks of how a modality is built: its parts, the facts it asks for, extremes, parameters."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import torch
from pydantic import ValidationError
from torch import nn

from lzn_dsl.registry.entry import Capability, Kind
from lzn_dsl.registry.settings import Component
from lzn_dsl.testing.declaration import numbers
from lzn_dsl.testing.report import Problem
from lzn_runtime.conformance.subject import Subject
from lzn_runtime.loading import build_component
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder, Encoder


def check_build(subject: Subject) -> Iterator[Problem]:
    """Find parts that are not those its capabilities say."""
    modality, says = subject.build(), subject.capabilities
    encoder: object = modality.encoder
    if not isinstance(encoder, Encoder):
        yield _part("encoder", "an Encoder", encoder)
    decoder = modality.decoder
    if Capability.DISCRETE in says:
        if not isinstance(decoder, ClassDecoder):
            yield _part("decoder", "a ClassDecoder: it says `discrete`", decoder)
        if modality.finite_anchors() is None:
            yield Problem(
                "the anchors of all classes from finite_anchors(): it says `discrete`",
                "None",
                "return them (classes, latent_dim), in the order of the classes",
            )
        return
    if modality.finite_anchors() is not None:
        yield Problem(
            "None from finite_anchors(): it does not say `discrete`",
            "a tensor",
            "add Capability.DISCRETE, or return None",
        )
    if Capability.DECODABLE in says and not isinstance(decoder, Decoder):
        yield _part("decoder", "a Decoder: it says `decodable`", decoder)
    if Capability.DECODABLE not in says and decoder is not None:
        yield _part("decoder", "None: it does not say `decodable`", decoder)


def check_facts(subject: Subject) -> Iterator[Problem]:
    """Find facts of samples that it reads and that no setting of that name can state."""
    read = _Recorder(subject.sizes.sample)
    sizes = replace(subject.sizes, sample=read)
    build_component(Kind.MODALITY, subject.component, sizes, subject.registry)
    if subject.entry.costs is not None:
        settings = subject.registry.settings(Kind.MODALITY, subject.component)
        subject.entry.costs(settings, sizes, subject.registry)
    fields = subject.entry.settings.model_fields
    for name in sorted(read.names):
        if name not in fields or fields[name].default is not None:
            yield Problem(
                f"a setting `{name}` that is none by default",
                "no such setting" if name not in fields else f"default {fields[name].default!r}",
                f"add `{name}: int | None = Field(default=None, ge=..., le=...)`: a program "
                "states it where the data is not there to tell",
            )


def check_extremes(subject: Subject) -> Iterator[Problem]:
    """Find numbers within their range with which it neither builds nor is refused."""
    for name, field in subject.entry.settings.model_fields.items():
        for what, low, high in numbers(field):
            if what != "the setting":
                continue
            for value in {low, high} - {None}:
                assert value is not None
                problem = _try(subject, name, value)
                if problem is not None:
                    yield problem


def check_costs(subject: Subject) -> Iterator[Problem]:
    """Find modules whose stated parameters are not those that there are."""
    if subject.entry.costs is None:
        return
    settings = subject.registry.settings(Kind.MODALITY, subject.component)
    costs = subject.entry.costs(settings, subject.sizes, subject.registry)
    modality = subject.modality
    parts: dict[str, nn.Module] = {"encoder": modality.encoder}
    if modality.decoder is not None:
        parts["decoder"] = modality.decoder
    if set(costs) != set(parts):
        yield Problem(
            f"costs of {_names(parts)}", f"costs of {_names(costs)}", "return one for each part"
        )
        return
    for name, part in parts.items():
        count = sum(p.numel() for p in part.parameters())
        if costs[name].parameters != count:
            yield Problem(
                f"{count} parameters of the {name}, as it was built",
                f"{costs[name].parameters} in its costs",
                "count them in `costs`, layer by layer: `lzn plan` shows them",
            )


def _try(subject: Subject, name: str, value: float) -> Problem | None:
    """Build with one setting changed, on the meta device, which takes no memory."""
    settings = {**subject.component.settings, name: value}
    component = Component(name=subject.component.name, settings=settings)
    sizes = subject.sizes
    if name in sizes.sample:
        sizes = replace(sizes, sample={**sizes.sample, name: int(value)})
    try:
        subject.registry.settings(Kind.MODALITY, component)
    except ValidationError:
        return None
    try:
        with torch.random.fork_rng(devices=()), torch.device("meta"):
            build_component(Kind.MODALITY, component, sizes, subject.registry)
    except Exception as failure:  # noqa: BLE001 -- a stranger's code
        cause = failure.__cause__ or failure
        if isinstance(cause, NotImplementedError) or "meta" in str(cause):
            return None  # it reads numbers that there are not on the meta device
        return Problem(
            f"a modality with `{name}: {value:g}`, or a refusal when the program is checked",
            f"{type(cause).__name__}: {cause}",
            f"narrow the range of `{name}`, or refuse it in a validator of the settings",
        )
    return None


class _Recorder(dict[str, int]):
    """Facts of samples that remember which of them were read."""

    def __init__(self, facts: Any) -> None:
        super().__init__(facts)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> int:
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def _part(name: str, expected: str, found: object) -> Problem:
    kind = "None" if found is None else type(found).__name__
    return Problem(f"`{name}` to be {expected}", kind, "build another part, or say otherwise")


def _names(parts: Any) -> str:
    return " and ".join(f'"{name}"' for name in parts) or "nothing"
