"""What `lzn new` writes: sound from the start, under names that can be used, over nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from lzn_dsl.cli import app
from lzn_dsl.diagnostics.diagnostic import SpecError, StorageError
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry
from lzn_dsl.scaffold.write import TEMPLATES, new_modality, new_spec
from lzn_dsl.spec import load

ROOT = Path(__file__).parent.parent.parent
REGISTRY = Registry(builtin_entries())


def lzn(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["lzn", *arguments])
    with pytest.raises(SystemExit) as stop:
        app.main()
    return int(stop.value.code or 0)


def test_a_new_spec_has_no_findings(tmp_path: Path) -> None:
    path = new_spec("first-try", tmp_path / "specs")
    assert path == tmp_path / "specs" / "first-try.lzn"
    assert load(path, registry=REGISTRY).check() == ()
    assert "lzn run first-try.lzn" in path.read_text(encoding="utf-8")


def test_the_name_of_a_spec_may_have_its_ending(tmp_path: Path) -> None:
    assert new_spec("first.lzn", tmp_path).name == "first.lzn"


def test_the_shell_says_what_was_written_and_what_to_do_next(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert lzn(monkeypatch, "new", "spec", "first", "--dest", str(tmp_path)) == 0
    assert f"wrote {tmp_path}/first.lzn\nnext: lzn check" in capsys.readouterr().out
    assert lzn(monkeypatch, "new", "modality", "spectrum", "--dest", str(tmp_path)) == 0
    assert "lzn test-modality spectrum" in capsys.readouterr().out
    assert lzn(monkeypatch, "new", "spec", "first", "--dest", str(tmp_path)) == 5
    assert "error[LZN904]" in capsys.readouterr().err
    assert lzn(monkeypatch, "new", "modality", "image", "--dest", str(tmp_path)) == 2
    assert "error[LZN907]" in capsys.readouterr().err


def test_a_package_has_every_file_and_no_word_left_to_fill_in(tmp_path: Path) -> None:
    folder = new_modality("heart_rate", tmp_path, REGISTRY)
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert files == {
        "README.md",
        "example.lzn",
        "lzn_heart_rate/__init__.py",
        "lzn_heart_rate/demo.py",
        "lzn_heart_rate/entries.py",
        "lzn_heart_rate/modality.py",
        "pyproject.toml",
        "tests/test_heart_rate.py",
    }
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in files}
    assert all("$" not in text for text in texts.values())
    assert "class HeartRateSettings(Settings)" in texts["lzn_heart_rate/entries.py"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["lzn-heart-rate"]


def test_templates_are_all_named_as_such() -> None:
    files = [p for p in TEMPLATES.rglob("*") if p.is_file()]
    assert len(files) == 9
    assert {p.suffix for p in files} == {".template"}


def test_a_package_is_as_clean_as_this_one(tmp_path: Path) -> None:
    folder = new_modality("spectrum", tmp_path, REGISTRY)
    config = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", str(folder)]
    ruff = [sys.executable, "-m", "ruff"]
    ignored = ["--ignore", "TID253,D103,D104,S101,I001"]
    for command in (["check", *ignored], ["format", "--check"]):
        done = subprocess.run(
            [*ruff, *command, *config], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Image", "lower-case word"),
        ("9lives", "lower-case word"),
        ("heart rate", "for example `heart_rate`"),
        ("../outside", "for example `outside`"),
        ("tail_", "for example `tail`"),
        ("", "lower-case word"),
        ("x" * 41, "at most 40"),
        ("naïve", "lower-case word"),
        ("from", "reserved word"),
        ("task", "reserved word"),
        ("class", "reserved word"),
        ("none", "reserved word"),
        ("runtime", "`lzn_runtime`, which is the language's"),
        ("image", "there is a modality `image` already"),
    ],
)
def test_a_name_that_a_modality_cannot_have_is_refused(name: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=why) as refused:
        new_modality(name, tmp_path, REGISTRY)
    assert [d.code for d in refused.value.diagnostics] == ["LZN907"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "../x", "a/b", "-f", "a b", "x" * 41, ".lzn"])
def test_a_name_that_a_spec_cannot_have_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="a spec is named by letters") as refused:
        new_spec(name, tmp_path)
    assert [d.code for d in refused.value.diagnostics] == ["LZN907"]
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "first.lzn").write_text("mine")
    (tmp_path / "lzn-spectrum").mkdir()
    with pytest.raises(StorageError, match=r"LZN904.*first\.lzn` exists"):
        new_spec("first", tmp_path)
    with pytest.raises(StorageError, match=r"LZN904.*lzn-spectrum` exists"):
        new_modality("spectrum", tmp_path, REGISTRY)
    assert (tmp_path / "first.lzn").read_text() == "mine"
    assert list((tmp_path / "lzn-spectrum").iterdir()) == []


@pytest.mark.parametrize(("dest", "why"), [("file", "is no folder"), ("file/in", "cannot write")])
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, dest: str, why: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=rf"LZN904.*{why}"):
        new_spec("first", tmp_path / dest)
    with pytest.raises(StorageError, match=rf"LZN904.*{why}"):
        new_modality("spectrum", tmp_path / dest, REGISTRY)
