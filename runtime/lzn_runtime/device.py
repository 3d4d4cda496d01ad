"""The device that a model runs on."""

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
