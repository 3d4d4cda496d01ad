"""The state of an optimizer as named tensors: by parameter name, never by position."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn


def optimizer_tensors(optimizer: torch.optim.Optimizer, model: nn.Module) -> dict[str, Tensor]:
    """Return the state as `PARAMETER/ENTRY`; parameters without state yet are left out."""
    tensors: dict[str, Tensor] = {}
    for name, parameter in model.named_parameters():
        for entry, value in optimizer.state.get(parameter, {}).items():
            if value is not None:
                tensors[f"{name}/{entry}"] = torch.as_tensor(value)
    return tensors


def load_optimizer_tensors(
    optimizer: torch.optim.Optimizer, model: nn.Module, tensors: Mapping[str, Tensor]
) -> None:
    """Put back what `optimizer_tensors` returned.

    Raises ValueError for a parameter that the model lacks, or a state of another shape.
    """
    parameters = dict(model.named_parameters())
    for full_name, value in tensors.items():
        name, _, entry = full_name.rpartition("/")
        parameter = parameters.get(name)
        if parameter is None:
            raise ValueError(f"the optimizer's state has `{name}`, which the model lacks")
        if value.ndim and value.shape != parameter.shape:
            raise ValueError(
                f"the optimizer's `{full_name}` has shape {tuple(value.shape)}, "
                f"the parameter {tuple(parameter.shape)}"
            )
        # A step count stays on the CPU, as torch keeps it.
        device = parameter.device if value.ndim else value.device
        optimizer.state[parameter][entry] = value.clone().to(device)
