import os
from pathlib import Path

import pytest

from lzn_runtime.pictures.atomic import write_bytes


def test_a_failure_leaves_the_old_file_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["picture.png"]


def test_missing_folders_are_made_and_the_mode_is_the_usual_one(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    write_bytes(path, b"data")
    usual = tmp_path / "usual"
    usual.write_bytes(b"data")
    assert path.read_bytes() == b"data"
    assert path.stat().st_mode == usual.stat().st_mode
