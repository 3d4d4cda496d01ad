"""`lzn show` and `lzn diff`: what they print, and how they exit."""

import json
from pathlib import Path

from helpers.shell import Shell


def test_shown_plainly_a_program_is_the_same(lzn: Shell, tiny_spec: Path, tmp_path: Path) -> None:
    written = tmp_path / "written.lzn"
    written.write_text(lzn("show", str(tiny_spec), "--plain"), encoding="utf-8")
    assert "#" not in written.read_text(encoding="utf-8")
    assert lzn("diff", str(tiny_spec), str(written)) == ""
    assert lzn.err == "no differences\n"
    lzn("fmt", "--check", str(written))


def test_show_says_where_each_value_came_from(lzn: Shell, tiny_spec: Path) -> None:
    text = lzn("show", str(tiny_spec), "--set", "train.batch=32")
    assert f"    steps: 6  # {tiny_spec}:20:12\n" in text
    assert "    batch: 32  # --set\n" in text
    assert "    ema: 0.999  # default\n" in text
    assert "    height: 8,  # data\n" in text


def test_show_as_json_lists_settings_by_path(lzn: Shell, tiny_spec: Path) -> None:
    settings = json.loads(lzn("show", str(tiny_spec), "--json"))
    assert settings["train.steps"] == {"value": 6, "from": f"{tiny_spec}:20:12"}
    assert settings["train.ema"] == {"value": 0.999, "from": "default"}


def test_show_of_a_wrong_program_tells_its_mistakes(lzn: Shell) -> None:
    lzn("show", "generate imge from label", code=2)
    assert "error[LZN201]" in lzn.err


def test_diff_exits_1_with_a_line_a_difference(lzn: Shell, tiny_spec: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.lzn"
    text = tiny_spec.read_text(encoding="utf-8")
    other.write_text(text.replace("    steps: 6\n", "    steps: 7\n"), encoding="utf-8")
    assert lzn("diff", str(tiny_spec), str(other), code=1) == "~ train.steps: 6 -> 7\n"
    assert lzn.err == "1 difference\n"
    (found,) = json.loads(lzn("diff", str(tiny_spec), str(other), "--json", code=1))
    assert found == {"kind": "changed", "path": "train.steps", "before": "6", "after": "7"}


def test_diff_takes_a_run_folder(lzn: Shell, tiny_spec: Path, tiny_run: Path) -> None:
    assert lzn("diff", str(tiny_spec), str(tiny_run)) == ""


def test_diff_of_a_folder_that_is_no_run(lzn: Shell, tiny_spec: Path, tmp_path: Path) -> None:
    lzn("diff", str(tiny_spec), str(tmp_path), code=5)
    assert "error[LZN708]" in lzn.err


def test_diff_of_a_wrong_program_is_no_difference(lzn: Shell, tiny_spec: Path) -> None:
    lzn("diff", str(tiny_spec), "generate imge from label", code=2)
    assert "error[LZN201]" in lzn.err
