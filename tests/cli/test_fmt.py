"""`lzn fmt`: files, folders and standard input; what it writes, and when it does not."""

import subprocess
from pathlib import Path

import pytest

from helpers.shell import Shell

MESSY = "let  a=1 # one\n\n\nlet bb = 2"
NEAT = "let a = 1  # one\n\nlet bb = 2\n"


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "messy.lzn"
    path.write_text(MESSY, encoding="utf-8")
    return path


def test_a_file_is_formatted_once(lzn: Shell, messy: Path) -> None:
    assert lzn("fmt", str(messy)) == ""
    assert lzn.err == f"formatted {messy}\n"
    assert messy.read_text(encoding="utf-8") == NEAT
    lzn("fmt", str(messy))
    assert lzn.err == "1 file is formatted already\n"


def test_check_writes_nothing_and_exits_1(lzn: Shell, messy: Path) -> None:
    lzn("fmt", "--check", str(messy), code=1)
    assert lzn.err == f"would format {messy}\n"
    assert messy.read_text(encoding="utf-8") == MESSY
    messy.write_text(NEAT, encoding="utf-8")
    lzn("fmt", "--check", str(messy))


def test_diff_writes_nothing_and_can_be_applied(lzn: Shell, messy: Path) -> None:
    patch = lzn("fmt", "--diff", str(messy))
    assert messy.read_text(encoding="utf-8") == MESSY
    assert "-let  a=1 # one\n" in patch
    assert "\\ No newline at end of file\n" in patch
    subprocess.run(["patch", "-s", str(messy)], input=patch, text=True, check=True)
    assert messy.read_text(encoding="utf-8") == NEAT
    lzn("fmt", "--diff", "--check", str(messy))


def test_standard_input_goes_to_standard_output(lzn: Shell) -> None:
    assert lzn("fmt", "-", given=MESSY) == NEAT
    assert lzn("fmt", "-", given=b"\xef\xbb\xbflet a = 1\r\n") == "let a = 1\n"
    assert lzn("fmt", "-", given=NEAT) == NEAT
    lzn("fmt", "--check", "-", given=MESSY, code=1)
    assert lzn.err == "would format -\n"


def test_a_folder_stands_for_the_specs_in_it(lzn: Shell, messy: Path) -> None:
    inner = messy.parent / "more" / "deep.lzn"
    inner.parent.mkdir()
    inner.write_text("generate   image\n", encoding="utf-8")
    (messy.parent / "notes.txt").write_text("let  a=1", encoding="utf-8")
    lzn("fmt", str(messy.parent))
    assert lzn.err == f"formatted {messy}\nformatted {inner}\n"
    assert (messy.parent / "notes.txt").read_text(encoding="utf-8") == "let  a=1"


def test_hidden_folders_and_run_folders_are_left_out(lzn: Shell, messy: Path) -> None:
    kept = [messy.parent / folder / "spec.lzn" for folder in (".venv/a", "runs/one", "imports")]
    for path in kept:
        path.parent.mkdir(parents=True)
        path.write_text(MESSY, encoding="utf-8")
    (messy.parent / "runs" / "one" / "plan.json").write_text("{}")
    lzn("fmt", "--check", str(messy.parent), code=1)
    assert lzn.err == f"would format {kept[2]}\nwould format {messy}\n"
    lzn("fmt", str(kept[0]))
    assert kept[0].read_text(encoding="utf-8") == NEAT


def test_an_empty_name_is_not_the_folder_one_is_in(
    lzn: Shell, messy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(messy.parent)
    lzn("fmt", "", code=2)
    assert "error[LZN102]" in lzn.err
    assert messy.read_text(encoding="utf-8") == MESSY


def test_a_folder_without_specs_is_an_error(lzn: Shell, tmp_path: Path) -> None:
    lzn("fmt", str(tmp_path), code=2)
    assert "there is no `.lzn` file" in lzn.err


def test_a_file_with_mistakes_is_left_and_the_others_are_formatted(lzn: Shell, messy: Path) -> None:
    wrong = messy.with_name("wrong.lzn")
    wrong.write_text("let = 1\ntask  x\n", encoding="utf-8")
    lzn("fmt", str(wrong), str(messy.with_name("nowhere.lzn")), str(messy), code=2)
    assert wrong.read_text(encoding="utf-8") == "let = 1\ntask  x\n"
    assert messy.read_text(encoding="utf-8") == NEAT
    assert f"--> {wrong}:1:5" in lzn.err
    assert f"--> {wrong}:2:" in lzn.err
    assert "error[LZN101]" in lzn.err


def test_permissions_and_links_are_kept(lzn: Shell, messy: Path) -> None:
    messy.chmod(0o640)
    link = messy.with_name("link.lzn")
    link.symlink_to(messy.name)
    lzn("fmt", str(link))
    assert link.is_symlink()
    assert messy.read_text(encoding="utf-8") == NEAT
    assert messy.stat().st_mode & 0o777 == 0o640
    assert sorted(messy.parent.iterdir()) == [link, messy]


def test_what_cannot_be_written_is_left_whole(
    lzn: Shell, messy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    lzn("fmt", str(messy), code=5)
    assert "error[LZN904]" in lzn.err
    assert "no space left" in lzn.err
    assert messy.read_text(encoding="utf-8") == MESSY
    assert list(messy.parent.iterdir()) == [messy]


def test_a_read_only_file_is_left(lzn: Shell, messy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    lzn("fmt", str(messy), code=5)
    assert "it is read-only" in lzn.err
    assert messy.read_text(encoding="utf-8") == MESSY
