import os
import time
from pathlib import Path
from typing import Any

import pytest

from helpers.data_errors import data_error_of
from helpers.data_files import write_class_folders
from lzn_dsl.registry.builtin import picture_datasets
from lzn_dsl.registry.builtin.picture_datasets import ImageFolderSettings, describe_image_folder
from lzn_dsl.registry.entry import Column, DatasetInfo


def folder_settings(**settings: Any) -> ImageFolderSettings:
    return ImageFolderSettings.model_validate({"root": ".", "size": 4, "split": "all", **settings})


def test_image_folder_is_described_by_names_alone(tmp_path: Path) -> None:
    for name, count in (("dog", 3), ("Cat", 2), (".hidden", 1)):
        (tmp_path / name).mkdir()
        for i in range(count):
            (tmp_path / name / f"{i}.JPG").touch()  # empty: nothing is decoded
    (tmp_path / "dog" / "notes.txt").touch()
    (tmp_path / "dog" / ".hidden.png").touch()
    (tmp_path / "dog" / "folder.png").mkdir()
    os.mkfifo(tmp_path / "dog" / "pipe.png")
    (tmp_path / "readme.md").touch()
    info = describe_image_folder(folder_settings(size=16, channels=1), tmp_path)
    assert info == DatasetInfo(
        {
            "image": Column("image", {"height": 16, "width": 16, "channels": 1}),
            "label": Column("label", {"classes": 2, "names": ["Cat", "dog"]}),
        },
        5,
    )


def test_image_folder_splits_are_disjoint_balanced_and_stable(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 10, "b": 20, "c": 5})

    def files(**settings: Any) -> set[str]:
        chosen = picture_datasets.image_files(folder_settings(**settings), tmp_path)
        assert chosen is not None
        pairs = zip(chosen.names, chosen.files, strict=True)
        return {f"{name}/{file}" for name, members in pairs for file in members}

    train, test = files(split="train"), files(split="test")
    assert train | test == files()
    assert not train & test
    assert [sum(f.startswith(c) for f in test) for c in "abc"] == [2, 4, 1]
    assert files(split="test", split_seed=1) != test
    limited = files(split="train", limit=7)
    assert limited <= train
    assert [sum(f.startswith(c) for f in limited) for c in "abc"] == [2, 4, 1]
    (tmp_path / "a" / "999.png").touch()
    assert len(files(split="test") ^ test) <= 2


def test_a_folder_without_classes_is_described_without_labels(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"cat": 10})
    info = describe_image_folder(folder_settings(root="cat", labels=False, split="train"), tmp_path)
    assert info == DatasetInfo(
        {"image": Column("image", {"height": 4, "width": 4, "channels": 3})}, 8
    )
    missing = describe_image_folder(folder_settings(root="dog", labels=False), tmp_path)
    assert list(missing.columns) == ["image"]
    assert missing.missing


def test_a_missing_image_folder_is_named(tmp_path: Path) -> None:
    info = describe_image_folder(folder_settings(root="photos"), tmp_path)
    missing = info.missing.replace(str(tmp_path), "DIR")
    assert missing == "there is no folder `DIR/photos`; name it by `root:`"
    assert info.num_samples is None
    assert info.columns["label"] == Column("label", {})


def test_unusable_image_folders_are_told(tmp_path: Path) -> None:
    def error(**settings: Any) -> str:
        call = lambda: describe_image_folder(folder_settings(**settings), tmp_path)  # noqa: E731
        return data_error_of(call, tmp_path)

    (tmp_path / "file").write_text("x")
    assert error(root="file") == "LZN502 the data folder `DIR/file` is a file, not a folder"
    (tmp_path / "flat").mkdir()
    hint = "put the pictures of each class in a sub-folder with the name of the class"
    assert error(root="flat") == f"LZN506 the folder `DIR/flat` has no class folders ({hint})"
    for name in ("a.jpg", "b.png", "c.txt"):
        (tmp_path / "flat" / name).touch()
    assert error(root="flat") == (
        "LZN506 the folder `DIR/flat` has no class folders; 2 pictures lie directly in it "
        f"({hint}; pictures without classes: `image_folder(labels: false)`)"
    )
    (tmp_path / "bare" / "cat").mkdir(parents=True)
    kinds = "(.bmp .gif .jpeg .jpg .pgm .png .ppm .webp)"
    assert error(root="bare") == f"LZN506 the folder `DIR/bare/cat` holds no pictures {kinds}"
    (tmp_path / "bare" / "cat" / "x.tiff").touch()
    (tmp_path / "bare" / "cat" / "more").mkdir()
    assert error(root="bare") == (
        f"LZN506 the folder `DIR/bare/cat` holds no pictures {kinds}; of what it holds, `more` "
        "comes first"
    )
    assert error(root="bare", labels=False) == (
        f"LZN506 the folder `DIR/bare` holds no pictures {kinds}; of what it holds, `cat` "
        "comes first"
    )
    write_class_folders(tmp_path / "one", {"a": 1})
    assert error(root="one", split="train") == (
        "LZN506 the folder `DIR/one` has 1 pictures: none is left for the split `train`"
    )


@pytest.mark.parametrize("second", ["Cat", "cAT"])
def test_class_names_that_collide_are_told(tmp_path: Path, second: str) -> None:
    write_class_folders(tmp_path, {"cat": 1})
    if (tmp_path / second).exists():
        pytest.skip("this file system does not tell upper and lower case apart")
    write_class_folders(tmp_path, {second: 1})
    call = lambda: describe_image_folder(folder_settings(), tmp_path)  # noqa: E731
    assert data_error_of(call, tmp_path) == (
        "LZN506 the folder `DIR` has classes that differ by upper and lower case alone: "
        f"`{second}` and `cat`"
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb", "a\\nb"),
        (b"a\xffb", "a\\xffb"),
        (b"\x1b[31m", "\\x1b[31m"),
        (b"x" * 201, "x" * 201),
    ],
)
def test_class_names_that_cannot_be_printed_are_told(
    tmp_path: Path, name: bytes, shown: str
) -> None:
    folder = os.fsencode(tmp_path) + b"/" + name
    try:
        Path(os.fsdecode(folder)).mkdir()
    except OSError as error:
        pytest.skip(f"this file system refuses the name: {error}")
    call = lambda: describe_image_folder(folder_settings(), tmp_path)  # noqa: E731
    assert data_error_of(call, tmp_path) == (
        "LZN506 the folder `DIR` has a class whose name is not printable text of 200 characters "
        f"at most: {shown}"
    )


def test_loops_of_links_do_not_hold_the_listing_up(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 2})
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self.png").symlink_to(tmp_path / "a" / "self.png")
    info = describe_image_folder(folder_settings(), tmp_path)
    assert info.num_samples == 3  # the link may lead to a picture; reading it tells
    assert info.columns["label"].facts == {"classes": 1, "names": ["a"]}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0)
    call = lambda: describe_image_folder(folder_settings(root="shut"), tmp_path)  # noqa: E731
    assert data_error_of(call, tmp_path) == (
        "LZN502 the data folder `DIR/shut` cannot be read: Permission denied"
    )


def test_a_large_folder_is_listed_quickly(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        for i in range(2000):
            (tmp_path / name / f"{i}.png").touch()
    start = time.perf_counter()
    assert describe_image_folder(folder_settings(), tmp_path).num_samples == 4000
    assert time.perf_counter() - start < 1
