import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.data_errors import data_error_of
from helpers.data_files import (
    idx_bytes,
    write_cifar_binary,
    write_cifar_pickles,
    write_class_folders,
    write_idx_pair,
)
from pydantic import ValidationError

from lzn_dsl.datafiles.digits import CLASS_COUNTS
from lzn_dsl.datafiles.split import held_out, share_out
from lzn_dsl.registry.builtin import augmentations, datasets
from lzn_dsl.registry.builtin.augmentations import FlipSettings, ShiftSettings
from lzn_dsl.registry.builtin.datasets import (
    CIFAR_NAMES,
    FASHION_NAMES,
    CifarSettings,
    DigitsSettings,
    IdxSettings,
    ImageFolderSettings,
    describe_cifar10,
    describe_digits,
    describe_fashion_mnist,
    describe_image_folder,
    describe_mnist,
)
from lzn_dsl.registry.entry import Column, DatasetInfo, Kind


@pytest.fixture(autouse=True)
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No data in the usual places of the person who runs the tests."""
    monkeypatch.delenv("LZN_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def folder_settings(**settings: Any) -> ImageFolderSettings:
    return ImageFolderSettings.model_validate({"root": ".", "size": 4, "split": "all", **settings})


# Entries


def test_entries_are_of_one_kind_and_can_be_described() -> None:
    names = ["digits", "fashion_mnist", "mnist", "cifar10", "image_folder"]
    assert [entry.name for entry in datasets.ENTRIES] == names
    assert all(e.kind is Kind.DATASET and e.describe for e in datasets.ENTRIES)
    assert [entry.name for entry in augmentations.ENTRIES] == ["shift", "flip"]
    assert all(e.kind is Kind.AUGMENTATION for e in augmentations.ENTRIES)


@pytest.mark.parametrize("family", [datasets, augmentations])
def test_every_setting_has_a_description_and_two_sided_numbers(family: Any) -> None:
    for entry in family.ENTRIES:
        schema = entry.settings.model_json_schema()
        for name, field in schema["properties"].items():
            assert field["description"], name
            for part in field.get("anyOf", [field]):
                if part.get("type") in ("integer", "number") and "enum" not in part:
                    assert "minimum" in part, (entry.name, name)
                    assert "maximum" in part, (entry.name, name)
        assert set(entry.settings.positional) <= set(schema["properties"])


@pytest.mark.parametrize(
    "settings",
    [
        (DigitsSettings, {"split": "all"}),
        (DigitsSettings, {"holdout": 0}),
        (DigitsSettings, {"holdout": 1.0}),
        (IdxSettings, {"root": ""}),
        (IdxSettings, {"limit": 0}),
        (IdxSettings, {"size": 28}),
        (ImageFolderSettings, {"root": "x"}),
        (ImageFolderSettings, {"root": "x", "size": 0}),
        (ImageFolderSettings, {"root": "x", "size": 8, "channels": 4}),
        (ImageFolderSettings, {"root": "x", "size": 8, "max_pixels": 10**9}),
        (ShiftSettings, {}),
        (ShiftSettings, {"pixels": 0}),
        (FlipSettings, {"probability": 1.5}),
    ],
)
def test_settings_out_of_range_are_refused(settings: tuple[Any, dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        settings[0].model_validate(settings[1])


def test_describing_imports_neither_torch_nor_numpy_nor_pillow(tmp_path: Path) -> None:
    write_idx_pair(tmp_path, [0, 1])
    write_cifar_pickles(tmp_path, [0, 1])
    code = """
import sys
from pathlib import Path
from lzn_dsl.registry.builtin import augmentations, datasets
for entry in datasets.ENTRIES:
    required = {"root": "src", "size": 8} if entry.name == "image_folder" else {}
    entry.describe(entry.settings(**required), Path("."))
entry = next(e for e in datasets.ENTRIES if e.name == "cifar10")
print(entry.describe(entry.settings(root=sys.argv[1]), Path(".")).num_samples)
print(sorted({"torch", "numpy", "sklearn", "PIL", "networkx", "rich"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "10\n[]\n"


def test_describing_is_fast(tmp_path: Path) -> None:
    write_idx_pair(tmp_path, [0, 1])
    calls: list[Callable[[], DatasetInfo]] = [
        lambda: describe_digits(DigitsSettings(), tmp_path),
        lambda: describe_fashion_mnist(IdxSettings(root="."), tmp_path),
        lambda: describe_mnist(IdxSettings(), tmp_path),
        lambda: describe_cifar10(CifarSettings(), tmp_path),
    ]
    for call in calls:
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
        assert min(seconds) < 0.01


# Splits


def test_largest_remainders() -> None:
    assert share_out([5, 3, 2], 5) == [3, 1, 1]
    assert share_out([1, 1, 1], 2) == [1, 1, 0]
    assert share_out([0, 4], 4) == [0, 4]
    assert share_out([], 0) == []
    assert share_out([7, 2], 0) == [0, 0]
    with pytest.raises(ValueError, match="total must be from 0 to 4, got 5"):
        share_out([1, 3], 5)


def test_held_out_share_is_taken_as_it_is_written() -> None:
    assert held_out([60, 60, 60], 0.2) == [12, 12, 12]  # 0.2 as a double is a little more
    assert held_out([10, 10], 0.01) == [1, 0]
    assert sum(held_out(CLASS_COUNTS, 0.2)) == 360


# Digits


def test_digits_are_described(tmp_path: Path) -> None:
    facts = {"classes": 10, "names": list("0123456789")}
    expected = {
        "image": Column("image", {"height": 8, "width": 8, "channels": 1}),
        "label": Column("label", facts),
    }
    train = describe_digits(DigitsSettings(), tmp_path)
    test = describe_digits(DigitsSettings(split="test"), tmp_path)
    assert train == DatasetInfo(expected, 1437)
    assert test == DatasetInfo(expected, 360)


def test_digits_without_scikit_learn_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lzn_dsl.datafiles.digits.find_spec", lambda name: None)
    info = describe_digits(DigitsSettings(), tmp_path)
    assert info.missing == (
        "scikit-learn's file datasets/data/digits.csv.gz; pip install scikit-learn"
    )


# IDX


def test_fashion_mnist_is_described_by_the_headers_of_its_files(tmp_path: Path) -> None:
    write_idx_pair(tmp_path / "a", [3, 1, 9], gz=False)
    write_idx_pair(tmp_path / "a", [5], start="t10k")
    train = describe_fashion_mnist(IdxSettings(root="a"), tmp_path)
    assert train.num_samples == 3
    assert train.missing == ""
    assert train.columns["image"].facts == {"height": 28, "width": 28, "channels": 1}
    assert train.columns["label"].facts == {"classes": 10, "names": list(FASHION_NAMES)}
    test = describe_fashion_mnist(IdxSettings(root="a", split="test"), tmp_path)
    assert test.num_samples == 1
    assert describe_fashion_mnist(IdxSettings(root="a", limit=2), tmp_path).num_samples == 2
    assert describe_fashion_mnist(IdxSettings(root="a", limit=9), tmp_path).num_samples == 3


@pytest.mark.parametrize(
    ("place", "variable"),
    [
        ("data/fashion_mnist", "data"),
        ("data/FashionMNIST/raw", "data"),
        ("cache/lzn_dsl/fashion_mnist", ""),
    ],
)
def test_fashion_mnist_is_found_in_the_usual_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, variable: str
) -> None:
    write_idx_pair(tmp_path / place, [0, 1, 2, 3])
    if variable:
        monkeypatch.setenv("LZN_DATA", str(tmp_path / variable))
    assert describe_fashion_mnist(IdxSettings(), tmp_path).num_samples == 4


def test_torchvision_root_is_found_for_each_of_the_two(tmp_path: Path) -> None:
    write_idx_pair(tmp_path / "FashionMNIST" / "raw", [0])
    write_idx_pair(tmp_path / "MNIST" / "raw", [0, 1])
    settings = IdxSettings(root=str(tmp_path))
    assert describe_fashion_mnist(settings, Path("/nowhere")).num_samples == 1
    assert describe_mnist(settings, Path("/nowhere")).num_samples == 2


def test_missing_idx_files_are_named_with_how_to_get_them(tmp_path: Path) -> None:
    def missing(describe: Any, **settings: Any) -> str:
        info = describe(IdxSettings(**settings), tmp_path)
        assert info.num_samples in (60_000, 10_000)
        return str(info.missing.replace(str(tmp_path), "DIR"))

    how = (
        "get the four IDX files and name their folder by `root:` or its parent by the variable "
        "LZN_DATA"
    )
    assert missing(describe_mnist) == (
        "MNIST: no train-images-idx3-ubyte or train-images-idx3-ubyte.gz in "
        f"`DIR/cache/lzn_dsl/mnist`; {how}"
    )
    assert missing(describe_mnist, root="nowhere") == "there is no folder `DIR/nowhere`"
    (tmp_path / "empty").mkdir()
    assert missing(describe_fashion_mnist, root="empty", split="test") == (
        "Fashion-MNIST: no t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz in `DIR/empty`, "
        "`DIR/empty/fashion_mnist`, `DIR/empty/FashionMNIST/raw`, `DIR/empty/fashion-mnist`; "
        f"install the Debian package dataset-fashion-mnist, or {how}"
    )
    write_idx_pair(tmp_path / "half", [0])
    (tmp_path / "half" / "train-labels-idx1-ubyte.gz").unlink()
    assert missing(describe_mnist, root="half") == (
        "`DIR/half` has no train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz"
    )


def test_unusable_idx_files_are_told(tmp_path: Path) -> None:
    def error(**settings: Any) -> str:
        return data_error_of(lambda: describe_mnist(IdxSettings(**settings), tmp_path), tmp_path)

    (tmp_path / "file").write_text("x")
    assert error(root="file") == "LZN502 the data folder `DIR/file` is a file, not a folder"
    write_idx_pair(tmp_path / "a", [0, 1], gz=False)
    images = tmp_path / "a" / "train-images-idx3-ubyte"
    labels = tmp_path / "a" / "train-labels-idx1-ubyte"
    labels.write_bytes(idx_bytes((3,), b"\0\0\0"))
    assert error(root="a") == (
        "LZN503 the IDX file `DIR/a/train-labels-idx1-ubyte` has 3 labels for the 2 pictures of "
        "`DIR/a/train-images-idx3-ubyte`"
    )
    images.write_bytes(idx_bytes((2, 20, 28), b"\0" * 1120))
    assert error(root="a") == (
        "LZN503 the IDX file `DIR/a/train-images-idx3-ubyte` has pictures of 20 x 28, not 28 x 28"
    )
    images.write_bytes(idx_bytes((0, 28, 28), b""))
    labels.write_bytes(idx_bytes((0,), b""))
    assert error(root="a") == (
        "LZN503 the IDX file `DIR/a/train-images-idx3-ubyte` has no pictures"
    )
    images.unlink()
    os.mkfifo(images)
    assert error(root="a") == (
        "LZN503 the IDX file `DIR/a/train-images-idx3-ubyte` is not a regular file"
    )


# CIFAR-10


def test_cifar10_is_described_by_its_files(tmp_path: Path) -> None:
    write_cifar_binary(tmp_path / "b" / "cifar-10-batches-bin", [0, 9, 4])
    write_cifar_pickles(tmp_path / "p" / "cifar-10-batches-py", [1, 2], split="test")
    binary = describe_cifar10(CifarSettings(root="b"), tmp_path)
    assert binary.num_samples == 15
    assert binary.columns["image"].facts == {"height": 32, "width": 32, "channels": 3}
    assert binary.columns["label"].facts == {"classes": 10, "names": list(CIFAR_NAMES)}
    assert describe_cifar10(CifarSettings(root="p", split="test"), tmp_path).num_samples == 2
    assert describe_cifar10(CifarSettings(root="b", limit=4), tmp_path).num_samples == 4
    inner = CifarSettings(root="b/cifar-10-batches-bin")
    assert describe_cifar10(inner, tmp_path).num_samples == 15


def test_full_cifar10_pickles_are_not_read_to_be_counted(tmp_path: Path) -> None:
    with (tmp_path / "test_batch").open("wb") as file:
        file.truncate(31_035_526)  # the size of the published file
    assert describe_cifar10(CifarSettings(root=".", split="test"), tmp_path).num_samples == 10_000


def test_missing_cifar10_files_are_named_with_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(**settings: Any) -> str:
        info = describe_cifar10(CifarSettings(**settings), tmp_path)
        return info.missing.replace(str(tmp_path), "DIR")

    monkeypatch.setenv("LZN_DATA", str(tmp_path / "data"))
    assert missing() == (
        "CIFAR-10: no data_batch_1 or data_batch_1.bin in `DIR/data/cifar10`, `DIR/data`, "
        "`DIR/cache/lzn_dsl/cifar10` or its sub-folders cifar-10-batches-py and "
        "cifar-10-batches-bin; unpack cifar-10-python.tar.gz or cifar-10-binary.tar.gz and name "
        "its folder by `root:` or its parent by the variable LZN_DATA"
    )
    write_cifar_binary(tmp_path / "b", [0])
    (tmp_path / "b" / "data_batch_4.bin").unlink()
    assert missing(root="b") == "`DIR/b` has no data_batch_4.bin"
    assert missing(root="c") == "there is no folder `DIR/c`"


# Folders of classes


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
        chosen = datasets.image_files(folder_settings(**settings), tmp_path)
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
        f"LZN506 the folder `DIR/flat` has no class folders; 2 pictures lie directly in it ({hint})"
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
