"""The device that a model runs on, and how it computes."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


def pick_device(name: str | None = None) -> torch.device:
    """Return the named device, by default CUDA where there is one, else the CPU.

    Raises ValueError for a name that is no device, or a device that is not there.
    """
    if name is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(f"`{name}` is no device: use `cpu`, `cuda` or `cuda:1`") from error
    if device.type == "cpu":
        return device
    if device.type != "cuda":
        raise ValueError(f"the device must be `cpu` or `cuda`, got `{name}`")
    count = torch.cuda.device_count()
    if (device.index or 0) >= count:
        raise ValueError(f"there is no device `{name}`: PyTorch sees {count} CUDA devices")
    return device


@contextmanager
def deterministic() -> Iterator[None]:
    """Let torch use only operations whose result is the same every time, on the CPU and on CUDA.

    Sums over indexed rows are otherwise added in the order in which threads come. An operation of
    CUDA that has no such form is used all the same, with torch's warning.
    """
    before = torch.are_deterministic_algorithms_enabled()
    warned = torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(mode=True, warn_only=not before or warned)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(mode=before, warn_only=warned)
