"""The weights of a published checkpoint under our names, checked against the plan's model."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.model import modality_sizes
from lzn_runtime.compile.soundness import LARGEST
from lzn_runtime.convert.names import encoder_names, resnet_names, velocity_names
from lzn_runtime.convert.reading import Published
from lzn_runtime.flow.decoder import FlowDecoder
from lzn_runtime.loading import build_component
from lzn_runtime.modalities.protocol import Modality
from lzn_runtime.networks.ncsnpp.encoder import NcsnppEncoder
from lzn_runtime.networks.ncsnpp.velocity import NcsnppVelocity
from lzn_runtime.networks.resnet import ResNetEncoder

_WRAPPER = "model.module."
_SHOWN = 8
_UNUSED = {"sigmas"}
"""Buffers that the published networks keep and do not use."""

Names = dict[str, tuple[str, str]]
"""Our name: the checkpoint's part, and the name in it."""


def plain_states(checkpoint: Published) -> dict[str, dict[str, Tensor]]:
    """Return the tensors of each part without the prefix of the wrapper that they were saved in."""
    return {
        part: {name.removeprefix(_WRAPPER): value for name, value in state.items()}
        for part, state in checkpoint.states.items()
    }


def our_weights(
    checkpoint: Published, plan: Plan, registry: Registry, *, averaged: bool
) -> dict[str, Tensor]:
    """Return the weights of the plan's model, by our names, as float32.

    Args:
        checkpoint: The checkpoint.
        plan: The plan.
        registry: Where its components are found.
        averaged: Whether the averaged weights are taken, or those that were trained.

    Raises:
        StorageError: Names or shapes are not the model's (LZN716), or a number is not finite
            (LZN717).
    """
    parameters, names = _names(plan, registry)
    states = plain_states(checkpoint)
    faults = _faults(parameters, names, states)
    if averaged:
        faults += _put_averages(checkpoint, parameters, names, states)
    if faults:
        more = (f"and {len(faults) - _SHOWN} more",) if len(faults) > _SHOWN else ()
        raise StorageError(
            Diagnostic(
                code="LZN716",
                summary="the checkpoint's weights are not those of a published network",
                notes=(*faults[:_SHOWN], *more),
            )
        )
    weights = {ours: states[part][name].float() for ours, (part, name) in names.items()}
    for ours, value in weights.items():
        if not bool((value.abs() <= LARGEST).all()):
            part, name = names[ours]
            raise StorageError(
                Diagnostic(
                    code="LZN717",
                    summary=f"`{name}` of the checkpoint's `{part}` holds numbers that are not "
                    "finite, or beyond 1e30",
                    hint="take the other weights, with or without `--raw`, or another checkpoint",
                )
            )
    return weights


def _names(plan: Plan, registry: Registry) -> tuple[dict[str, nn.Parameter], Names]:
    """Return the parameters of the plan's model, without numbers, and their published names."""
    parameters: dict[str, nn.Parameter] = {}
    names: Names = {}
    for m in plan.modalities:
        with torch.device("meta"):
            modality = build_component(
                Kind.MODALITY, m.component, modality_sizes(plan, m), registry
            )
        assert isinstance(modality, Modality)
        parameters |= {f"{m.name}.{n}": p for n, p in modality.named_parameters()}
        if m.name == "label":
            names["label.encoder.anchors"] = ("label_anchor", "anchor")
            continue
        encoder, decoder = modality.encoder, modality.decoder
        if isinstance(encoder, NcsnppEncoder):
            names |= _prefixed(f"{m.name}.encoder", "encoder", encoder_names(encoder))
        elif isinstance(encoder, ResNetEncoder):
            names |= _prefixed(f"{m.name}.encoder", "encoder", resnet_names(encoder))
        if isinstance(decoder, FlowDecoder) and isinstance(decoder.network, NcsnppVelocity):
            found = velocity_names(decoder.network)
            names |= _prefixed(f"{m.name}.decoder.network", "decoder", found)
    assert set(names) == set(parameters)
    return parameters, names


def _prefixed(prefix: str, part: str, names: Mapping[str, str]) -> Names:
    return {f"{prefix}.{ours}": (part, theirs) for ours, theirs in names.items()}


def _faults(
    parameters: Mapping[str, nn.Parameter],
    names: Names,
    states: Mapping[str, Mapping[str, Tensor]],
) -> list[str]:
    faults = []
    for ours, (part, name) in names.items():
        value, want = states.get(part, {}).get(name), tuple(parameters[ours].shape)
        if value is None:
            faults.append(f"`{name}` of `{part}` is missing")
        elif tuple(value.shape) != want:
            faults.append(f"`{name}` of `{part}` has shape {tuple(value.shape)}, not {want}")
    known = set(names.values())
    faults += [
        f"`{name}` of `{part}` is unknown"
        for part, state in states.items()
        for name in state
        if (part, name) not in known and name not in _UNUSED
    ]
    return faults


def _put_averages(
    checkpoint: Published,
    parameters: Mapping[str, nn.Parameter],
    names: Names,
    states: dict[str, dict[str, Tensor]],
) -> list[str]:
    """Put the averaged weights, which are listed without names, in place of the trained ones."""
    faults = []
    for part in states:
        trained = [
            (ours, name)
            for ours, (of, name) in names.items()
            if of == part and parameters[ours].requires_grad
        ]
        listed = checkpoint.averages.get(part, ())
        if len(listed) != len(trained):
            faults.append(
                f"`{part}_ema` has {len(listed)} averaged weights, the network {len(trained)}; "
                "`--raw` takes the others"
            )
            continue
        for number, ((ours, name), value) in enumerate(zip(trained, listed, strict=True)):
            want = tuple(parameters[ours].shape)
            if tuple(value.shape) != want:
                faults.append(
                    f"number {number} of `{part}_ema`, `{name}`, has shape {tuple(value.shape)}, "
                    f"not {want}"
                )
            states[part][name] = value
    return faults
