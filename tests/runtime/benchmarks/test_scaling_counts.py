"""Numbers that the model counts off the code: launches and memory of flows, FLOP of networks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from lzn_dsl.registry.plugins import default_registry
from lzn_runtime.benchmarks.latent.published import published_latents
from lzn_runtime.benchmarks.latent.timing import by, draw, forward_backward
from lzn_runtime.benchmarks.live_memory import LiveMemory
from lzn_runtime.benchmarks.scaling.counts import counts
from lzn_runtime.benchmarks.scaling.hardware import Assumptions
from lzn_runtime.benchmarks.scaling.programs import program
from lzn_runtime.benchmarks.scaling.public import against_published_rates
from lzn_runtime.benchmarks.scaling.step_memory import flows_memory
from lzn_runtime.benchmarks.scaling.workload import Form, LatentFlow, Workload, workload
from lzn_runtime.latent import LocalizationPEC, alignment_loss

ASSUMED = Assumptions()


# What reads and writes no number of a tensor, few of them, or is a product.
_ALIASES = {"alias", "as_strided", "detach", "expand", "lift_fresh", "permute", "select", "slice"}
_ALIASES |= {"split", "squeeze", "t", "transpose", "unbind", "unsqueeze", "view", "_unsafe_view"}
_FEW = {"empty_like", "new_empty", "empty", "scatter_", "mm", "addmm", "addmm_"}


class _Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's, untyped
    """Counts operations, and how often they read or write a whole tensor of `size` numbers."""

    def __init__(self, size: int = 0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count: int = 0
        self.touches: int = 0
        self._size = size

    def __torch_dispatch__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        self.count += 1
        result = func(*args, **(kwargs or {}))
        if func.overloadpacket.__name__ not in _ALIASES | _FEW:  # type: ignore[attr-defined]
            self.touches += sum(map(self._whole, tree_leaves((args, kwargs, result))))
        return result

    def _whole(self, value: object) -> bool:
        if not isinstance(value, Tensor) or value.numel() != self._size:
            return False
        return value.untyped_storage().nbytes() >= self._size * value.element_size()


def _aligned(steps: int) -> Callable[[Tensor, Tensor], Tensor]:
    own = torch.arange(64)
    return lambda a, z: alignment_loss(z, a, own, solver=LocalizationPEC(steps))[None]


def _operations(run: Callable[[], object]) -> int:
    counter = _Counter()
    with counter:
        run()
    return counter.count


@pytest.mark.parametrize("steps", [5, 20])
def test_a_flow_launches_no_more_operations_than_assumed(steps: int) -> None:
    anchors, noise = draw(64, 8, seed=0), draw(64, 8, seed=1)
    fixed, each = ASSUMED.flow_launches
    latents = _operations(lambda: forward_backward(by(LocalizationPEC(steps)), anchors, noise))
    leaf = anchors.clone().requires_grad_()
    aligned = _operations(lambda: torch.autograd.backward(_aligned(steps)(leaf, noise)))
    # No more, and not so few that the model should be told.
    assert (fixed + each * steps) / 4 < max(latents, aligned) <= fixed + each * steps


def test_the_published_form_launches_as_many_as_assumed() -> None:
    anchors, noise = draw(16, 4, seed=0), draw(16, 4, seed=1)

    def run(steps: int) -> object:
        return forward_backward(lambda a, e: published_latents(a, e, steps=steps), anchors, noise)

    fixed, each = ASSUMED.published_launches
    assert _operations(lambda: run(10)) == pytest.approx(fixed + 10 * each, rel=0.1)


def test_passes_over_tensors_are_those_assumed() -> None:
    size, dim, steps = 64, 24, 20
    anchors, noise = draw(size, dim, seed=0), draw(size, dim, seed=1)
    with _Counter(size * size * dim) as differences:
        forward_backward(lambda a, e: published_latents(a, e, steps=steps), anchors, noise)
    assert differences.touches == pytest.approx(steps * ASSUMED.difference_touches, rel=0.02)
    with _Counter(size * size) as strips:
        forward_backward(by(LocalizationPEC(steps)), anchors, noise)
    once, in_each = ASSUMED.strip_touches
    assert (once + in_each * steps) / 3 < strips.touches <= once + in_each * steps


@pytest.mark.parametrize(
    ("form", "low", "high"), [("published", 0.97, 1.05), ("attention", 0.5, 1.1)]
)
def test_memory_of_a_flow_is_that_of_its_tensors(form: Form, low: float, high: float) -> None:
    size, dim, steps = 512, 32, 4
    flow = LatentFlow("latents", "latents", size, size, gathers=True)
    work = Workload("flow", size, dim, steps, 0, (), (flow,))
    anchors, noise = draw(size, dim, seed=0), draw(size, dim, seed=1)
    ours = by(LocalizationPEC(steps))

    def latents(a: Tensor, e: Tensor) -> Tensor:
        return published_latents(a, e, steps=steps) if form == "published" else ours(a, e)

    with LiveMemory() as memory:
        forward_backward(latents, anchors, noise)
    model = flows_memory(work, 1, assumed=ASSUMED, form=form)
    assert low * model <= memory.peak <= high * model


def test_what_a_plan_asks_for() -> None:
    joint = program("joint", steps=5, train__batch=48)
    work = workload(joint.plan(), joint.registry)
    assert [(n.part, n.samples) for n in work.networks] == [("encoder", 48), ("decoder", 48)]
    assert [(f.kind, f.points, f.anchors) for f in work.flows] == [
        ("latents", 48, 48),
        ("alignment", 48, 10),
    ]
    sliced = program("joint", steps=5, train__batch=48, train__micro_batches=4)
    assert workload(sliced.plan(), sliced.registry) == work


def test_two_views_are_two_encodings_and_flows_both_ways() -> None:
    spec = program("embedding", steps=5, train__batch=48)
    work = workload(spec.plan(), spec.registry)
    assert [n.samples for n in work.networks] == [48, 48]
    assert [f.kind for f in work.flows] == ["latents"] * 2 + ["alignment"] * 2
    assert {(f.points, f.anchors) for f in work.flows} == {(48, 48)}


def test_the_plan_counts_what_networks_do() -> None:
    spec = program("joint", steps=5)
    rows = counts(spec.plan(), spec.registry)
    assert [str(row["network"]).split()[-1] for row in rows] == ["encoder", "decoder"]
    for row in rows:
        assert row["parameters, built"] == row["parameters, plan"]
        assert row["GFLOP, counted"] == pytest.approx(row["GFLOP, plan"], rel=1e-3)
        assert row["backward / forward"] == pytest.approx(2, abs=0.2)
        assert row["kept numbers, counted"] == pytest.approx(row["kept numbers, plan"], rel=0.15)


def test_the_model_is_within_the_stated_factor_of_published_rates() -> None:
    rows = against_published_rates(default_registry(), ASSUMED)
    assert len(rows) == 3
    for row in rows:
        assert 1 / 1.7 < float(row["model / published"]) < 1.7
