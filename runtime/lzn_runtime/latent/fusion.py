"""One evaluation of the flow as fused kernels, on CUDA.

An evaluation passes over its strips some ten times between its products. On a GPU these passes cost
as much as the products, so there the function is compiled: its passes become a few kernels, its
products stay those of the library. On CPU strips lie in the cache, and the plain function runs.
"""

import warnings
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec

import torch
from torch.utils._triton import has_triton

P = ParamSpec("P")


def on(device: torch.device, function: Callable[P, None]) -> Callable[P, None]:
    """Return the function as it should run on the device."""
    return fused(function) if device.type == "cuda" and has_triton() else function


@cache
def fused(function: Callable[P, None], backend: str = "inductor") -> Callable[P, None]:
    """Return the compiled function; where it does not compile, the plain one after a warning."""
    from torch._dynamo.exc import TorchDynamoException  # it takes a second to import

    compiled = torch.compile(function, dynamic=True, fullgraph=True, backend=backend)
    failed = False

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        nonlocal failed
        if not failed:
            try:
                compiled(*args, **kwargs)
            except TorchDynamoException as failure:
                failed = True
                reason = str(failure).partition("\n")[0]
                warnings.warn(
                    f"the latent flow runs without fused kernels: {reason}",
                    RuntimeWarning,
                    stacklevel=2,
                )
            else:
                return
        function(*args, **kwargs)

    return call
