"""Torch halves of the optimizers: settings and parameters to a torch optimizer."""

from collections.abc import Iterable

import torch
from torch import nn

from lzn_dsl.registry.builtin.optimizers import AdamSettings, AdamWSettings, SgdSettings


def adam(settings: AdamSettings, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return Adam (arXiv:1412.6980) over the parameters."""
    return torch.optim.Adam(
        parameters, lr=settings.lr, betas=settings.betas, weight_decay=settings.weight_decay
    )


def adamw(settings: AdamWSettings, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return Adam with decoupled weight decay (arXiv:1711.05101) over the parameters."""
    return torch.optim.AdamW(
        parameters, lr=settings.lr, betas=settings.betas, weight_decay=settings.weight_decay
    )


def sgd(settings: SgdSettings, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """Return gradient descent with momentum over the parameters."""
    return torch.optim.SGD(
        parameters,
        lr=settings.lr,
        momentum=settings.momentum,
        weight_decay=settings.weight_decay,
    )
