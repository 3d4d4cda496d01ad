"""Checkpoints on disk: complete or absent, whatever happens; damage is noticed."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.faulty_files import FaultyFiles, Killed, killed_at, no_space
from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_runtime.training.checkpoint_store import MANIFEST, CheckpointStore
from lzn_runtime.training.files import Files

CONTENTS = {"model.safetensors": b"weights" * 10, "state.json": b'{"step": 1}'}


def _store(folder: Path, files: Files | None = None) -> tuple[CheckpointStore, list[Diagnostic]]:
    messages: list[Diagnostic] = []
    return CheckpointStore(folder, warn=messages.append, files=files), messages


def _contents(step: int) -> dict[str, bytes]:
    return {**CONTENTS, "model.safetensors": b"weights of %d" % step}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with checkpoints of steps 1 and 2."""
    path = tmp_path / "checkpoints"
    store, _ = _store(path)
    store.save(1, _contents(1), keep=5)
    store.save(2, _contents(2), keep=5)
    return path


def test_newest_checkpoint_is_read_back(folder: Path) -> None:
    store, messages = _store(folder)
    stored = store.newest()
    assert stored is not None
    assert (stored.step, stored.files, messages) == (2, _contents(2), [])


def test_empty_store_has_none(tmp_path: Path) -> None:
    assert _store(tmp_path / "checkpoints")[0].newest() is None


def test_the_newest_few_are_kept(tmp_path: Path) -> None:
    store, _ = _store(tmp_path / "checkpoints")
    for step in range(1, 6):
        store.save(step, _contents(step), keep=2)
    assert store.steps() == [4, 5]


def test_order_is_that_of_steps_beyond_eight_digits(tmp_path: Path) -> None:
    store, _ = _store(tmp_path / "checkpoints")
    for step in (99_999_999, 100_000_000):
        store.save(step, _contents(step), keep=5)
    stored = store.newest()
    assert stored is not None
    assert stored.step == 100_000_000


def test_death_at_any_operation_leaves_the_old_or_the_new_checkpoint(folder: Path) -> None:
    counter = FaultyFiles(lambda count, operation: None)
    _store(_copy(folder, "count"), counter)[0].save(3, _contents(3), keep=1)
    assert len(counter.operations) > 8
    for number in range(len(counter.operations)):
        copy = _copy(folder, f"killed-{number}")
        with pytest.raises(Killed):
            _store(copy, FaultyFiles(killed_at(number)))[0].save(3, _contents(3), keep=1)
        store, messages = _store(copy)
        store.clean()
        stored = store.newest()
        assert stored is not None
        assert stored.files == _contents(stored.step)
        assert stored.step in (2, 3)
        assert messages == []
        assert not list(copy.glob(".*"))
        store.save(4, _contents(4), keep=1)
        assert store.steps() == [4]


def test_death_while_a_checkpoint_is_replaced_leaves_one_of_the_two(folder: Path) -> None:
    new = {**_contents(2), "support.safetensors": b"anchors"}
    counter = FaultyFiles(lambda count, operation: None)
    _store(_copy(folder, "count"), counter)[0].save(2, new, keep=5)
    for number in range(len(counter.operations)):
        copy = _copy(folder, f"killed-{number}")
        with pytest.raises(Killed):
            _store(copy, FaultyFiles(killed_at(number)))[0].save(2, new, keep=5)
        store, messages = _store(copy)
        store.clean()
        stored = store.newest()
        assert stored is not None
        assert stored.step == 2
        assert stored.files in (_contents(2), new)
        assert messages == []
        assert not list(copy.glob(".*"))


def test_replacement_that_fails_leaves_the_old_checkpoint(folder: Path) -> None:
    def fault(count: int, operation: str) -> None:
        if operation == "rename" and store_files.operations.count("rename") == 2:
            raise OSError(errno.EIO, "Input/output error")

    store_files = FaultyFiles(fault)
    store, messages = _store(folder, store_files)
    with pytest.raises(OSError, match="Input/output"):
        store.save(2, {**_contents(2), "support.safetensors": b"anchors"}, keep=5)
    stored = store.newest()
    assert stored is not None
    assert (stored.files, messages) == (_contents(2), [])


def test_full_disk_leaves_nothing_of_the_save_and_all_of_the_others(folder: Path) -> None:
    store, _ = _store(folder, FaultyFiles(no_space))
    with pytest.raises(OSError, match="No space left"):
        store.save(3, _contents(3), keep=1)
    assert sorted(p.name for p in folder.iterdir()) == ["step-00000001", "step-00000002"]


def test_write_that_the_disk_did_not_keep_is_noticed(folder: Path) -> None:
    class Forgetful(Files):
        def write(self, path: Path, data: bytes) -> None:
            super().write(path, data[:-1] if path.name == "model.safetensors" else data)

    store, _ = _store(folder, Forgetful())
    with pytest.raises(OSError, match="did not keep"):
        store.save(3, _contents(3), keep=1)
    assert store.steps() == [1, 2]


def _flip(name: str, position: int) -> Callable[[Path], object]:
    def damage(path: Path) -> None:
        data = bytearray((path / name).read_bytes())
        data[position % len(data)] ^= 1 << (position % 8)
        (path / name).write_bytes(data)

    return damage


def _manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    def damage(path: Path) -> None:
        table = json.loads((path / MANIFEST).read_text())
        change(table)
        (path / MANIFEST).write_text(json.dumps(table, indent=1))

    return damage


def _link(path: Path) -> None:
    (path / "model.safetensors").rename(path.parent / "elsewhere")
    (path / "model.safetensors").symlink_to(path.parent / "elsewhere")


def _folder(path: Path) -> None:
    (path / "state.json").unlink()
    (path / "state.json").mkdir()


def _pipe(path: Path) -> None:
    (path / "state.json").unlink()
    os.mkfifo(path / "state.json")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no manifest": lambda path: (path / MANIFEST).unlink(),
    "empty manifest": lambda path: (path / MANIFEST).write_bytes(b""),
    "manifest is a list": lambda path: (path / MANIFEST).write_bytes(b"[]"),
    "manifest is deep": lambda path: (path / MANIFEST).write_bytes(b"[" * 100_000),
    "file missing": lambda path: (path / "state.json").unlink(),
    "file more": lambda path: (path / "more.json").write_bytes(b"{}"),
    "file cut": lambda path: (path / "model.safetensors").write_bytes(b"weights"),
    "file is a folder": _folder,
    "file is a link": _link,
    "file is a pipe": _pipe,
    "other step": _manifest(lambda table: table.update(step=1)),
    "other format": _manifest(lambda table: table.update(format=2)),
    "other size": _manifest(lambda table: table["files"]["state.json"].update(size=3)),
    "huge size": _manifest(lambda table: table["files"]["state.json"].update(size=10**13)),
    "path": _manifest(lambda table: table["files"].update({"../state.json": {"size": 1}})),
    "extra entry": _manifest(lambda table: table["files"].update({"more.json": {"size": 1}})),
}
DAMAGES |= {f"bit of weights {n}": _flip("model.safetensors", n) for n in range(12)}
DAMAGES |= {f"bit of manifest {n}": _flip(MANIFEST, n) for n in range(0, 400, 7)}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_set_aside_and_the_one_before_is_used(
    folder: Path, damage: Callable[[Path], object]
) -> None:
    store, messages = _store(folder)
    damage(store.path(2))
    stored = store.newest()
    assert stored is not None
    assert (stored.step, stored.files) == (1, _contents(1))
    assert [m.code for m in messages] == ["LZN701"]
    assert "set aside as `step-00000002.damaged`" in messages[0].notes[0]
    assert store.steps() == [1]
    store.save(2, _contents(2), keep=5)
    damage(store.path(2))
    store.newest()
    assert (folder / "step-00000002.damaged-2").exists()


def test_every_truncation_is_noticed(folder: Path) -> None:
    store, _ = _store(folder)
    for name in (*CONTENTS, MANIFEST):
        data = (store.path(2) / name).read_bytes()
        for length in range(0, len(data), 13):
            copy = _copy(folder, f"cut-{name}-{length}")
            cut, messages = _store(copy)
            (cut.path(2) / name).write_bytes(data[:length])
            stored = cut.newest()
            assert stored is not None
            assert stored.step == 1
            assert len(messages) == 1


def test_no_sound_checkpoint_is_an_error_now_and_later(folder: Path) -> None:
    store, messages = _store(folder)
    for step in (1, 2):
        (store.path(step) / "state.json").unlink()
    for _ in range(2):
        with pytest.raises(StorageError, match="LZN702"):
            store.newest()
    assert len(messages) == 2


def test_peek_changes_nothing(folder: Path) -> None:
    store, messages = _store(folder)
    (store.path(2) / "state.json").unlink()
    stored = store.peek()
    assert stored is not None
    assert stored.step == 1
    assert [m.code for m in messages] == ["LZN701"]
    assert store.steps() == [1, 2]


def test_sound_checkpoint_of_another_format_is_refused_by_version(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = _store(folder)
    monkeypatch.setattr("lzn_runtime.training.checkpoint_store.FORMAT", 7)
    with pytest.raises(StorageError, match=r"LZN709.*format 1, this version reads 7"):
        store.newest()
    assert store.steps() == [1, 2]


def _copy(folder: Path, name: str) -> Path:
    copy = folder.parent / name
    shutil.copytree(folder, copy)
    return copy
