"""A trained model: its tasks are methods that people can find and read about."""

import inspect
from pathlib import Path

import pytest
import torch

from helpers.plans import digits_plan, registry
from helpers.runs import run
from lzn_dsl.diagnostics.diagnostic import StorageError
from lzn_runtime.compile.inputs import Images, Labels
from lzn_runtime.trained_model import TrainedModel


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model")
    run(digits_plan({"steps": 2}), path)
    return path


@pytest.fixture(scope="module")
def model(folder: Path) -> TrainedModel:
    return TrainedModel.load(folder, registry(), "cpu")


def test_loaded_model_is_the_trained_one(folder: Path, model: TrainedModel) -> None:
    trained = run(digits_plan({"steps": 2}), folder)
    for name, value in trained.model.state_dict().items():
        assert torch.equal(value, model.model.state_dict()[name])
    assert torch.equal(trained.fresh(count=3).value, model.fresh(count=3).value)
    assert (model.step, model.warnings) == (2, ())


def test_tasks_are_methods(model: TrainedModel) -> None:
    drawn = model.draw(label=["three"] * 4, seed=1)
    assert drawn.value.shape == (4, 1, 8, 8)
    assert torch.equal(drawn.value, model.draw([3] * 4, seed=1).value)
    assert model.draw(label=3).value.shape == (1, 1, 8, 8)
    assert model.name(image=drawn.value).value.shape == (4,)
    assert model.fresh().value.shape == (1, 1, 8, 8)
    assert model.fresh(count=16).value.shape == (16, 1, 8, 8)
    assert model.rebuild(image=drawn.value[0]).value.shape == (1, 1, 8, 8)


def test_sample_numbers_pick_the_noise(model: TrainedModel) -> None:
    whole = model.fresh(count=5, seed=2).value
    part = model.fresh(count=2, seed=2, index=torch.tensor([4, 1])).value
    assert torch.equal(part, whole[[4, 1]])
    assert torch.equal(model.fresh(count=2, seed=2, index=[4, 1]).value, part)


def test_methods_say_what_they_take(model: TrainedModel) -> None:
    draw, name = inspect.signature(model.draw), inspect.signature(model.name)
    assert list(draw.parameters) == ["label", "seed", "index"]
    assert draw.parameters["label"].annotation == Labels
    assert name.parameters["image"].annotation == Images
    assert str(inspect.signature(model.fresh)).startswith("(count: int = 1, *, seed: int = 0")
    assert model.draw.__name__ == "draw"
    document = inspect.getdoc(model.draw) or ""
    assert document.startswith("Generate image from label.\n")
    assert "label: classes, 0 to 9 or zero, one" in document
    document = inspect.getdoc(model.name) or ""
    assert "image: images of shape (1, 8, 8), uint8 in 0 to 255 or floating in 0 to 1" in document
    assert {"draw", "fresh", "name", "gist", "rebuild"} <= set(dir(model))


def test_mistakes_are_answered_with_the_names_there_are(model: TrainedModel) -> None:
    with pytest.raises(AttributeError, match="no task `drew`; did you mean `draw`"):
        model.drew  # noqa: B018
    with pytest.raises(AttributeError, match="no task `xyz`; tasks: draw, fresh"):
        model.xyz  # noqa: B018
    with pytest.raises(TypeError, match="unexpected keyword argument 'lable'"):
        model.draw(3, lable=3)
    with pytest.raises(ValueError, match="`draw` takes no `lable`; did you mean `label`"):
        model.run("draw", {"lable": 3})
    with pytest.raises(ValueError, match="no task `drew`"):
        model.run("drew")
    with pytest.raises(ValueError, match="did you mean `three`"):
        model.draw(label="tree")


def test_copying_does_not_recurse(model: TrainedModel) -> None:
    empty = TrainedModel.__new__(TrainedModel)
    assert not hasattr(empty, "draw")


def test_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"LZN708.*is no run folder"):
        TrainedModel.load(tmp_path, registry(), "cpu")
    (tmp_path / "plan.json").write_text('{"format": 2}')
    with pytest.raises(StorageError, match=r"LZN708.*no plan of this version"):
        TrainedModel.load(tmp_path, registry(), "cpu")
    (tmp_path / "plan.json").write_text(digits_plan().model_dump_json())
    with pytest.raises(StorageError, match=r"LZN708.*has no checkpoint yet"):
        TrainedModel.load(tmp_path, registry(), "cpu")


@pytest.mark.parametrize("name", ["mps", "tpu", "cuda:99"])
def test_device_that_is_not_there_is_named(folder: Path, name: str) -> None:
    with pytest.raises(ValueError, match="device"):
        TrainedModel.load(folder, registry(), name)
