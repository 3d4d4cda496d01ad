"""Routines of tasks: the same for a sample alone and in any batch; what they return."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from helpers.plans import TASKS, component, digits_plan, registry, step, task
from lzn_dsl.diagnostics.diagnostic import TrainingError
from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.entry import Kind
from lzn_runtime import randomness
from lzn_runtime.compile.model import LatentModel, build_model
from lzn_runtime.compile.parts import open_dataset
from lzn_runtime.compile.routine import Routine
from lzn_runtime.compile.support import fill_support
from lzn_runtime.compile.zones import latents_in_support
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.latent import LocalizationPEC, carry_to_anchors
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder

PLAN = digits_plan()


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return open_dataset(PLAN.datasets[0], registry(), Path())


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> LatentModel:
    built = build_model(PLAN, registry(), device=torch.device("cpu"))
    fill_support(built, PLAN, dataset, torch.arange(60))
    return built


@pytest.fixture(scope="module")
def images(dataset: Dataset) -> Tensor:
    return dataset.__getitems__(list(range(500, 600)))["image"]


def _routine(model: LatentModel, plan: TaskPlan | str) -> Routine:
    return Routine(PLAN, TASKS[plan] if isinstance(plan, str) else plan, model, registry())


@pytest.mark.parametrize("name", ["draw", "fresh", "name", "gist", "rebuild"])
def test_a_sample_is_the_same_to_the_bit_alone_and_in_any_batch(
    model: LatentModel, images: Tensor, name: str
) -> None:
    routine = _routine(model, name)
    inputs = {"image": images, "label": torch.arange(100) % 10}
    given = {key: inputs[key] for key in routine.inputs}
    count = None if given else 100
    whole = routine(given, count=count, seed=4)
    for rows in ([17], [99], [17, 3, 99], list(range(70, 100)), list(range(99, -1, -1))):
        index = torch.tensor(rows)
        part = routine(
            {key: column[index] for key, column in given.items()},
            count=None if given else len(rows),
            seed=4,
            index=index,
        )
        assert torch.equal(part.value, whole.value[index])
        for one, other in ((part.scores, whole.scores), (part.latents, whole.latents)):
            assert (one is None) == (other is None)
            if one is not None and other is not None:
                assert torch.equal(one, other[index])


@pytest.mark.parametrize("name", ["draw", "fresh"])
def test_noise_is_the_seed_s_and_the_sample_s(model: LatentModel, name: str) -> None:
    routine = _routine(model, name)
    given = {"label": torch.full((3,), 7)} if name == "draw" else {}
    count = None if given else 3
    first = routine(given, count=count, seed=0)
    assert torch.equal(first.value, routine(given, count=count, seed=0).value)
    assert not torch.equal(first.value, routine(given, count=count, seed=1).value)
    assert not torch.equal(first.value[0], first.value[1])


def test_values_have_the_types_of_the_data(model: LatentModel, images: Tensor) -> None:
    drawn = _routine(model, "draw")({"label": torch.tensor([1, 2])})
    assert (drawn.value.dtype, drawn.value.shape) == (torch.uint8, (2, 1, 8, 8))
    assert drawn.latents is not None
    assert drawn.latents.shape == (2, 8)
    assert drawn.scores is None
    named = _routine(model, "name")({"image": images})
    assert (named.value.dtype, named.value.shape) == (torch.int64, (100,))
    assert named.scores is not None
    torch.testing.assert_close(named.scores.sum(1), torch.ones(100))
    assert torch.equal(named.scores.argmax(1), named.value)
    assert named.names[3] == "three"
    gist = _routine(model, "gist")({"image": images})
    assert gist.value.ndim == 2
    assert (gist.latents, gist.names) == (None, ())


def test_label_is_encoded_into_its_own_zone(model: LatentModel) -> None:
    labels = torch.arange(10).repeat(20)
    result = _routine(model, "draw")({"label": labels})
    anchors = model.modality("label").finite_anchors()
    assert result.latents is not None
    assert anchors is not None
    fine = LocalizationPEC(64)
    assert torch.equal(carry_to_anchors(result.latents, anchors, solver=fine).index, labels)


def test_latents_of_all_classes_together_are_gaussian(model: LatentModel) -> None:
    latents = _routine(model, "draw")({"label": torch.arange(10).repeat(60)}).latents
    assert latents is not None
    assert latents.mean().abs() < 0.05
    assert (latents.std() - 1).abs() < 0.05


def test_image_is_encoded_against_the_support_and_itself(
    model: LatentModel, images: Tensor
) -> None:
    result = _routine(model, "name")({"image": images[:1]})
    image = model.modality("image")
    with torch.no_grad():
        anchor = image.encoder(image.to_model(images[:1]))
        support = model.support("image")
        assert support is not None
        solver = LocalizationPEC(PLAN.train.solver_steps)
        want = latents_in_support(anchor, support, torch.zeros(1, 8), solver)
    assert result.latents is not None
    torch.testing.assert_close(result.latents, want)


def test_inverted_image_is_rebuilt(model: LatentModel, images: Tensor) -> None:
    exact = component(Kind.SAMPLER, "dopri5", rtol=1e-5, atol=1e-5)
    steps = tuple(s.model_copy(update={"sampler": exact}) for s in TASKS["rebuild"].steps)
    plan = TASKS["rebuild"].model_copy(update={"steps": steps})
    result = _routine(model, plan)({"image": images[:20]}, seed=5)
    assert (result.value.int() - images[:20].int()).abs().max() <= 1


def test_decoder_is_told_the_class_at_the_end_of_the_latent_s_flow(
    model: LatentModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Tensor] = []
    decoder = model.modality("image").decoder
    assert isinstance(decoder, Decoder)
    original: Callable[..., Tensor] = decoder.sample

    def sample(latents: Tensor, *, classes: Tensor, **options: object) -> Tensor:
        told.append(classes)
        return original(latents, classes=classes, **options)

    monkeypatch.setattr(decoder, "sample", sample)
    result = _routine(model, "fresh")({}, count=16)
    labels = model.modality("label").decoder
    assert isinstance(labels, ClassDecoder)
    assert result.latents is not None
    (classes,) = told
    scores = labels.decode(result.latents)
    assert torch.equal(classes.argmax(1), scores.argmax(1))
    assert torch.equal(classes.sum(1), torch.ones(16))


def test_alpha_of_the_task_scales_the_own_noise(model: LatentModel, images: Tensor) -> None:
    steps = (
        step("image", "input", modality="image"),
        step("encode_image", "encode", "image", modality="image"),
    )
    narrow = task("narrow", "place image", ("latent", None), *steps, alpha=0.0)
    wide = task("wide", "place image", ("latent", None), *steps, alpha=1.0)
    centre = _routine(model, "name")({"image": images[:8]}).latents
    assert centre is not None
    assert torch.equal(_routine(model, narrow)({"image": images[:8]}).value, centre)
    placed = _routine(model, wide)({"image": images[:8]}, seed=1)
    assert placed.latents is not None
    assert torch.equal(placed.value, placed.latents)
    assert not torch.equal(placed.value, centre)


def test_two_inputs_of_one_modality_have_noise_of_their_own(
    model: LatentModel, images: Tensor
) -> None:
    pair = task(
        "pair",
        "mix image with image",
        ("latent", None),
        step("left", "input", modality="image"),
        step("right", "input", modality="image"),
        step("encode_image", "encode", "left", modality="image"),
        step("encode_image_", "encode", "right", modality="image"),
    )
    both = {"left": images[:4], "right": images[:4]}
    second = _routine(model, pair)(both).value
    steps = (*pair.steps[:2], pair.steps[2])
    first = _routine(model, pair.model_copy(update={"steps": steps}))(both).value
    assert not torch.equal(first, second)


def test_anchor_is_the_encoder_s_output(model: LatentModel, images: Tensor) -> None:
    anchors = task(
        "anchors",
        "place image",
        ("features", "image"),
        step("image", "input", modality="image"),
        step("anchor_image", "anchor", "image", modality="image"),
    )
    image = model.modality("image")
    with torch.no_grad():
        want = image.encoder(image.to_model(images[:64]))
    torch.testing.assert_close(_routine(model, anchors)({"image": images[:64]}).value, want)


def test_prior_is_the_documented_draw(model: LatentModel) -> None:
    prior = task("prior", "draw", ("latent", None), step("prior", "prior"))
    found = _routine(model, prior)({}, count=3, seed=9).value
    want = randomness.normal(randomness.key(9, "prior"), torch.arange(3), (8,))
    assert torch.equal(found, want)


def test_global_random_state_is_not_used(model: LatentModel) -> None:
    before = torch.random.get_rng_state()
    _routine(model, "fresh")({}, count=2)
    assert torch.equal(before, torch.random.get_rng_state())


def test_encoding_without_support_is_a_coded_error(images: Tensor) -> None:
    bare = build_model(PLAN, registry(), device=torch.device("cpu"))
    with pytest.raises(TrainingError, match="LZN604"):
        _routine(bare, "name")({"image": images})
    assert len(_routine(bare, "draw")({"label": torch.tensor([1])})) == 1


@pytest.mark.parametrize(
    ("name", "inputs", "count", "message"),
    [
        ("draw", {}, None, "takes `label`, got none"),
        ("fresh", {"label": torch.tensor([1])}, None, "takes no inputs, got `label`"),
        ("fresh", {}, 0, "1 or more, got 0"),
        ("fresh", {}, None, "1 or more, got None"),
        ("draw", {"label": torch.tensor([1, 2])}, 3, "got 2 and 3"),
        ("draw", {"label": torch.tensor([1, 10])}, None, "labels must be 0 to 9, got 10"),
    ],
)
def test_wrong_calls_are_refused(
    model: LatentModel, name: str, inputs: dict[str, Tensor], count: int | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        _routine(model, name)(inputs, count=count)


def test_unknown_primitive_is_refused(model: LatentModel) -> None:
    odd = task("odd", "melt image", ("latent", None), step("melt", "melt"))
    with pytest.raises(ValueError, match="does not know the primitive `melt`"):
        _routine(model, odd)
