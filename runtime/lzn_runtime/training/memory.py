"""Refuses a plan that the device has no memory for, before anything is allocated."""

import os

import torch

from lzn_dsl.diagnostics.diagnostic import Diagnostic, TrainingError
from lzn_dsl.graph import quantities
from lzn_dsl.planning.plan import Plan


def check_memory(plan: Plan, device: torch.device, limit: int | None = None) -> None:
    """Compare the plan's estimate with a limit in bytes, by default all that the device has.

    Raises TrainingError LZN606 where the estimate is above the limit.
    """
    available = limit if limit is not None else total_memory(device)
    if plan.cost.memory <= available:
        return
    owner = "allowed" if limit is not None else f"on `{device}`"
    largest = max(plan.cost.parts, key=lambda part: part.memory)
    raise TrainingError(
        Diagnostic(
            "LZN606",
            f"a training step needs about {quantities.memory(plan.cost.memory)} of memory, and "
            f"{quantities.memory(available)} are {owner}",
            notes=(
                f"{quantities.parameters(plan.cost.parameters)}; the largest part is "
                f"`{largest.id}` with {quantities.memory(largest.memory)}",
            ),
            hint="choose a smaller `batch` or network, or `micro_batches` above 1; `--memory 64G` "
            "allows more",
        )
    )


def total_memory(device: torch.device) -> int:
    """Return the memory of a device, in bytes."""
    if device.type == "cuda":
        return torch.cuda.get_device_properties(device).total_memory
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
