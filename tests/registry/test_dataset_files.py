import os
from pathlib import Path
from typing import Any

import pytest

from helpers.data_errors import data_error_of
from helpers.data_files import idx_bytes, write_cifar_binary, write_cifar_pickles, write_idx_pair
from lzn_dsl.registry.builtin.datasets import (
    CIFAR_NAMES,
    FASHION_NAMES,
    CifarSettings,
    IdxSettings,
    describe_cifar10,
    describe_fashion_mnist,
    describe_mnist,
)


@pytest.fixture(autouse=True)
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No data in the usual places of the person who runs the tests."""
    monkeypatch.delenv("LZN_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


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
