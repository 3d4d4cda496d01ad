"""The Python form: load, check, graph, plan, run, and a model whose tasks are methods."""

import inspect
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import lzn_dsl
from lzn_dsl.diagnostics.diagnostic import DataError, SpecError
from lzn_dsl.planning.plan import Plan


def test_a_program_is_loaded_from_a_path_or_a_text(tiny_spec: Path) -> None:
    by_path, by_name = lzn_dsl.load(tiny_spec), lzn_dsl.load(str(tiny_spec))
    by_text = lzn_dsl.load(tiny_spec.read_text())
    assert by_path.plan() == by_name.plan()
    assert by_text.plan().tasks == by_path.plan().tasks
    assert by_path.check() == ()


def test_an_error_carries_all_findings_and_their_places() -> None:
    with pytest.raises(SpecError, match="unknown modality `imge`") as caught:
        lzn_dsl.load("generate imge from lable").plan()
    assert [str(d.span) for d in caught.value.diagnostics] == ["<text>:1:10", "<text>:1:20"]
    assert isinstance(caught.value, lzn_dsl.LznError)


def test_broken_data_is_a_data_error(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    program = "data d = image_folder(size: 8)\nclassify image as label"
    with pytest.raises(DataError):
        lzn_dsl.load(program, settings={"data.d.root": file}).plan()


def test_the_graph_is_a_networkx_graph_of_typed_records(tiny_spec: Path) -> None:
    graph = lzn_dsl.load(tiny_spec).graph.graph
    assert graph.nodes["encoder:image"]["record"].modality == "image"
    assert graph.has_edge("encoder:image", "space")


def test_text_and_texts_have_run_folders_of_their_own() -> None:
    folders = [
        lzn_dsl.load("generate image from label").default_folder,
        lzn_dsl.load("classify image as label").default_folder,
        lzn_dsl.load("generate image from label", data="fashion_mnist").default_folder,
        lzn_dsl.load(Path(__file__).parent.parent / "specs" / "digits.lzn").default_folder,
    ]
    assert [f.as_posix() for f in folders] == [
        "runs/generate-image-from-label",
        "runs/classify-image-as-label",
        "runs/generate-image-from-label-fashion_mnist",
        "runs/digits",
    ]


def test_tasks_of_a_trained_model_are_methods(tiny_run: Path) -> None:
    model = lzn_dsl.open_run(tiny_run)
    assert isinstance(model.plan, Plan)
    assert {"draw", "imagine", "name", "rebuild", "gist"} <= set(dir(model))
    assert list(inspect.signature(model.draw).parameters) == ["label", "seed", "index"]
    assert "classes, 0 to 9" in (model.draw.__doc__ or "")
    drawn = model.draw(label=[3] * 4, seed=1).value
    assert drawn.shape == (4, 1, 8, 8)
    assert drawn.dtype == torch.uint8
    assert model.imagine(count=2).value.shape == (2, 1, 8, 8)
    assert model.rebuild(image=drawn).value.shape == drawn.shape
    assert model.gist(image=drawn).value.ndim == 2


def test_a_model_takes_images_as_people_have_them(tiny_run: Path) -> None:
    model = lzn_dsl.open_run(tiny_run)
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    forms = [
        torch.from_numpy(pixels),
        torch.from_numpy(pixels)[None, None],
        torch.from_numpy(pixels)[None].float() / 255,
        pixels,
        Image.fromarray(pixels),
        [Image.fromarray(pixels)],
    ]
    scores = [model.name(image=form).scores for form in forms]
    for score in scores:
        assert score is not None
        assert scores[0] is not None
        assert torch.equal(score, scores[0])
        assert score.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("task", "inputs", "message"),
    [
        ("draw", {"label": "eleven"}, "`eleven` is no class of `label`"),
        ("draw", {"label": 10}, "classes of `label` are 0 to 9, got 10"),
        ("draw", {}, "takes `label`"),
        ("name", {"image": torch.zeros(1, 3, 8, 8, dtype=torch.uint8)}, "image"),
        ("name", {"imge": 1}, "did you mean `image`?"),
    ],
)
def test_a_wrong_argument_is_told(
    tiny_run: Path, task: str, inputs: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message.replace("?", r"\?")):
        lzn_dsl.open_run(tiny_run).run(task, inputs)


def test_an_unknown_task_is_told_with_a_hint(tiny_run: Path) -> None:
    with pytest.raises(AttributeError, match="did you mean `draw`"):
        lzn_dsl.open_run(tiny_run).drw(label=3)


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute `lod`"):
        _ = lzn_dsl.lod
