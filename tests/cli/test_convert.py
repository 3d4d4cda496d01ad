"""`lzn convert` and `lzn do` on what it made, as a user sees them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.paper_networks import FOLDER
from helpers.shell import Shell

TINY = FOLDER / "checkpoint_tiny.pt"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "pictures" / "one.png"
    path.parent.mkdir()
    for place in range(12):
        pixels = np.random.default_rng(place).integers(256, size=(8, 8, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path.with_name(f"{place}.png"))
    path.with_name("0.png").rename(path)
    return path


def test_a_converted_checkpoint_does_all_its_tasks(
    lzn: Shell, tmp_path: Path, picture: Path
) -> None:
    run = str(tmp_path / "run")
    said = lzn("convert", str(TINY), "--out", run, "--support", str(picture.parent))
    assert "a published network, 69,891 parameters, step 3" in said
    assert "zones are bounded by 12 support anchors" in said
    lzn("do", run, "draw", "--label", "1", "-n", "2", "--out", str(tmp_path / "drawn.png"))
    lzn("do", run, "imagine", "-n", "2", "--out", str(tmp_path / "imagined.png"))
    lzn("do", run, "rebuild", "--image", str(picture), "--out", str(tmp_path / "rebuilt.png"))
    for name in ("drawn", "imagined", "rebuilt"):
        with Image.open(tmp_path / f"{name}.png") as picture_file:
            assert min(picture_file.size) >= 8
    named = json.loads(lzn("do", run, "name", "--image", str(picture), "--json"))
    assert str(named["samples"][0]["label"]) in "0123"
    assert "(40 numbers)" in lzn("do", run, "gist", "--image", str(picture))


def test_without_support_it_says_which_tasks_wait_and_what_to_do(
    lzn: Shell, tmp_path: Path, picture: Path
) -> None:
    run = str(tmp_path / "run")
    said = lzn("convert", str(TINY), "--out", run)
    assert "name, rebuild: the checkpoint keeps no anchors" in said
    assert "--support FOLDER" in said
    lzn("do", run, "name", "--image", str(picture), code=4)
    assert "lzn convert" in lzn.err
    lzn("explain", "LZN715")


def test_a_checkpoint_is_not_opened_where_a_run_is_wanted(lzn: Shell) -> None:
    lzn("do", str(TINY), "draw", code=5)
    assert "error[LZN714]" in lzn.err
    assert "is a torch checkpoint, which may run code" in lzn.err
    assert f"lzn convert {TINY} --out DIR" in lzn.err


def test_what_is_refused_exits_5(lzn: Shell, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pt"
    bad.write_bytes(b"\x80\x02cos\nsystem\n.")
    lzn("convert", str(bad), "--out", str(tmp_path / "run"), code=5)
    assert "error[LZN715]" in lzn.err
    assert "nothing of it was run" in lzn.err
