"""Routines of composed tasks: chains, blends, meetings, rankings, several rows for each row."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import TrainingError
from lzn_dsl.planning.expressions import plan_expression
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.spec import load
from lzn_runtime.compile import meeting
from lzn_runtime.compile.model import LatentModel, build_model
from lzn_runtime.compile.parts import open_dataset
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.compile.routine import Routine
from lzn_runtime.compile.support import fill_support
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.modalities.protocol import ClassDecoder

PROGRAM = """
space gaussian(dim: 6)
data seen = shapes(split: train, samples: 120, size: 8)
modality image = image(
    encoder: conv(widths: [8, 8]),
    decoder: flow(unet(width: 8, mults: [1, 2], embedding: 16), sampler: euler(steps: 2)),
)
task draw = generate image from shape and color
task name = classify image as shape
task tint = classify image as color
task rebuild = reconstruct image
train { support: 40, solver_steps: 6, batch: 32 }
"""
PLAN = load(PROGRAM).plan()


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return open_dataset(PLAN.datasets[0], default_registry(), Path())


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> LatentModel:
    built = build_model(PLAN, default_registry(), device=torch.device("cpu"))
    fill_support(built, PLAN, dataset, torch.arange(5, 45))
    return built


@pytest.fixture(scope="module")
def columns(dataset: Dataset) -> dict[str, Tensor]:
    return dataset.__getitems__(list(range(50, 100)))


def routine(model: LatentModel, text: str, plan: Plan = PLAN) -> Routine:
    return Routine(plan, plan_expression(plan, text), model, default_registry())


def inputs_of(made: Routine, columns: dict[str, Tensor]) -> dict[str, Tensor]:
    """Columns for the inputs of a routine; a second one of a modality is shifted by a row."""
    kinds = list(made.inputs.values())
    shifts = [kinds[:i].count(kind) for i, kind in enumerate(kinds)]
    return {n: columns[k].roll(s, 0) for (n, k), s in zip(made.inputs.items(), shifts, strict=True)}


def encoded(model: LatentModel, text: str, columns: dict[str, Tensor]) -> TaskResult:
    made = routine(model, text)
    return made(inputs_of(made, columns), seed=3)


@pytest.mark.parametrize(
    "text",
    [
        "draw",
        "name (draw)",
        "sample 3 of draw |> name",
        "interpolate image to image by 3",
        "interpolate (draw) to image by 3",
        "blend(encode image, encode color, 0.4) |> decode image",
        "retrieve image by color",
        "retrieve color by image",
        "score image as color",
        "score color as image",
        "score (sample 2 of (generate image from shape)) as color",
        "embed (draw)",
    ],
)
def test_a_sample_is_the_same_alone_and_in_any_batch(
    model: LatentModel, columns: dict[str, Tensor], text: str
) -> None:
    made = routine(model, text)
    given = inputs_of(made, columns)
    whole = made(given, seed=4)
    rows = torch.tensor([17, 3, 49])
    part = made({name: c[rows] for name, c in given.items()}, seed=4, index=rows)
    assert len(whole) == 50 * made.task.many
    for name in ("value", "scores", "latents", "tries"):
        one, other = getattr(part, name), getattr(whole, name)
        assert (one is None) == (other is None)
        if one is not None:
            assert torch.equal(one, other.unflatten(0, (50, -1))[rows].flatten(0, 1))


def test_a_chain_is_its_stages_one_after_the_other(
    model: LatentModel, columns: dict[str, Tensor]
) -> None:
    drawn = encoded(model, "draw", columns)
    named = routine(model, "name")({"image": drawn.value}, seed=3)
    chained = encoded(model, "name (draw)", columns)
    assert torch.equal(chained.value, named.value)
    assert chained.tries is not None
    assert drawn.tries is not None
    assert torch.equal(chained.tries, drawn.tries)


def test_latents_of_several_conditions_lie_in_all_their_zones(
    model: LatentModel, columns: dict[str, Tensor]
) -> None:
    drawn = encoded(model, "draw", columns)
    assert drawn.latents is not None
    for name in ("shape", "color"):
        decoder = model.modality(name).decoder
        assert isinstance(decoder, ClassDecoder)
        assert torch.equal(decoder.decode(drawn.latents).argmax(1), columns[name])
    assert drawn.tries is not None
    assert drawn.acceptance == len(drawn) / int(drawn.tries.sum())
    assert 0 < drawn.acceptance < 1


def test_a_picture_and_a_class_meet_where_the_picture_is_of_the_class(
    model: LatentModel, columns: dict[str, Tensor]
) -> None:
    color = encoded(model, "tint", columns).value
    made = routine(model, "generate shape from color and image")
    found = made({"color": color, "image": columns["image"]}, seed=3)
    assert found.latents is not None
    decoder = model.modality("color").decoder
    assert isinstance(decoder, ClassDecoder)
    assert torch.equal(decoder.decode(found.latents).argmax(1), color)


def test_conditions_without_a_meeting_are_an_error_that_names_them(
    model: LatentModel, columns: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting, "TRIES", 1)
    made = routine(model, "draw")
    with pytest.raises(TrainingError, match="LZN607") as caught:
        made(inputs_of(made, columns), seed=3)
    assert "found no latent for shape" in str(caught.value)


def test_draws_of_one_sample_differ_and_are_those_of_the_seed(
    model: LatentModel, columns: dict[str, Tensor]
) -> None:
    made = routine(model, "sample 4 of (encode shape) |> decode image")
    given = {"shape": columns["shape"]}
    first = made(given, seed=0)
    assert first.latents is not None
    latents = first.latents.view(50, 4, -1)
    assert (latents[:, 0] - latents[:, 1]).abs().amax(1).min() > 0
    again = made(given, seed=0).latents
    assert again is not None
    assert torch.equal(first.latents, again)
    decoder = model.modality("shape").decoder
    assert isinstance(decoder, ClassDecoder)
    zones = decoder.decode(first.latents).argmax(1).view(50, 4)
    assert torch.equal(zones, columns["shape"][:, None].expand(50, 4))


def test_an_arc_begins_and_ends_at_what_its_ends_are_rebuilt_as(
    model: LatentModel, columns: dict[str, Tensor]
) -> None:
    made = routine(model, "interpolate image to image by 4")
    one, other = columns["image"], columns["image"].roll(1, 0)
    walked = made({"source": one, "other": other}, seed=3).grouped
    rebuilt = routine(model, "rebuild")({"image": one}, seed=3).value
    assert torch.equal(walked[:, 0], rebuilt)
    assert walked.shape[:2] == (50, 4)


def test_points_of_an_arc_share_their_noise(model: LatentModel, columns: dict[str, Tensor]) -> None:
    text = "interpolate(center of image, center of image, 3) |> decode image"
    walked = encoded(model, text, columns).grouped
    assert torch.equal(walked[:, 0], walked[:, 2])


def test_rankings_hold_every_candidate_once_best_first(
    model: LatentModel, columns: dict[str, Tensor]
) -> None:
    found = encoded(model, "retrieve image by color", columns)
    assert found.kind == "ranking"
    assert found.scores is not None
    assert torch.equal(found.value.sort(1).values, torch.arange(5, 45).expand(50, 40))
    assert bool((found.scores.diff(dim=1) <= 0).all())
    classes = encoded(model, "retrieve color by image", columns)
    assert classes.names == PLAN.modality("color").names
    assert torch.equal(classes.value[:, 0], encoded(model, "tint", columns).value)


def test_a_support_sample_is_the_best_of_its_own_query(
    model: LatentModel, dataset: Dataset
) -> None:
    images = dataset.__getitems__(list(range(5, 45)))["image"]
    found = routine(model, "retrieve image by image")({"image": images})
    assert torch.equal(found.value[:, 0], torch.arange(5, 45))


def test_scores_are_probabilities_and_those_of_the_classes_sum_to_one(
    model: LatentModel, columns: dict[str, Tensor]
) -> None:
    made = routine(model, "score image as color")
    total = torch.zeros(50, dtype=torch.float64)
    for color in range(6):
        scored = made({"image": columns["image"], "color": torch.full((50,), color)})
        assert scored.kind == "score"
        total += scored.value.double()
    torch.testing.assert_close(total, torch.ones(50, dtype=torch.float64))


def test_a_sample_lies_in_its_own_zone(model: LatentModel, columns: dict[str, Tensor]) -> None:
    own = encoded(model, "score(center of image, image)", columns).value
    other = routine(model, "score (image) as image")
    strange = other(inputs_of(other, columns)).value
    assert float(own.mean()) > 0.9
    assert float(strange.mean()) < 0.2
