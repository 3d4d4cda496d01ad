"""Anchors of all processes, with gradient: each one's zones are bounded by the global batch.

    forward    A = [a_0; a_1; ...]           every process holds the rows of all, by rank
    backward   dL/da_r = sum over k of dL_k/dA, the rows of r       (reduce-scatter, SUM)

With the local loss L_k a mean over local points and as many of them on every process, averaging
the gradients of parameters over processes, as data-parallel training does, gives exactly the
gradient of the mean loss of the global batch. Nothing is multiplied by the number of processes.

Dimensions: b rows of each process, n rows of all, q latent size. Source: docs/latent.md.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

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
    the value of each. To find out takes a collective of five integers.
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


class _Facts(NamedTuple):
    """What processes must agree on before they gather."""

    dims: int
    rows: int
    width: int
    dtype: int
    grad: int

    def __str__(self) -> str:
        shape = f"({self.rows}, {self.width})" if self.dims == 2 else f"{self.dims}-dimensional"
        dtype = str(_DTYPES[self.dtype]) if self.dtype >= 0 else "another dtype"
        return f"{shape} {dtype} {'with' if self.grad else 'without'} gradient"

    def fit(self) -> bool:
        """Whether these are anchors."""
        return self.dims == 2 and self.rows > 0 and self.width > 0 and self.dtype >= 0


def _agree(local: Tensor, group: ProcessGroup | None) -> None:
    """Raise ValueError on every process unless all have anchors that can be gathered."""
    ours = torch.tensor([_facts(local)], device=local.device)
    ranks: dict[_Facts, list[str]] = {}
    for rank, facts in enumerate(_all_gather(ours, group).tolist()):
        ranks.setdefault(_Facts(*facts), []).append(str(rank))
    if len(ranks) == 1 and all(facts.fit() for facts in ranks):
        return
    seen = "; ".join(
        f"{facts} on rank{'s' if len(where) > 1 else ''} {', '.join(where)}"
        for facts, where in ranks.items()
    )
    if not all(facts.fit() for facts in ranks):
        raise ValueError(f"anchors must be a floating matrix with rows and columns, got {seen}")
    raise ValueError(
        f"anchors must have one shape and dtype on all processes, with a gradient on all or none, "
        f"got {seen}"
    )


def _facts(local: Tensor) -> _Facts:
    rows, width = (*local.shape, 0, 0)[:2]
    dtype = _DTYPES.index(local.dtype) if local.dtype in _DTYPES else -1
    grad = local.requires_grad and torch.is_grad_enabled()
    return _Facts(local.ndim, rows, width, dtype, int(grad))
