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

_MOST_GRAPHS = 64
"""Of a function: what is given or not, dtypes, and sizes of one each make their own."""


def on(device: torch.device, function: Callable[P, None]) -> Callable[P, None]:
    """Return the function as it should run on the device."""
    return fused(function) if device.type == "cuda" and has_triton() else function


@cache
def fused(function: Callable[P, None], backend: str = "inductor") -> Callable[P, None]:
    """Return the compiled function; where it does not compile, the plain one after a warning.

    One graph serves all sizes above one and all steps of a walk.
    """
    # They take a second to import.
    from torch._dynamo import config
    from torch._dynamo.exc import FailOnRecompileLimitHit, TorchDynamoException
    from torch.fx.experimental import _config as shapes

    compiled = torch.compile(function, dynamic=True, fullgraph=True, backend=backend)
    failed = False

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        nonlocal failed
        if not failed:
            try:
                # Sizes and offsets that happen to be equal once are not held to be equal again.
                with (
                    shapes.patch(use_duck_shape=False),  # type: ignore[attr-defined]  # as `config`
                    config.patch(recompile_limit=_MOST_GRAPHS),
                ):
                    compiled(*args, **kwargs)
            except (TorchDynamoException, FailOnRecompileLimitHit) as failure:
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
