"""The training step: shared parts are computed once, and losses are what the paper says."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from helpers.plans import digits_plan, registry
from lzn_dsl.planning.plan import Plan, SharedOp
from lzn_runtime import randomness
from lzn_runtime.compile import training_step
from lzn_runtime.compile.losses import NotFiniteError
from lzn_runtime.compile.model import LatentModel, build_model
from lzn_runtime.compile.parts import make_augment, open_dataset
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.latent import (
    LocalizationPEC,
    alignment_loss,
    class_weights,
    compute_latents,
)
from lzn_runtime.modalities.protocol import Decoder

CPU = torch.device("cpu")
INDICES = torch.arange(100, 124)


@pytest.fixture(scope="module")
def batch() -> dict[str, Tensor]:
    dataset = open_dataset(digits_plan().datasets[0], registry(), Path())
    return dataset.__getitems__(INDICES.tolist())


def _compiled(plan: Plan) -> tuple[LatentModel, TrainingStep]:
    model = build_model(plan, registry(), device=CPU)
    return model, TrainingStep(plan, model, make_augment(plan, registry()))


def _count(module: nn.Module) -> list[int]:
    calls: list[int] = []
    module.register_forward_hook(lambda module, inputs, output: calls.append(len(output)))
    return calls


def test_a_batch_is_encoded_once_for_all_objectives(batch: dict[str, Tensor]) -> None:
    model, compute = _compiled(digits_plan())
    images = _count(model.modality("image").encoder)
    labels = _count(model.modality("label").encoder)
    losses = compute(batch, INDICES, 0)
    torch.autograd.backward(losses.total)
    assert images == [len(INDICES)]
    assert labels == []


@pytest.mark.parametrize(
    ("align", "decode", "want"),
    [
        ({"alpha": 0.3}, {"alpha": 1.0}, [24, 24]),
        ({"alpha": 0.5}, {"alpha": 0.5}, [24]),
        ({"alpha": 0.3}, {"alpha": 1.0, "samples": 6}, [24, 6]),
        ({"alpha": 0.5}, {"alpha": 0.5, "samples": 6}, [24]),
    ],
)
def test_latents_are_computed_once_a_scale_and_no_more_than_are_used(
    batch: dict[str, Tensor],
    monkeypatch: pytest.MonkeyPatch,
    align: dict[str, object],
    decode: dict[str, object],
    want: list[int],
) -> None:
    sizes: list[int] = []

    def counted(anchors: Tensor, noise: Tensor, **options: object) -> Tensor:
        sizes.append(len(anchors))
        return compute_latents(anchors, noise, **options)  # type: ignore[arg-type]  # as given

    monkeypatch.setattr(training_step, "compute_latents", counted)
    _, compute = _compiled(digits_plan(align=align, decode=decode))
    compute(batch, INDICES, 0)
    assert sizes == want


def test_losses_are_those_of_the_definition(batch: dict[str, Tensor]) -> None:
    align = {"alpha": 0.25, "cutoff": 0.2, "until": 0.6, "log": False, "weight": 2.0}
    plan = digits_plan(align=align, decode={"alpha": 0.75, "samples": 5, "weight": 0.5})
    model, compute = _compiled(plan)
    losses = compute(batch, INDICES, 3)

    solver = LocalizationPEC(plan.train.solver_steps)
    image, label = model.modality("image"), model.modality("label")
    samples = image.to_model(batch["image"])
    anchors = image.encoder(samples)
    own = randomness.normal(randomness.key(0, "own noise image", 3), INDICES, (8,))
    near = compute_latents(anchors, 0.25 * own, solver=solver)
    far = compute_latents(anchors, 0.75 * own, solver=solver)
    classes = label.finite_anchors()
    assert classes is not None
    want_align = alignment_loss(
        near,
        classes,
        batch["label"],
        weights=class_weights(batch["label"], 10),
        solver=solver,
        cutoff=0.2,
        until=0.6,
        log=False,
    )
    assert isinstance(image.decoder, Decoder)
    want_decode = image.decoder.loss(
        samples[:5],
        far[:5],
        classes=functional.one_hot(batch["label"][:5], 10).float(),
        key=randomness.key(0, "decoder image", 3),
        index=INDICES[:5],
    ).mean()
    torch.testing.assert_close(losses.parts["align image with label"], want_align)
    torch.testing.assert_close(losses.parts["decode image"], want_decode)
    torch.testing.assert_close(losses.total, 2 * want_align + 0.5 * want_decode)


def test_every_parameter_is_trained(batch: dict[str, Tensor]) -> None:
    model, compute = _compiled(digits_plan())
    torch.autograd.backward(compute(batch, INDICES, 0).total)
    untrained = [name for name, p in model.named_parameters() if p.grad is None]
    assert untrained == []


def test_alignment_of_two_unlike_modalities_has_its_mirror(batch: dict[str, Tensor]) -> None:
    plan = _paired(digits_plan(tasks=["name"]))
    model, compute = _compiled(plan)
    losses = compute({**batch, "photo": batch["image"].flip(3)}, INDICES, 0)
    solver = LocalizationPEC(plan.train.solver_steps)
    latents, anchors = {}, {}
    for name, column in (("image", batch["image"]), ("photo", batch["image"].flip(3))):
        modality = model.modality(name)
        anchors[name] = modality.encoder(modality.to_model(column))
        key = randomness.key(0, f"own noise {name}", 0)
        noise = 0.3 * randomness.normal(key, INDICES, (8,))
        latents[name] = compute_latents(anchors[name], noise, solver=solver)
    own = torch.arange(len(INDICES))
    there = alignment_loss(latents["image"], anchors["photo"], own, solver=solver)
    back = alignment_loss(latents["photo"], anchors["image"], own, solver=solver)
    torch.testing.assert_close(losses.total, (there + back) / 2)


def _paired(plan: Plan) -> Plan:
    """Image aligned with a second picture, `photo`, in place of its label."""
    photo = plan.modality("image").model_copy(update={"name": "photo"})
    (align, _) = plan.objectives
    objective = align.model_copy(update={"id": "align", "other": "photo"})
    ops = []
    for name in ("image", "photo"):
        ops += [
            SharedOp(id=f"batch {name}", op="batch", modality=name),
            SharedOp(id=f"encode {name}", op="encode", operands=(f"batch {name}",), modality=name),
            SharedOp(
                id=f"latents {name} 0.3",
                op="latents",
                operands=(f"encode {name}",),
                modality=name,
                alpha=0.3,
            ),
        ]
    loss = SharedOp(
        id="loss align",
        op="loss",
        operands=("latents image 0.3", "latents photo 0.3"),
        modality="image",
        objective="align",
    )
    return plan.model_copy(
        update={
            "modalities": (*plan.modalities, photo),
            "objectives": (objective,),
            "step": (*ops, loss),
        }
    )


def test_losses_depend_on_the_step_and_the_samples_alone(batch: dict[str, Tensor]) -> None:
    _, compute = _compiled(digits_plan(augment=True))
    first = compute(batch, INDICES, 0).total.detach()
    assert compute(batch, INDICES, 1).total.detach() != first
    assert compute(batch, INDICES + 1, 0).total.detach() != first
    assert compute(batch, INDICES, 0).total.detach() == first


@pytest.mark.parametrize("where", ["encoder", "decoder"])
def test_weights_that_are_not_finite_are_told_apart(batch: dict[str, Tensor], where: str) -> None:
    model, compute = _compiled(digits_plan())
    part = getattr(model.modality("image"), where)
    with torch.no_grad():
        next(iter(part.parameters())).fill_(torch.nan)
    if where == "encoder":
        with pytest.raises(NotFiniteError, match="anchors of image"):
            compute(batch, INDICES, 0)
    else:
        losses = compute(batch, INDICES, 0)
        assert [n for n, x in losses.parts.items() if not x.isfinite()] == ["decode image"]


@pytest.mark.parametrize(
    "change",
    [
        lambda ops: ops[1:],
        lambda ops: (*ops, SharedOp(id="loss x", op="loss", operands=(ops[0].id, ops[1].id))),
        lambda ops: (*ops, SharedOp(id="encode x", op="encode", modality="image")),
    ],
)
def test_step_that_cannot_run_is_refused(
    change: Callable[[tuple[SharedOp, ...]], tuple[SharedOp, ...]],
) -> None:
    plan = digits_plan()
    with pytest.raises(ValueError, match="of the plan has"):
        _compiled(plan.model_copy(update={"step": change(plan.step)}))


def test_model_of_a_seed_has_the_same_weights_and_names() -> None:
    first = build_model(digits_plan(), registry(), device=CPU).state_dict()
    again = build_model(digits_plan(tasks=["draw"]), registry(), device=CPU).state_dict()
    other = build_model(digits_plan({"seed": 1}), registry(), device=CPU).state_dict()
    assert first.keys() == again.keys()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["label.encoder.anchors"], other["label.encoder.anchors"])
    assert all(name.split(".")[0] in ("image", "label") for name in first)
