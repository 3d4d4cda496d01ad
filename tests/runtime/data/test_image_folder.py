import os
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

from helpers.data_errors import data_error_of
from helpers.data_files import write_class_folders
from lzn_dsl.registry.builtin.picture_datasets import ImageFolderSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.data.image_folder import open_image_folder
from lzn_runtime.data.pictures import Pictures


def folder(root: Path, **settings: Any) -> Pictures:
    values = {"root": str(root), "size": 4, "split": "all", **settings}
    return open_image_folder(ImageFolderSettings.model_validate(values), Path("/nowhere"))


def test_pictures_and_labels_are_in_the_order_of_names(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"b": 2, "a": 1, "C": 1})
    data = folder(tmp_path)
    assert isinstance(data, Dataset)
    assert len(data) == 4
    batch = data.__getitems__([0, 1, 3, 2, 3])
    assert batch["label"].tolist() == [0, 1, 2, 2, 2]
    assert batch["label"].dtype == torch.int64
    assert batch["image"].shape == (5, 3, 4, 4)
    # write_class_folders: red tells the class as it was given, green the number
    assert batch["image"][:, 0, 0, 0].tolist() == [40, 20, 0, 0, 0]
    assert batch["image"][:, 1, 0, 0].tolist() == [0, 0, 1, 0, 1]
    labels = data.labels("label")
    assert labels is not None
    assert labels.tolist() == [0, 1, 2, 2]
    assert data.labels("image") is None


def test_splits_hold_each_picture_once(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 10, "b": 15})
    train, test = (folder(tmp_path, split=split) for split in ("train", "test"))
    assert (len(train), len(test)) == (20, 5)
    seen = []
    for data in (train, test):
        batch = data.__getitems__(list(range(len(data))))
        seen += batch["image"][:, :2, 0, 0].tolist()
    assert sorted(seen) == [[0, i] for i in range(10)] + [[20, i] for i in range(15)]


def test_pictures_of_one_folder_have_no_labels(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"cat": 20, "cat/more": 1})
    train, test = (
        folder(tmp_path / "cat", labels=False, split=split) for split in ("train", "test")
    )
    assert (len(train), len(test)) == (16, 4)
    assert train.labels("label") is None
    batches = [data.__getitems__(list(range(len(data)))) for data in (train, test)]
    assert [list(batch) for batch in batches] == [["image"], ["image"]]
    seen = torch.cat([batch["image"][:, 1, 0, 0] for batch in batches])
    assert sorted(seen.tolist()) == list(range(20))
    assert train.fingerprint != test.fingerprint


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert data_error_of(lambda: folder(tmp_path / "x"), tmp_path) == (
        "LZN501 there is no folder `DIR/x`; name it by `root:`"
    )


def test_links_to_pictures_are_followed(tmp_path: Path) -> None:
    write_class_folders(tmp_path / "store", {"a": 2})
    (tmp_path / "photos" / "dog").mkdir(parents=True)
    (tmp_path / "photos" / "cat").symlink_to(tmp_path / "store" / "a")
    (tmp_path / "photos" / "dog" / "x.png").symlink_to(tmp_path / "store" / "a" / "001.png")
    batch = folder(tmp_path / "photos").__getitems__([0, 1, 2])
    assert batch["label"].tolist() == [0, 0, 1]
    assert batch["image"][:, 1, 0, 0].tolist() == [0, 1, 1]


@pytest.mark.parametrize("name", [b"new\nline.png", b"bad\xffutf8.png", b"\xc3\xa9 %s{}.png"])
def test_any_file_name_works(tmp_path: Path, name: bytes) -> None:
    write_class_folders(tmp_path, {"a": 1})
    target = os.fsencode(tmp_path) + b"/a/" + name
    try:
        (tmp_path / "a" / "000.png").rename(os.fsdecode(target))
    except OSError as error:
        pytest.skip(f"this file system refuses the name: {error}")
    data = folder(tmp_path)
    assert data.__getitems__([0])["label"].tolist() == [0]
    assert len(data.fingerprint) == 32
    Path(os.fsdecode(target)).write_bytes(b"")
    told = data_error_of(lambda: data.__getitems__([0]), tmp_path)
    assert told.encode("utf-8")
    assert "\n" not in told


def test_bad_pictures_are_replaced_by_the_next_good_one(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 30, "b": 30})
    for bad in ("a/029", "b/028", "b/029"):
        (tmp_path / f"{bad}.png").write_bytes(b"")
    wanted = [28, 29, 30, 58, 59, 29]
    for order in (wanted, wanted[::-1], [59, 29, 58, 30, 28]):
        batch = folder(tmp_path, on_error="skip").__getitems__(order)
        got = dict(zip(order, batch["image"][:, :2, 0, 0].tolist(), strict=True))
        assert got == {28: [0, 28], 29: [20, 0], 30: [20, 0], 58: [0, 0], 59: [0, 0]}
        classes = dict(zip(order, batch["label"].tolist(), strict=True))
        assert classes == {28: 0, 29: 1, 30: 1, 58: 0, 59: 0}


def test_too_many_bad_pictures_stop(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 20, "b": 20})
    for i in (3, 4, 9):
        (tmp_path / "a" / f"{i:03d}.png").write_bytes(b"")
    data = folder(tmp_path, on_error="skip")
    data.__getitems__([3])
    data.__getitems__([3, 4])
    assert data_error_of(lambda: data.__getitems__([9]), tmp_path) == (
        "LZN508 3 of 40 pictures cannot be read, 2 may be replaced; the last, `DIR/a/009.png`, "
        "is empty"
    )


@pytest.mark.parametrize("count", [1, 2, 9])
def test_nothing_but_bad_pictures_stops(tmp_path: Path, count: int) -> None:
    write_class_folders(tmp_path, {"a": count})
    for path in (tmp_path / "a").iterdir():
        path.write_bytes(b"")
    error = data_error_of(lambda: folder(tmp_path, on_error="skip").__getitems__([0]), tmp_path)
    assert error.startswith(f"LZN508 {min(count, 2)} of {count} pictures cannot be read")


@pytest.mark.parametrize("policy", ["error", "skip"])
def test_a_picture_that_is_gone_is_named_whatever_the_policy(tmp_path: Path, policy: str) -> None:
    write_class_folders(tmp_path, {"a": 3})
    data = folder(tmp_path, on_error=policy)
    (tmp_path / "a" / "001.png").unlink()
    expected = "LZN507 the picture `DIR/a/001.png` is gone"
    assert data_error_of(lambda: data.__getitems__([0, 1]), tmp_path) == expected


def test_a_fingerprint_is_of_names_and_sizes(tmp_path: Path) -> None:
    write_class_folders(tmp_path / "x", {"a": 2, "b": 1})
    before = folder(tmp_path / "x").fingerprint
    for name in ("b/000.png", "a/001.png", "a/000.png"):  # copied in another order
        (tmp_path / "y" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tmp_path / "x" / name, tmp_path / "y" / name)
    assert folder(tmp_path / "y").fingerprint == before
    (tmp_path / "x" / "a" / "000.png").write_bytes(b"longer than it was" * 50)
    changed = folder(tmp_path / "x").fingerprint
    (tmp_path / "x" / "a" / "000.png").rename(tmp_path / "x" / "a" / "00.png")
    renamed = folder(tmp_path / "x").fingerprint
    (tmp_path / "x" / "a" / "00.png").unlink()
    assert len({before, changed, renamed, folder(tmp_path / "x").fingerprint}) == 4


def test_reading_leaves_the_warning_filters_alone(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 1})
    before = list(warnings.filters)
    folder(tmp_path).__getitems__([0])
    assert warnings.filters == before
