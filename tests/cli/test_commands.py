"""The shell, command by command, as a user sees it."""

import csv
import errno
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.shell import Shell


def test_check_says_that_a_program_has_no_errors(lzn: Shell, tiny_spec: Path) -> None:
    assert lzn("check", str(tiny_spec)) == f"{tiny_spec}: no errors\n"


def test_check_of_a_wrong_program_exits_2_with_code_place_and_hint(lzn: Shell) -> None:
    lzn("check", "generate imge from label", code=2)
    assert "error[LZN201]: unknown modality `imge`" in lzn.err
    assert "--> <text>:1:10" in lzn.err
    assert "did you mean `image`?" in lzn.err


def test_check_as_json_says_the_same(lzn: Shell) -> None:
    found = json.loads(lzn("check", "generate imge from label", "--json", code=2))
    assert [(d["code"], d["severity"]) for d in found] == [("LZN201", "error")]


def test_set_passes_the_same_checker(lzn: Shell, tiny_spec: Path) -> None:
    lzn("check", str(tiny_spec), "--set", "train.steps=-1", code=2)
    assert "`steps` cannot be -1" in lzn.err
    assert "--> --set train.steps:1:1" in lzn.err
    lzn("check", str(tiny_spec), "--set", "train.stpes=5", code=2)
    assert "did you mean `train.steps`?" in lzn.err
    lzn("check", str(tiny_spec), "--set", "steps", code=2)
    assert "is not `PATH=VALUE`" in lzn.err


def test_a_missing_file_is_an_error_with_a_hint(lzn: Shell, tiny_spec: Path) -> None:
    lzn("check", str(tiny_spec.with_name("tny.lzn")), code=2)
    assert "tiny.lzn" in lzn.err


def test_plan_prints_a_text_and_as_json_the_plan(lzn: Shell, tiny_spec: Path) -> None:
    assert "encode label |> decode image" in lzn("plan", str(tiny_spec))
    plan = json.loads(lzn("plan", str(tiny_spec), "--json"))
    assert plan["train"]["steps"] == 6
    assert plan["origins"]["train.steps"].endswith("tiny.lzn:20:12")
    assert plan["origins"]["train.ema"] == "default"


@pytest.mark.parametrize("command", ["plan", "show", "diff generate_image"])
def test_errors_are_json_where_json_is_asked_for(lzn: Shell, command: str) -> None:
    words = [word.replace("_", " ") for word in command.split()]
    found = json.loads(lzn(*words, "generate imge", "--json", code=2))
    assert [finding["code"] for finding in found] == ["LZN201"]
    assert lzn.err == ""


def test_output_that_does_not_fit_is_a_message(lzn: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(text: str, *, nl: bool = True, err: bool = False) -> None:
        del nl
        if not err:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(text)

    written: list[str] = []
    monkeypatch.setattr("typer.echo", full)
    lzn("check", "generate image", code=5)
    assert "error[LZN904]: what this prints cannot be written: no space left" in written[0]


@pytest.mark.parametrize(
    ("name", "start"),
    [("g.svg", "<svg"), ("g.mmd", "flowchart"), ("g.dot", "digraph"), ("g.json", "{")],
)
def test_graph_is_written_in_the_format_of_the_name(
    lzn: Shell, tiny_spec: Path, tmp_path: Path, name: str, start: str
) -> None:
    lzn("graph", str(tiny_spec), "--out", str(tmp_path / name))
    assert start in (tmp_path / name).read_text().splitlines()[0]


def test_ls_lists_everything_and_one_kind(lzn: Shell) -> None:
    everything = lzn("ls")
    for word in ("digits.lzn", "generate target from source", "fashion_mnist", "recognition"):
        assert word in everything
    assert set(json.loads(lzn("ls", "modalities", "--json"))["modalities"]) >= {"image", "label"}
    lzn("ls", "modalites", code=2)
    assert "did you mean `modalities`?" in lzn.err


def test_cp_copies_a_spec_and_does_not_overwrite(lzn: Shell, tmp_path: Path) -> None:
    lzn("cp", "digits", str(tmp_path))
    assert (tmp_path / "digits.lzn").is_file()
    lzn("cp", "digits", str(tmp_path), code=5)
    assert "--force" in lzn.err
    lzn("cp", "digist", str(tmp_path), code=2)
    assert "did you mean `digits`?" in lzn.err


def test_explain_shows_a_wrong_and_a_right_program(lzn: Shell) -> None:
    text = lzn("explain", "lzn201")
    assert "Wrong:" in text
    assert "Right:" in text
    assert "LZN201" in lzn("explain")
    lzn("explain", "LZN999", code=2)


def test_version_and_help(lzn: Shell) -> None:
    assert lzn("--version").startswith("lzn_dsl ")
    assert "classify" in lzn("do", "--help")


def test_doctor_tells_versions_and_data(lzn: Shell) -> None:
    text = lzn("doctor", "--quick")
    assert "torch" in text
    assert "digits: here, " in text


def test_run_leaves_a_run_folder(tiny_run: Path) -> None:
    names = {p.name for p in tiny_run.iterdir()}
    assert names >= {
        "spec.lzn",
        "plan.json",
        "metrics.jsonl",
        "metrics.json",
        "environment.json",
        "checkpoints",
        "samples",
        "report.html",
    }
    assert list((tiny_run / "samples").glob("*.png"))
    assert "<script" not in (tiny_run / "report.html").read_text()


def test_run_again_has_nothing_left_to_train(lzn: Shell, tiny_spec: Path, tiny_run: Path) -> None:
    text = lzn("run", str(tiny_spec), "--out", str(tiny_run))
    assert "from step 6" in text
    assert "accuracy of name on unseen" in text
    assert f"lzn do {tiny_run} TASK" in text


def test_run_of_another_program_in_the_folder_is_refused(
    lzn: Shell, tiny_spec: Path, tiny_run: Path
) -> None:
    lzn("run", str(tiny_spec), "--out", str(tiny_run), "--set", "space.dim=9", code=5)
    assert "LZN70" in lzn.err
    assert "dim" in lzn.err


def test_do_draws_a_grid_of_a_label(lzn: Shell, tiny_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "three.png"
    lzn("do", str(tiny_run), "draw", "--label", "3", "-n", "4", "--out", str(out))
    with Image.open(out) as grid:
        assert grid.size == (118, 118)  # 2 by 2 cells of 56 pixels, 2 between and around


def test_do_draws_the_same_with_the_same_seed(lzn: Shell, tiny_run: Path, tmp_path: Path) -> None:
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        out = str(tmp_path / f"{name}.npy")
        lzn("do", str(tiny_run), "draw", "--label", "3", "--seed", seed, "--out", out)
    a, b, c = (np.load(tmp_path / f"{name}.npy") for name in "abc")
    assert (a == b).all()
    assert (a != c).any()


def test_do_without_labels_draws_every_class(lzn: Shell, tiny_run: Path, tmp_path: Path) -> None:
    lzn("do", str(tiny_run), "draw", "--out", str(tmp_path / "each"))
    assert len(list((tmp_path / "each").glob("*.png"))) == 10


def test_do_classifies_files_alone_and_together_alike(
    lzn: Shell, tiny_run: Path, tmp_path: Path
) -> None:
    lzn("do", str(tiny_run), "draw", "-n", "1", "--out", str(tmp_path / "each"))
    files = sorted((tmp_path / "each").glob("*.png"))
    options = [word for file in files for word in ("--image", str(file))]
    lzn("do", str(tiny_run), "name", *options, "--out", str(tmp_path / "all.csv"))
    with (tmp_path / "all.csv").open() as file:
        together = list(csv.DictReader(file))
    assert [row["from"] for row in together] == [str(f) for f in files]
    alone = json.loads(lzn("do", str(tiny_run), "name", "--image", str(files[3]), "--json"))
    sample = alone["samples"][0]
    assert sample["label"] == together[3]["label"]
    assert sample["probability"] == float(together[3]["probability"])
    assert f"{files[3]}: " in lzn("do", str(tiny_run), "name", "--image", str(files[3]))


def test_do_embeds_and_rebuilds(lzn: Shell, tiny_run: Path, tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    Image.new("RGB", (20, 30), "gray").save(picture)
    out = tmp_path / "gist.npy"
    lzn("do", str(tiny_run), "gist", "--image", str(picture), "--out", str(out))
    assert np.load(out).shape[0] == 1
    lzn("do", str(tiny_run), "rebuild", "--image", str(picture), "-o", str(tmp_path / "r.png"))
    assert (tmp_path / "r.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("drw",), 2, "did you mean `draw`?"),
        (("draw", "--label", "eleven"), 2, "is no class of `label`"),
        (("draw", "--label", "10"), 2, "is no class of `label`"),
        (("draw", "--image", "x.png"), 2, "takes no --image"),
        (("name", "--label", "3"), 2, "takes no --label"),
        (("name",), 2, "needs an image"),
        (("name", "--image", "nowhere.png"), 3, "does not exist"),
        (("draw", "--out", "x.csv"), 2, "cannot be written as `x.csv`"),
        (("draw", "--device", "abacus"), 2, "`abacus` is no device"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, tuple) else "",
)
def test_do_answers_a_mistake_with_a_message(
    lzn: Shell, tiny_run: Path, arguments: tuple[str, ...], code: int, text: str
) -> None:
    lzn("do", str(tiny_run), *arguments, code=code)
    assert text in lzn.err
    assert "Traceback" not in lzn.err


def test_do_of_a_folder_that_is_no_run(lzn: Shell, tmp_path: Path) -> None:
    lzn("do", str(tmp_path), "draw", code=5)
    assert "LZN708" in lzn.err


def test_do_with_a_flipped_byte_in_the_newest_checkpoint_falls_back(
    lzn: Shell, tiny_run: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_run, copy)
    newest = max((copy / "checkpoints").glob("step-*"))
    weights = max(newest.glob("*.safetensors"), key=lambda p: p.stat().st_size)
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    lzn("do", str(copy), "draw", "--out", str(tmp_path / "x.png"))
    assert "warning[LZN70" in lzn.err
