"""Check that a modality moves: all that it holds goes along, and it makes nothing elsewhere.

On the meta device, which every machine has, a tensor that was left on the CPU, or is made there,
shows as an operand of an operation. Where there is a CUDA device, results are compared too.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from lzn_dsl.testing.report import Problem
from lzn_runtime.conformance.subject import KEY, Subject
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder, Modality

_HINT = "make it a buffer (`register_buffer(..., persistent=False)`), or on its operand's device"


def check_devices(subject: Subject) -> Iterator[Problem]:
    """Find tensors that do not move with the modality."""
    modality = subject.copy()
    hidden = list(_unregistered(modality))
    for where, kind in hidden:
        yield Problem("every tensor in a parameter or a buffer", f"{kind} in `{where}`", _HINT)
    if hidden:
        return
    modality.to("meta")
    for name, call in _calls_on(subject, modality, torch.device("meta")):
        watch = _Watch()
        try:
            with watch:
                call()
        except (RuntimeError, NotImplementedError, ValueError) as failure:
            if not watch.elsewhere and not _reads_numbers(failure):
                yield _moved(name, str(failure).strip())
        for operation in sorted(watch.elsewhere):
            yield _moved(name, f"a CPU tensor in {operation}")
    if torch.cuda.is_available():
        yield from _check_cuda(subject)


def _check_cuda(subject: Subject) -> Iterator[Problem]:
    device = torch.device("cuda")
    modality = subject.copy().to(device)
    here = dict(subject.calls(subject.modality))
    rows = torch.arange(len(subject.column))
    for name, call in _calls_on(subject, modality, device):
        there = call()
        if there.device.type != device.type:
            yield _moved(name, f"a result on {there.device}")
        elif not torch.allclose(here[name](rows), there.cpu(), rtol=0.05, atol=0.05):
            yield _moved(name, "another result than on the CPU")


def _calls_on(
    subject: Subject, modality: Modality, device: torch.device
) -> Iterator[tuple[str, Callable[[], Tensor]]]:
    """Yield the functions of a modality with arguments on a device."""
    samples, latents = subject.samples.to(device), subject.fixed_latents.to(device)
    index = subject.index.to(device)
    classes = None if subject.classes is None else subject.classes.to(device)
    decoder = modality.decoder
    yield "encoder", lambda: modality.encoder(samples)
    yield "encoder.features", lambda: modality.encoder.features(samples)
    if isinstance(decoder, ClassDecoder):
        yield "decoder.decode", lambda: decoder.decode(latents)
    elif isinstance(decoder, Decoder):
        yield (
            "decoder.loss",
            lambda: decoder.loss(samples, latents, classes=classes, key=KEY, index=index),
        )
        yield (
            "decoder.sample",
            lambda: decoder.sample(latents, classes=classes, key=KEY, index=index),
        )


class _Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes the operations that read or make a CPU tensor; single numbers may come from there."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.elsewhere: set[str] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        self._note(func, (args, kwargs))
        result = func(*args, **(kwargs or {}))
        self._note(func, result)
        return result

    def _note(self, func: Any, values: object) -> None:
        leaves = [leaf for leaf in tree_leaves(values) if isinstance(leaf, Tensor)]
        if any(leaf.device.type == "cpu" and leaf.ndim > 0 for leaf in leaves):
            self.elsewhere.add(str(func))


def _reads_numbers(failure: Exception) -> bool:
    """Whether a function failed only because there are no numbers on the meta device."""
    return isinstance(failure, NotImplementedError) or any(
        word in str(failure).lower() for word in ("meta", "data-dependent", "item()")
    )


def _unregistered(modality: Modality) -> Iterator[tuple[str, str]]:
    """Yield place and kind of tensors and modules that are attributes and nothing more."""
    known = {id(t) for t in (*modality.parameters(), *modality.buffers())}
    inside = {id(module) for module in modality.modules()}
    for name, module in modality.named_modules():
        for attribute, value in vars(module).items():
            if attribute in ("_parameters", "_buffers", "_modules"):
                continue
            where = f"{name}.{attribute}".removeprefix(".")
            for leaf in _leaves(value):
                if isinstance(leaf, Tensor) and id(leaf) not in known:
                    yield where, "a tensor"
                if isinstance(leaf, nn.Module) and id(leaf) not in inside:
                    yield where, "a module that is not registered"


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _moved(name: str, found: str) -> Problem:
    return Problem(f"`{name}` on the device that it was moved to", found, _HINT)
