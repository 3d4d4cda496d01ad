"""Training steps and routines of the other methods, compiled from programs."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.spec import load
from lzn_runtime import randomness
from lzn_runtime.compile.classifier import class_scores
from lzn_runtime.compile.model import LatentModel, build_model
from lzn_runtime.compile.parts import make_augment, make_views, open_dataset
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.flow.decoder import FlowDecoder
from lzn_runtime.latent import LocalizationPEC, alignment_loss, compute_latents
from lzn_runtime.modalities.image import ImageModality
from lzn_runtime.trained_model import TrainedModel

REGISTRY = default_registry()
INDICES = torch.arange(100, 119)
HEAD = """
space gaussian(dim: 8)
modality image = image(
    encoder: conv(widths: [8, 8]), decoder: flow(unet(width: 8), sampler: euler(steps: 2)),
)
"""
TRAIN = "train { batch: 19, solver_steps: 6, support: 40 }"


@pytest.fixture(scope="module")
def batch() -> dict[str, Tensor]:
    dataset = open_dataset(_plan("embed image").datasets[0], REGISTRY, Path())
    return dataset.__getitems__(INDICES.tolist())


def _plan(tasks: str, **train: object) -> Plan:
    settings = {f"train.{name}": value for name, value in train.items()}
    return load(f"{HEAD}{tasks}\n{TRAIN}", settings=settings, registry=REGISTRY).plan()


def _compiled(plan: Plan) -> tuple[LatentModel, TrainingStep]:
    model = build_model(plan, REGISTRY, device=torch.device("cpu"))
    views = make_views(plan, REGISTRY)
    return model, TrainingStep(plan, model, make_augment(plan, REGISTRY), views)


def _loss(plan: Plan, batch: dict[str, Tensor], step: int = 0) -> Tensor:
    return _compiled(plan)[1](batch, INDICES, step).total.detach()


def test_two_views_are_aligned_both_ways(batch: dict[str, Tensor]) -> None:
    plan = _plan("embed image\nlearn align image with image { alpha: 0.4, log: false }")
    model, compute = _compiled(plan)
    image, solver = model.modality("image"), LocalizationPEC(6)
    anchors, latents = [], []
    for view in (1, 2):
        change = make_views(plan, REGISTRY)[f"batch image, view {view}"]
        anchors.append(image.encoder(image.to_model(change(batch["image"], 3, INDICES))))
        key = randomness.key(0, f"own noise image, view {view}", 3)
        noise = 0.4 * randomness.normal(key, INDICES, (8,))
        latents.append(compute_latents(anchors[-1], noise, solver=solver))
    own = torch.arange(len(INDICES))
    there = alignment_loss(latents[0], anchors[1], own, solver=solver, cutoff=0.2, log=False)
    back = alignment_loss(latents[1], anchors[0], own, solver=solver, cutoff=0.2, log=False)
    torch.testing.assert_close(compute(batch, INDICES, 3).total, (there + back) / 2)


@pytest.mark.parametrize("task", ["embed image", "embed image using simclr"])
def test_views_are_of_the_step_and_the_samples_alone(task: str, batch: dict[str, Tensor]) -> None:
    plan = _plan(task)
    assert torch.equal(_loss(plan, batch), _loss(plan, batch))
    assert not torch.equal(_loss(plan, batch), _loss(plan, batch, 1))
    views = make_views(plan, REGISTRY)
    first, second = (change(batch["image"], 0, INDICES) for change in views.values())
    assert (first != second).flatten(1).any(1).double().mean() > 0.9
    order = torch.randperm(len(INDICES))
    again = views["batch image, view 1"](batch["image"][order], 0, INDICES[order])
    assert torch.equal(again, first[order])


def test_without_its_views_a_step_is_refused() -> None:
    plan = _plan("embed image using simclr")
    model = build_model(plan, REGISTRY, device=torch.device("cpu"))
    with pytest.raises(ValueError, match="nothing makes the views"):
        TrainingStep(plan, model)


def test_cross_entropy_is_torch_s_of_the_products(batch: dict[str, Tensor]) -> None:
    plan = _plan("classify image as label using cross_entropy(weight: 2, smoothing: 0.1)")
    model, compute = _compiled(plan)
    losses = compute(batch, INDICES, 0)
    image = model.modality("image")
    anchors = image.encoder(image.to_model(batch["image"]))
    classes = model.modality("label").finite_anchors()
    assert classes is not None
    scores = anchors @ classes.T / 8**0.5
    want = functional.cross_entropy(scores, batch["label"], label_smoothing=0.1)
    torch.testing.assert_close(losses.parts["classify image as label"], want)
    torch.testing.assert_close(losses.total, 2 * want)
    torch.autograd.backward(losses.total)
    parts = [*image.encoder.parameters(), *model.modality("label").encoder.parameters()]
    assert all(p.grad is not None for p in parts)


def test_nothing_encodes_and_nothing_trains_the_encoder_of_a_rectified_flow(
    batch: dict[str, Tensor],
) -> None:
    model, compute = _compiled(_plan("generate image using rectified_flow"))
    encoded: list[Tensor] = []
    image = model.modality("image")
    image.encoder.register_forward_hook(lambda module, inputs, output: encoded.append(output))
    torch.autograd.backward(compute(batch, INDICES, 0).total)
    assert encoded == []
    assert all(p.grad is None for p in image.encoder.parameters())
    assert isinstance(image.decoder, FlowDecoder)
    assert all(p.grad is not None for p in image.decoder.parameters())


def _decoders(**told: str) -> dict[str, FlowDecoder]:
    found = {}
    for method in ("latent_zoning", "rectified_flow"):
        model = build_model(
            _plan(f"generate image using {method}"), REGISTRY, device=torch.device("cpu")
        )
        decoder = model.modality("image").decoder
        assert isinstance(decoder, FlowDecoder)
        found[method] = decoder
    return found


def test_a_decoder_without_latents_has_the_same_network_but_for_its_condition() -> None:
    shapes = {
        method: {n: tuple(p.shape) for n, p in decoder.named_parameters()}
        for method, decoder in _decoders().items()
    }
    told, blind = shapes["latent_zoning"], shapes["rectified_flow"]
    assert told.keys() == blind.keys()
    differing = [n for n in told if told[n] != blind[n]]
    assert len(differing) == 1
    (name,) = differing
    assert told[name][1] - blind[name][1] == 8 or blind[name][1] == 0


def test_what_a_decoder_without_latents_does_depends_on_none(batch: dict[str, Tensor]) -> None:
    decoder = _decoders()["rectified_flow"]
    samples = batch["image"][:3].float() / 127.5 - 1
    index, key = INDICES[:3], 4
    one, other = torch.zeros(3, 8), torch.ones(3, 8)
    with torch.no_grad():
        losses = [
            decoder.loss(samples, z, classes=None, key=key, index=index)
            for z in (one[:, :0], other[:, :0])
        ]
    drawn = [decoder.sample(z, classes=None, key=key, index=index) for z in (one, other)]
    noise = [decoder.invert(samples, z, classes=None) for z in (one, other)]
    for first, second in (losses, drawn, noise):
        assert torch.equal(first, second)
    told = _decoders()["latent_zoning"]
    for p in told.parameters():  # layers that begin at zero hear of nothing
        torch.nn.init.normal_(p, std=0.1, generator=torch.Generator().manual_seed(0))
    drawn = [told.sample(z, classes=None, key=key, index=index) for z in (one, other)]
    assert not torch.equal(drawn[0], drawn[1])


def test_a_class_is_the_same_alone_and_in_any_batch(batch: dict[str, Tensor]) -> None:
    plan = _plan("task name = classify image as label using cross_entropy")
    model = TrainedModel(plan, _compiled(plan)[0], REGISTRY, step=0)
    every = model.run("name", {"image": batch["image"]})
    image = model.model.modality("image")
    classes = model.model.modality("label").finite_anchors()
    assert classes is not None
    with torch.no_grad():
        scores = class_scores(image.encoder(image.to_model(batch["image"])), classes)
    assert torch.equal(every.value, scores.argmax(1))
    assert every.scores is not None
    torch.testing.assert_close(every.scores.sum(1), torch.ones(len(INDICES)))
    for rows in ([0], [3, 1], list(range(5, 19))):
        some = model.run("name", {"image": batch["image"][rows]})
        assert torch.equal(some.value, every.value[rows])
        assert some.scores is not None
        assert torch.equal(some.scores, every.scores[rows])


@pytest.mark.parametrize(
    "tasks",
    [
        "embed image",
        "embed image using simclr",
        "embed image using moco(queue: 30)",
        "classify image as label using cross_entropy",
        "generate image from label using rectified_flow",
    ],
)
def test_micro_batches_have_the_gradient_of_one_batch(
    tasks: str, batch: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    single = ImageModality.to_model
    monkeypatch.setattr(ImageModality, "to_model", lambda m, column: single(m, column).double())

    def gradient(slices: int) -> Tensor:
        plan = _plan(tasks, micro_batches=slices)
        model = build_model(plan, REGISTRY, device=torch.device("cpu")).double().train()
        compute = TrainingStep(plan, model, None, make_views(plan, REGISTRY))
        torch.autograd.backward(compute(batch, INDICES, 2).total)
        found = [p.grad.flatten() for p in model.parameters() if p.grad is not None]
        return torch.cat(found)

    want = gradient(1)
    assert want.abs().max() > 0
    torch.testing.assert_close(gradient(4), want, rtol=0, atol=1e-11 * float(want.abs().max()))


def test_a_method_of_a_plugin_must_build_a_contrast() -> None:
    plan = _plan("embed image using simclr")
    entries = [
        e if e.name != "simclr" else type(e)(**{**vars(e), "factory": "builtins:dict"})
        for e in REGISTRY.entries
    ]
    broken = type(REGISTRY)(tuple(entries))
    assert broken.get(Kind.METHOD, "simclr").factory == "builtins:dict"
    with pytest.raises(TypeError):
        build_model(plan, broken, device=torch.device("cpu"))
