"""`lzn do` with expressions over the tasks of a run, and with named inputs."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import lzn_dsl
from helpers.shell import Shell
from lzn_dsl.diagnostics.diagnostic import SpecError


def pictures(folder: Path) -> list[str]:
    paths = []
    for i in range(2):
        path = folder / f"{i}.png"
        pixels = np.random.default_rng(i).integers(0, 255, (8, 8), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
        paths.append(str(path))
    return paths


def test_a_chain_of_tasks_is_run_in_a_batch(lzn: Shell, tiny_run: Path) -> None:
    text = lzn("do", str(tiny_run), "name (draw label)", "--label", "3", "-n", "5", "--json")
    samples = json.loads(text)["samples"]
    assert [s["from"] for s in samples] == ["3"] * 5
    assert {"label", "probability"} <= set(samples[0])
    same = lzn("do", str(tiny_run), "draw |> name", "--label", "3", "-n", "5", "--json")
    assert json.loads(same)["samples"] == samples


def test_a_chain_is_the_same_from_python_and_as_calls(tiny_run: Path) -> None:
    model = lzn_dsl.open_run(tiny_run, device="cpu")
    chained = model.run("name (draw label)", {"label": [1, 2, 3]}, seed=5)
    called = model.name(model.draw(label=[1, 2, 3], seed=5), seed=5)
    assert chained.value.tolist() == called.value.tolist()
    with pytest.raises(ValueError, match="takes samples, got a result that is features"):
        model.name(model.gist(model.draw(label=1)))


def test_several_rows_are_a_row_of_the_grid(lzn: Shell, tiny_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "walk.png"
    one, two = pictures(tmp_path)
    options = ("--image", one, "--image", two, "--out", str(out))
    lzn("do", str(tiny_run), "interpolate image to image by 3", *options)
    with Image.open(out) as grid:
        assert grid.width > 2.5 * grid.height
    named = ("--input", f"source={one}", "--input", f"other={two}", "--json")
    text = lzn("do", str(tiny_run), "interpolate image to image by 3 |> name", *named)
    samples = json.loads(text)["samples"]
    assert [s["row"] for s in samples] == [0, 1, 2]
    assert samples[0]["from"] == f"{one}, {two}"


def test_a_file_is_named_after_the_words_of_an_expression(
    lzn: Shell, tiny_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tiny_run.resolve()
    monkeypatch.chdir(tmp_path)
    lzn("do", str(run), "sample 2 of (draw label)", "--label", "3")
    assert (tmp_path / "sample-2-of-draw-label.png").is_file()


def test_rankings_and_scores_are_tables(lzn: Shell, tiny_run: Path, tmp_path: Path) -> None:
    picture = pictures(tmp_path)[0]
    query = ("do", str(tiny_run), "retrieve label by image", "--image", picture)
    (row,) = json.loads(lzn(*query, "--json"))["samples"]
    assert sorted(c["index"] for c in row["ranking"]) == list(range(10))
    assert "(" in lzn(*query)
    lzn(*query, "--out", str(tmp_path / "found.csv"))
    assert len((tmp_path / "found.csv").read_text().splitlines()) == 11
    images = json.loads(lzn("do", str(tiny_run), "retrieve image by label", "--json"))["samples"]
    assert len(images) == 10
    assert len(images[0]["ranking"]) == 100
    text = lzn("do", str(tiny_run), "score image as label", "--image", picture, "--json")
    scores = [s["score"] for s in json.loads(text)["samples"]]
    assert abs(sum(scores) - 1) < 1e-4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nam (draw label)",), "did you mean `name`?"),
        (("name (draw lable)",), "did you mean `label`?"),
        (("name (draw image)",), "takes a sample of `label`, not a sample of `image`"),
        (("drw",), "did you mean `draw`?"),
        (("draw label |>",), "error[LZN1"),
        (("draw", "--input", "label"), "is not `NAME=VALUE`"),
        (("draw", "--input", "lable=3"), "did you mean `label`?"),
        (("interpolate image to image",), "--input source=FILE"),
        (("name (draw label)", "--out", "x.png"), "cannot be written"),
    ],
)
def test_mistakes_are_answered(
    lzn: Shell, tiny_run: Path, arguments: tuple[str, ...], said: str
) -> None:
    lzn("do", str(tiny_run), *arguments, code=2)
    assert said in lzn.err


def test_what_was_not_trained_is_refused(tiny_run: Path) -> None:
    model = lzn_dsl.open_run(tiny_run, device="cpu")
    kept = [o for o in model.plan.objectives if o.kind == "decode"]
    model.plan = model.plan.model_copy(update={"objectives": tuple(kept)})
    with pytest.raises(SpecError, match="LZN406"):
        model.run("draw |> name")
