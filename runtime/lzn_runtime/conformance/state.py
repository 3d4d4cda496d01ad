"""Check that a checkpoint holds all that a modality computes with."""

from collections.abc import Iterator

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from lzn_dsl.testing.report import Problem
from lzn_runtime.conformance.subject import Subject


@torch.no_grad()
def check_state(subject: Subject) -> Iterator[Problem]:
    """Find weights that cannot be saved, and results that differ after loading."""
    saved = subject.build(seed=1)
    try:
        stored = load(save(saved.state_dict()))
    except (RuntimeError, ValueError, SafetensorError) as failure:
        yield Problem(
            "a state_dict() that safetensors can hold",
            str(failure).strip().splitlines()[0],
            "register each tensor once; what is tied is shared by reference in the module",
        )
        return
    loaded = subject.build(seed=2)
    answer = loaded.load_state_dict(stored, strict=False)
    for names, words in ((answer.missing_keys, "missing"), (answer.unexpected_keys, "left over")):
        if names:
            yield Problem(
                "the same names in a state_dict() that is saved and one that is loaded",
                f"{words}: {', '.join(names)}",
                "make parameters and persistent buffers in the constructor, always the same",
            )
            return
    for (name, before), after in zip(
        subject.outputs(saved).items(), subject.outputs(loaded).values(), strict=True
    ):
        if not torch.equal(before, after):
            yield Problem(
                f"the same `{name}` after its state was saved and loaded",
                f"a difference of up to {float((before - after).abs().max()):g}",
                "keep all that is drawn or learned in parameters or persistent buffers",
            )
