"""Micro-batches: the same gradient for any number of slices, with the memory of one."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from helpers.plans import digits_plan, registry
from lzn_dsl.diagnostics.diagnostic import TrainingError
from lzn_dsl.planning.plan import ObjectivePlan, Plan, SharedOp
from lzn_runtime.benchmarks.live_memory import LiveMemory
from lzn_runtime.compile.micro_batches import in_slices
from lzn_runtime.compile.model import LatentModel, build_model
from lzn_runtime.compile.parts import make_augment, open_dataset
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.flow.decoder import FlowDecoder
from lzn_runtime.modalities.image import ImageModality
from lzn_runtime.modalities.protocol import Encoder

INDICES = torch.arange(200, 223)  # 23 samples: no count but 1 divides them


@pytest.fixture(scope="module")
def batch() -> dict[str, Tensor]:
    dataset = open_dataset(digits_plan().datasets[0], registry(), Path())
    columns = dataset.__getitems__(INDICES.tolist())
    return {**columns, "photo": columns["image"].flip(3)}


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images as float64."""
    single = ImageModality.to_model

    def to_model(self: ImageModality, column: Tensor) -> Tensor:
        return single(self, column).double()

    monkeypatch.setattr(ImageModality, "to_model", to_model)


def _plan(slices: int, *, samples: int = 0, conditioned: bool = True) -> Plan:
    """Labels and photos aligned with images, which are decoded and augmented."""
    plan = digits_plan(
        {"micro_batches": slices},
        decode={"samples": samples},
        augment=True,
        conditioned=conditioned,
    )
    align = plan.objectives[0].model_copy(update={"id": "pair", "other": "photo"})
    photo = plan.modality("image").model_copy(update={"name": "photo"})
    ops = (
        SharedOp(id="batch photo", op="batch", modality="photo"),
        SharedOp(id="encode photo", op="encode", operands=("batch photo",), modality="photo"),
        SharedOp(
            id="latents photo",
            op="latents",
            operands=("encode photo",),
            modality="photo",
            alpha=0.3,
        ),
        _loss(align, "latents image 0.3", "latents photo"),
    )
    return plan.model_copy(
        update={
            "modalities": (*plan.modalities, photo),
            "objectives": (*plan.objectives, align),
            "step": (*plan.step, *ops),
        }
    )


def _loss(objective: ObjectivePlan, *operands: str) -> SharedOp:
    return SharedOp(
        id=f"loss {objective.id}",
        op="loss",
        operands=operands,
        modality=objective.modality,
        objective=objective.id,
    )


def _model(plan: Plan) -> LatentModel:
    return build_model(plan, registry(), device=torch.device("cpu")).double().train()


def _gradients(plan: Plan, batch: Mapping[str, Tensor]) -> tuple[dict[str, float], Tensor]:
    """Losses by name, and the gradient of all parameters as one vector."""
    model = _model(plan)
    losses = TrainingStep(plan, model, make_augment(plan, registry()))(batch, INDICES, 5)
    torch.autograd.backward(losses.total)
    gradients = [p.grad for n, p in model.named_parameters() if not n.startswith("photo.decoder")]
    assert all(g is not None for g in gradients)
    found = {name: float(loss.detach()) for name, loss in losses.parts.items()}
    return found, torch.cat([g.flatten() for g in gradients if g is not None])


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("slices", [2, 3, 4, 7, 23])
@pytest.mark.parametrize(("samples", "conditioned"), [(0, True), (6, True), (0, False)])
def test_gradient_does_not_depend_on_the_number_of_slices(
    batch: dict[str, Tensor], slices: int, samples: int, conditioned: bool
) -> None:
    want_losses, want = _gradients(_plan(1, samples=samples, conditioned=conditioned), batch)
    losses, gradient = _gradients(_plan(slices, samples=samples, conditioned=conditioned), batch)
    assert losses == pytest.approx(want_losses, rel=1e-12)
    assert set(losses) == {"align image with label", "decode image", "pair"}
    # Convolutions round slices of one sample differently, and the flow multiplies that.
    bound = 3e-12 if slices == len(INDICES) else 1e-12
    torch.testing.assert_close(gradient, want, rtol=0, atol=bound * float(want.abs().max()))


@pytest.mark.usefixtures("double")
def test_zones_of_slices_alone_would_be_another_gradient(batch: dict[str, Tensor]) -> None:
    """What the test above would see if anchors bounded the zones of their slice only."""
    _, want = _gradients(_plan(1), batch)
    plan, parts = _plan(1), []
    for rows in torch.arange(len(INDICES)).tensor_split(4):
        model = _model(plan)
        compute = TrainingStep(plan, model, make_augment(plan, registry()))
        losses = compute({name: c[rows] for name, c in batch.items()}, INDICES[rows], 5)
        torch.autograd.backward(losses.total * len(rows) / len(INDICES))
        gradients = [p.grad for n, p in model.named_parameters() if "photo.decoder" not in n]
        parts.append(torch.cat([g.flatten() for g in gradients if g is not None]))
    assert (torch.stack(parts).sum(0) - want).abs().max() > 1e-3 * want.abs().max()


def test_each_network_sees_one_slice_at_a_time_and_twice(batch: dict[str, Tensor]) -> None:
    plan = _plan(4, samples=6)
    model = build_model(plan, registry(), device=torch.device("cpu"))
    image = model.modality("image")
    assert isinstance(image.decoder, FlowDecoder)
    seen: dict[str, list[int]] = {"encoder": [], "decoder": []}
    for name, network in (("encoder", image.encoder), ("decoder", image.decoder.network)):
        calls = seen[name]
        network.register_forward_pre_hook(
            lambda _, inputs, calls=calls: calls.append(len(inputs[0]))
        )
    losses = TrainingStep(plan, model)(batch, INDICES, 0)
    assert seen == {"encoder": [6, 6, 6, 5], "decoder": [2, 2, 1, 1]}
    torch.autograd.backward(losses.total)
    assert seen == {
        "encoder": [6, 6, 6, 5, 5, 6, 6, 6],
        "decoder": [2, 2, 1, 1, 1, 1, 2, 2],
    }


def test_memory_of_activations_falls_with_the_number_of_slices() -> None:
    sides = [1, 16, 16, 16, 16]
    convs = [nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.ReLU()) for i, o in pairwise(sides)]
    network = nn.Sequential(*convs, nn.Flatten(), nn.Linear(16 * 64, 8))
    images = torch.randn(64, 1, 8, 8, generator=torch.Generator().manual_seed(0))

    def peak(count: int) -> int:
        network.zero_grad()
        with LiveMemory() as memory:
            torch.autograd.backward(in_slices(network, images, count=count).square().mean())
        found: int = memory.peak
        return found

    whole = peak(1)
    assert peak(4) < 0.4 * whole
    assert peak(16) < 0.25 * whole


def test_random_numbers_of_torch_are_the_same_in_both_passes() -> None:
    """Networks draw by key and index; should one use dropout, its gradient is right as well."""
    x = torch.ones(10, 3, requires_grad=True)
    torch.manual_seed(0)
    y = in_slices(lambda rows: functional.dropout(rows, 0.5), x, count=3)
    after = torch.get_rng_state()
    torch.autograd.backward(y.sum())
    assert x.grad is not None
    torch.testing.assert_close(x.grad, y.detach())
    assert {0.0, 2.0} == set(y.detach().flatten().tolist())
    assert torch.equal(torch.get_rng_state(), after)


def test_more_slices_than_samples_are_slices_of_one() -> None:
    sizes: list[int] = []

    def network(rows: Tensor, nothing: None) -> Tensor:
        sizes.append(len(rows))
        assert nothing is None
        return 2 * rows

    x = torch.arange(6.0).reshape(3, 2)
    assert torch.equal(in_slices(network, x, None, count=5), 2 * x)
    assert sizes == [1, 1, 1]


class _BatchNormEncoder(Encoder):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(64, 8), nn.BatchNorm1d(8))

    def forward(self, samples: Tensor) -> Tensor:
        anchors: Tensor = self.layers(samples)
        return anchors

    def features(self, samples: Tensor) -> Tensor:
        return self.forward(samples)


def test_batch_norms_in_training_are_refused_by_name(batch: dict[str, Tensor]) -> None:
    plan = digits_plan({"micro_batches": 2})
    model = build_model(plan, registry(), device=torch.device("cpu"))
    model.modality("image").encoder = _BatchNormEncoder()
    compute = TrainingStep(plan, model.train())
    with pytest.raises(TrainingError, match=r"LZN605.*cannot see it in micro-batches") as caught:
        compute(batch, INDICES, 0)
    assert caught.value.diagnostics[0].notes == ("layers: `image.encoder.layers.2`",)
    model.eval()
    assert compute(batch, INDICES, 0).total.isfinite()
    model.train()
    whole = TrainingStep(digits_plan(), model)
    assert whole(batch, INDICES, 0).total.isfinite()
