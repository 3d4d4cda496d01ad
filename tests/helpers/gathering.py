"""What two processes do in the tests of `gather_anchors`: functions of a rank, for `Ranks.run`.

Everything is drawn from seeds, so that each process knows the whole batch; it uses its own half.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from helpers.ranks import WORLD
from lzn_runtime.compile.micro_batches import in_slices
from lzn_runtime.flow.decoder import FlowDecoder
from lzn_runtime.flow.euler import Euler
from lzn_runtime.latent import (
    LocalizationPEC,
    alignment_loss,
    class_weights,
    compute_latents,
    gather_anchors,
)

BATCH, WIDTH, DIM, CLASSES = 24, 6, 8, 3
# With 8 steps the way up is too coarse for this case: its gradient is far from the exact flow's,
# and rounding grows in it beyond 1e-12.
_SOLVER = LocalizationPEC(12)


def draw(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Standard normal numbers that the seed decides."""
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=rng, dtype=torch.float64).to(dtype)


def gather_and_weigh(
    rank: int, shape: tuple[int, int], dtype: torch.dtype
) -> tuple[Tensor, int, Tensor]:
    """Anchors, offset, and the gradient of the sum of anchors by this rank's own weights."""
    local = draw(*shape, seed=rank, dtype=dtype).requires_grad_()
    anchors, offset = gather_anchors(local)
    weights = draw(WORLD * shape[0], shape[1], seed=10 + rank, dtype=dtype)
    torch.autograd.backward((weights * anchors).sum())
    assert local.grad is not None
    return anchors.detach(), offset, local.grad


def gather_twice(rank: int) -> tuple[Tensor, Tensor]:
    """Gradients where one tensor is gathered twice, a function of it and a transposed one once."""
    first = draw(4, 3, seed=rank).requires_grad_()
    second = draw(3, 4, seed=2 + rank).requires_grad_()
    once, again = gather_anchors(first)[0], gather_anchors(first)[0]
    other, square = gather_anchors(second.T)[0], gather_anchors(first.square())[0]
    torch.autograd.backward((once * again * other + square).sum() * (1 + rank))
    assert first.grad is not None
    assert second.grad is not None
    return first.grad, second.grad


def gather_without_gradient(rank: int) -> tuple[Tensor, bool]:
    """What is gathered where nobody asks for a gradient, and whether it has one."""
    with torch.no_grad():
        anchors, _ = gather_anchors(draw(4, 3, seed=rank).requires_grad_())
    return anchors, anchors.requires_grad


def gather_in_groups_of_one(rank: int) -> tuple[Tensor, Tensor, int]:
    """The local anchors, and what a group of this rank alone gathers."""
    group = [distributed.new_group([one]) for one in range(WORLD)][rank]
    assert isinstance(group, distributed.ProcessGroup)
    local = draw(4, 3, seed=rank)
    anchors, offset = gather_anchors(local, group)
    return local, anchors, offset


class Given(NamedTuple):
    """Anchors of one rank."""

    shape: tuple[int, ...]
    dtype: torch.dtype = torch.float64
    grad: bool = True


def gather_given(rank: int, given: Sequence[Given]) -> None:
    """Gather what each rank is given."""
    mine = given[rank]
    gather_anchors(torch.ones(mine.shape, dtype=mine.dtype).requires_grad_(mine.grad))


class Outcome(NamedTuple):
    """Latents (b, q), losses by name, and gradients of all parameters as one vector."""

    latents: Tensor
    losses: dict[str, float]
    gradient: Tensor


def whole_batch() -> Outcome:
    """One process on the whole batch."""
    model = _Model(slices=1)
    return _outcome(model, model, slice(None))


def half_batch(rank: int, slices: int, ddp: bool) -> Outcome:
    """One process on its half of the batch, gradients averaged over both."""
    model = _Model(slices=slices)
    outcome = _outcome(DistributedDataParallel(model) if ddp else model, model, _half(rank))
    if not ddp:
        distributed.all_reduce(outcome.gradient)
        outcome.gradient.div_(WORLD)
    return outcome


def whole_curve(steps: int) -> list[float]:
    """Total losses of a training by one process."""
    model = _Model(slices=1)
    return _curve(model, model, slice(None), steps)


def half_curve(rank: int, steps: int) -> list[float]:
    """Total losses, means over both processes, of a data-parallel training."""
    model = _Model(slices=1)
    losses = torch.tensor(
        _curve(DistributedDataParallel(model), model, _half(rank), steps), dtype=torch.float64
    )
    distributed.all_reduce(losses)
    return (losses / WORLD).tolist()


def _half(rank: int) -> slice:
    rows = BATCH // WORLD
    return slice(rank * rows, (rank + 1) * rows)


def _outcome(wrapped: nn.Module, model: "_Model", rows: slice) -> Outcome:
    latents, losses = wrapped(rows)
    torch.autograd.backward(torch.stack(list(losses.values())).sum())
    gradients = [p.grad for p in model.parameters()]
    assert all(g is not None for g in gradients)
    return Outcome(
        latents.detach(),
        {name: float(loss.detach()) for name, loss in losses.items()},
        torch.cat([g.flatten() for g in gradients if g is not None]),
    )


def _curve(wrapped: nn.Module, model: "_Model", rows: slice, steps: int) -> list[float]:
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    totals = []
    for _ in range(steps):
        optimizer.zero_grad()
        totals.append(sum(_outcome(wrapped, model, rows).losses.values()))
        optimizer.step()
    return totals


class _Velocity(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = _layers(WIDTH + 1 + DIM, WIDTH)

    def forward(self, x: Tensor, t: Tensor, latents: Tensor, classes: None) -> Tensor:
        v: Tensor = self.layers(torch.cat((x, t[:, None], latents), dim=1))
        return v


class _Model(nn.Module):
    """Two encoders, anchors of classes and a decoder: all kinds of losses, in float64."""

    def __init__(self, *, slices: int) -> None:
        super().__init__()
        self.slices = slices
        with torch.random.fork_rng(devices=()):
            torch.manual_seed(0)
            self.first, self.second = _layers(WIDTH, DIM), _layers(WIDTH, DIM)
            self.classes = nn.Parameter(torch.randn(CLASSES, DIM))
            self.decoder = FlowDecoder(_Velocity(), Euler(1), shape=(WIDTH,))
        self.double()

    def forward(self, rows: slice) -> tuple[Tensor, dict[str, Tensor]]:
        samples = draw(BATCH, WIDTH, seed=20)
        anchors, all_anchors, offset = self._encode(self.first, samples[rows])
        twins, all_twins, _ = self._encode(self.second, draw(BATCH, WIDTH, seed=21)[rows])
        noise = draw(BATCH, DIM, seed=22)[rows]
        near, near_twins, far = (
            compute_latents(local, alpha * noise, pool=pool, offset=offset, solver=_SOLVER)
            for local, pool, alpha in (
                (anchors, all_anchors, 0.3),
                (twins, all_twins, 0.3),
                (anchors, all_anchors, 1.0),
            )
        )
        index = torch.arange(BATCH)
        labels = index % CLASSES
        return near, {
            "there": alignment_loss(near, all_twins, index[rows], solver=_SOLVER),
            "back": alignment_loss(near_twins, all_anchors, index[rows], solver=_SOLVER),
            "label": alignment_loss(
                near,
                self.classes,
                labels[rows],
                weights=class_weights(labels, CLASSES),
                solver=_SOLVER,
            ),
            "decode": self._decode(samples[rows], far, index[rows]),
        }

    def _encode(self, encoder: nn.Module, samples: Tensor) -> tuple[Tensor, Tensor, int]:
        local = in_slices(encoder, samples, count=self.slices)
        return local, *gather_anchors(local)

    def _decode(self, samples: Tensor, latents: Tensor, index: Tensor) -> Tensor:
        def loss(samples: Tensor, latents: Tensor, index: Tensor) -> Tensor:
            return self.decoder.loss(samples, latents, classes=None, key=7, index=index)

        return in_slices(loss, samples, latents, index, count=self.slices).mean()


def _layers(width_in: int, width_out: int) -> nn.Module:
    return nn.Sequential(nn.Linear(width_in, 16), nn.Tanh(), nn.Linear(16, width_out))
