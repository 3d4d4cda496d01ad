"""Anchors of all processes, with gradient: each one's zones are bounded by the global batch.

    forward    A = [a_0; a_1; ...]           every process holds the rows of all, by rank
    backward   dL/da_r = sum over k of dL_k/dA, the rows of r       (reduce-scatter, SUM)

With the local loss L_k a mean over local points and as many of them on every process, averaging
the gradients of parameters over processes, as data-parallel training does, gives exactly the
gradient of the mean loss of the global batch. Nothing is multiplied by the number of processes.

Dimensions: b rows of each process, n rows of all, q latent size. Source: docs/latent.md.
"""

from collections.abc import Callable
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor, distributed
from torch.autograd.function import once_differentiable
from torch.distributed import ProcessGroup

_DTYPES = (torch.float64, torch.float32, torch.bfloat16, torch.float16)


def gather_anchors(
    local: Float[Tensor, "b q"], group: ProcessGroup | None = None
) -> tuple[Float[Tensor, "n q"], int]:
    """Return the anchors of all processes of a group, in order of rank, and this one's first row.

    Row i of `local` is row offset + i of the result: hand both to `compute_latents` as `pool` and
    `offset`, and pair row i with row offset + i in `alignment_loss`. Without a process group the
    result is `local` itself, and 0.

    Every process of the group (by default all) must call this, and use the result in a loss that
    it back-propagates, in the same order. Anchors are matrices of one shape and floating dtype on
    every process, and all or none have a gradient: otherwise `ValueError` on every process, with
    the value of each. That takes one more collective, of five integers.
    """
    if group is None and not (distributed.is_available() and distributed.is_initialized()):
        return local, 0
    _agree(local, group)
    anchors = cast("Tensor", _Gather.apply(local, group))
    return anchors, distributed.get_rank(group) * local.shape[0]


class _Gather(torch.autograd.Function):
    """All-gather, whose transpose is the reduce-scatter of sums."""

    @staticmethod
    def forward(ctx: Any, local: Tensor, group: ProcessGroup | None) -> Tensor:
        ctx.group = group
        return _all_gather(local, group)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        size = distributed.get_world_size(ctx.group)
        own = grad.new_empty(grad.shape[0] // size, grad.shape[1])
        scatter = _collective("reduce_scatter_single", before="reduce_scatter_tensor")
        scatter(own, grad.contiguous(), op=distributed.ReduceOp.SUM, group=ctx.group)
        return own, None


def _all_gather(local: Tensor, group: ProcessGroup | None) -> Tensor:
    """Rows of all processes; shapes and dtypes must be equal."""
    size = distributed.get_world_size(group)
    rows = local.new_empty(size * local.shape[0], *local.shape[1:])
    gather = _collective("all_gather_single", before="all_gather_into_tensor")
    gather(rows, local.detach().contiguous(), group=group)
    return rows


def _collective(name: str, *, before: str) -> Callable[..., object]:
    """A collective by its name, or by the one that it has in earlier versions of torch."""
    found = getattr(distributed, name if hasattr(distributed, name) else before)
    return cast("Callable[..., object]", found)


def _agree(local: Tensor, group: ProcessGroup | None) -> None:
    """Raise ValueError on every process unless all have anchors that can be gathered."""
    facts = torch.tensor([_facts(local)], device=local.device)
    of_all = [tuple(row) for row in _all_gather(facts, group).tolist()]
    ranks: dict[tuple[int, ...], list[int]] = {}
    for rank, one in enumerate(of_all):
        ranks.setdefault(one, []).append(rank)
    seen = "; ".join(f"{_show(one)} on {_ranks(where)}" for one, where in ranks.items())
    if not all(dims == 2 and rows and width and dtype >= 0 for dims, rows, width, dtype, _ in ranks):
        raise ValueError(f"anchors must be a floating matrix with rows and columns, got {seen}")
    if len(ranks) > 1:
        raise ValueError(
            f"anchors must have one shape and dtype on all processes, "
            f"with a gradient on all or none, got {seen}"
        )


def _facts(local: Tensor) -> tuple[int, int, int, int, int]:
    """What processes must agree on: number of dimensions, rows, columns, dtype, gradient."""
    rows, width = (*local.shape, 0, 0)[:2]
    dtype = _DTYPES.index(local.dtype) if local.dtype in _DTYPES else -1
    return local.ndim, rows, width, dtype, local.requires_grad and torch.is_grad_enabled()


def _show(facts: tuple[int, ...]) -> str:
    dims, rows, width, dtype, grad = facts
    shape = f"({rows}, {width})" if dims == 2 else f"{dims}-dimensional"
    kind = str(_DTYPES[dtype]) if dtype >= 0 else "another dtype"
    return f"{shape} {kind} {'with' if grad else 'without'} gradient"


def _ranks(ranks: list[int]) -> str:
    return f"rank{'s' if len(ranks) > 1 else ''} {', '.join(map(str, ranks))}"
