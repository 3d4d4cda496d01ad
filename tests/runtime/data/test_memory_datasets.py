import gzip
import importlib
import os
import pickle
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from helpers.data_errors import data_error_of
from helpers.data_files import (
    cifar_values,
    idx_bytes,
    write_cifar_binary,
    write_cifar_pickles,
    write_idx_pair,
)

from lzn_dsl.datafiles import idx
from lzn_dsl.datafiles.digits import CLASS_COUNTS
from lzn_dsl.datafiles.mnist import FASHION_MNIST
from lzn_dsl.diagnostics.diagnostic import DataError
from lzn_dsl.registry.builtin.augmentations import ENTRIES as AUGMENTATIONS
from lzn_dsl.registry.builtin.datasets import ENTRIES as DATASETS
from lzn_dsl.registry.builtin.datasets import CifarSettings, DigitsSettings, IdxSettings
from lzn_runtime.data.cifar import open_cifar10
from lzn_runtime.data.dataset import Dataset, InMemoryDataset
from lzn_runtime.data.digits import open_digits
from lzn_runtime.data.mnist import open_fashion_mnist, open_mnist


@pytest.mark.parametrize("entry", [*DATASETS, *AUGMENTATIONS], ids=lambda entry: entry.name)
def test_factories_of_the_entries_are_there(entry: Any) -> None:
    module, _, attribute = entry.factory.partition(":")
    assert callable(getattr(importlib.import_module(module), attribute))


# In memory


def test_in_memory_data_are_picked_by_number() -> None:
    images = torch.arange(12, dtype=torch.uint8).view(3, 1, 2, 2)
    data = InMemoryDataset({"image": images, "label": torch.tensor([5, 6, 7])})
    assert isinstance(data, Dataset)
    assert len(data) == 3
    batch = data.__getitems__([2, 0, 2])
    assert torch.equal(batch["image"], images[[2, 0, 2]])
    assert batch["label"].tolist() == [7, 5, 7]
    labels = data.labels("label")
    assert labels is not None
    assert labels.tolist() == [5, 6, 7]
    assert data.labels("image") is None
    assert data.labels("nothing") is None


def test_a_fingerprint_is_of_names_shapes_and_values() -> None:
    def mark(**columns: torch.Tensor) -> str:
        return InMemoryDataset(columns).fingerprint

    a, b = torch.zeros(4, dtype=torch.int64), torch.ones(4, 1)
    marks = [
        mark(a=a),
        mark(b=a),
        mark(a=a.to(torch.int32)),
        mark(a=a.view(2, 2)),
        mark(a=a + 1),
        mark(a=a, b=b),
    ]
    assert len(set(marks)) == len(marks)
    assert mark(b=b, a=a) == mark(a=a.clone(), b=b.clone())
    assert mark(a=torch.arange(6).view(2, 3).T) == mark(a=torch.arange(6).view(2, 3).T.contiguous())


def test_columns_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"one length, got \{'a': 2, 'b': 3\}"):
        InMemoryDataset({"a": torch.zeros(2), "b": torch.zeros(3)})


# Digits


def digits(**settings: Any) -> InMemoryDataset:
    return open_digits(DigitsSettings(**settings), Path("/nowhere"))


def columns(data: InMemoryDataset) -> dict[str, torch.Tensor]:
    return data.__getitems__(list(range(len(data))))


@pytest.mark.filterwarnings("ignore")
def test_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    assert tuple(np.bincount(bunch.target)) == CLASS_COUNTS
    expected = torch.tensor(bunch.images * 255 / 16).add(0.5).floor().to(torch.uint8)
    train, test = columns(digits()), columns(digits(split="test"))
    assert train["image"].shape == (1437, 1, 8, 8)
    assert test["image"].shape == (360, 1, 8, 8)
    assert train["image"].dtype == torch.uint8
    both = torch.cat((train["image"], test["image"]))
    assert both.max() == 255
    assert sorted(both.view(-1, 64).tolist()) == sorted(expected.view(-1, 64).tolist())
    pairs = {
        bytes(i.flatten().tolist()): int(t) for i, t in zip(expected, bunch.target, strict=True)
    }
    for part in (train, test):
        rows = part["image"].view(-1, 64).tolist()
        assert [pairs[bytes(row)] for row in rows] == part["label"].tolist()


def test_held_out_digits_are_balanced_and_always_the_same() -> None:
    test = digits(split="test")
    assert columns(test)["label"].bincount().tolist() == [36, 37, 35, 37, 36, 36, 36, 36, 35, 36]
    assert test.fingerprint == digits(split="test").fingerprint
    assert test.fingerprint == "aeabebb756e2055bf21d58728617fc3b"
    assert digits(split="test", split_seed=1).fingerprint != test.fingerprint
    half = [len(digits(split=split, holdout=0.5)) for split in ("train", "test")]
    assert half == [898, 899]


def test_missing_and_changed_digits_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lzn_runtime.data.digits.find_digits", lambda: tmp_path / "d.csv.gz")
    for content, reason in (
        (b"", "shape '[1797, 65]' is invalid for input of size 0"),
        (b"1,2,3", "Not a gzipped file (b'1,')"),
        (gzip.compress(b"1,2,3"), "shape '[1797, 65]' is invalid for input of size 3"),
        (gzip.compress(b"1,x"), "invalid literal for int() with base 10: 'x'"),
    ):
        (tmp_path / "d.csv.gz").write_bytes(content)
        assert data_error_of(digits, tmp_path) == (
            f"LZN503 the file `DIR/d.csv.gz` is not the one that comes with scikit-learn: {reason}"
        )
    monkeypatch.setattr("lzn_runtime.data.digits.find_digits", lambda: None)
    monkeypatch.setattr("lzn_dsl.datafiles.digits.find_spec", lambda name: None)
    assert data_error_of(digits, tmp_path) == (
        "LZN501 scikit-learn's file datasets/data/digits.csv.gz; pip install scikit-learn"
    )


# IDX


def mnist(folder: Path, **settings: Any) -> InMemoryDataset:
    return open_mnist(IdxSettings(root=".", **settings), folder)


@pytest.mark.parametrize("gz", [True, False])
def test_idx_files_are_read(tmp_path: Path, gz: bool) -> None:
    write_idx_pair(tmp_path, [3, 0, 9, 3], gz=gz)
    data = mnist(tmp_path)
    batch = columns(data)
    assert batch["label"].tolist() == [3, 0, 9, 3]
    assert batch["label"].dtype == torch.int64
    assert torch.equal(
        batch["image"], torch.arange(4, dtype=torch.uint8).view(4, 1, 1, 1).expand(4, 1, 28, 28)
    )
    assert len(mnist(tmp_path, limit=2)) == 2
    assert len(mnist(tmp_path, limit=200)) == 4
    fashion = open_fashion_mnist(IdxSettings(root="."), tmp_path)
    assert fashion.fingerprint == data.fingerprint


def test_missing_idx_files_are_told(tmp_path: Path) -> None:
    def error() -> str:
        return data_error_of(lambda: open_mnist(IdxSettings(root="none"), tmp_path), tmp_path)

    assert error() == "LZN501 there is no folder `DIR/none`"


IMAGES = "the IDX file `DIR/train-images-idx3-ubyte`"
PACKED = "the IDX file `DIR/train-images-idx3-ubyte.gz`"
WHOLE = idx_bytes((3, 28, 28), b"\1" * 2352)
ZIPPED = gzip.compress(WHOLE)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is cut short: its header has 0 of 16 bytes"),
        (WHOLE[:9], "is cut short: its header has 9 of 16 bytes"),
        (WHOLE[:16], "claims 3 x 28 x 28 = 2352 bytes of values and holds only 0"),
        (WHOLE[:1016], "claims 3 x 28 x 28 = 2352 bytes of values and holds only 1000"),
        (WHOLE + b"\0", "claims 3 x 28 x 28 = 2352 bytes of values and holds more"),
        (
            b"<!DOCTYPE html><html>",
            "is not an IDX file of 3 dimensions of bytes: it begins with 3c 21 44 4f, "
            "not 00 00 08 03",
        ),
        (
            idx_bytes((3,), b"abc" * 9),
            "is not an IDX file of 3 dimensions of bytes: it begins with 00 00 08 01, "
            "not 00 00 08 03",
        ),
        (
            ZIPPED,
            "is not an IDX file of 3 dimensions of bytes: it begins with 1f 8b 08 00, "
            "not 00 00 08 03",
        ),
    ],
)
def test_damaged_idx_files_are_told(tmp_path: Path, content: bytes, problem: str) -> None:
    write_idx_pair(tmp_path, [1, 2, 3], gz=False)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(content)
    assert data_error_of(lambda: mnist(tmp_path), tmp_path) == f"LZN503 {IMAGES} {problem}"


def damaged_at(position: int, value: int) -> bytes:
    return ZIPPED[:position] + bytes([value]) + ZIPPED[position + 1 :]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is cut short: its header has 0 of 16 bytes"),
        (b"not gzip", "cannot be read: Not a gzipped file (b'no')"),
        (
            gzip.compress(WHOLE[:1016]),
            "claims 3 x 28 x 28 = 2352 bytes of values and holds only 1000",
        ),
        (
            gzip.compress(WHOLE + b"\0" * 99),
            "claims 3 x 28 x 28 = 2352 bytes of values and holds more",
        ),
        (
            ZIPPED[:-9],
            "is damaged or cut short after 2352 bytes of values: Compressed file ended before the "
            "end-of-stream marker was reached",
        ),
        (
            damaged_at(len(ZIPPED) - 6, ZIPPED[-6] ^ 1),
            "cannot be read: CRC check failed",
        ),
    ],
)
def test_damaged_gzip_files_are_told(tmp_path: Path, content: bytes, problem: str) -> None:
    write_idx_pair(tmp_path, [1, 2, 3])
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(content)
    error = data_error_of(lambda: mnist(tmp_path), tmp_path)
    assert error.startswith(f"LZN503 {PACKED} {problem}")


def test_every_flipped_byte_of_a_gzip_file_is_told_or_harmless(tmp_path: Path) -> None:
    write_idx_pair(tmp_path, [1, 2, 3])
    whole = mnist(tmp_path).fingerprint
    path = tmp_path / "train-images-idx3-ubyte.gz"
    content = path.read_bytes()
    for position in range(len(content)):
        path.write_bytes(
            content[:position] + bytes([content[position] ^ 0x55]) + content[position + 1 :]
        )
        try:
            seen = mnist(tmp_path).fingerprint  # the same after a change of the header's time
        except DataError as error:
            seen = error.diagnostics[0].code
        assert seen in (whole, "LZN503"), position


def test_a_gzip_file_that_expands_beyond_its_claim_is_not_expanded(tmp_path: Path) -> None:
    write_idx_pair(tmp_path, [1])
    packer = zlib.compressobj(wbits=31)
    bomb = packer.compress(idx_bytes((1, 28, 28), b""))
    bomb += b"".join(packer.compress(bytes(2**20)) for _ in range(50)) + packer.flush()
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(bomb)
    expected = f"LZN503 {PACKED} claims 1 x 28 x 28 = 784 bytes of values and holds more"
    assert data_error_of(lambda: mnist(tmp_path), tmp_path) == expected


def test_a_claim_of_too_many_bytes_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(idx_bytes((2**31, 28, 28), b""))
    assert data_error_of(lambda: idx.read_idx(path, 3), tmp_path) == (
        "LZN503 the IDX file `DIR/x` claims 1683627180032 bytes; at most 4294967296 are read"
    )


def test_a_label_outside_the_classes_is_told_with_its_place(tmp_path: Path) -> None:
    write_idx_pair(tmp_path, [1, 9, 10, 200])
    assert data_error_of(lambda: mnist(tmp_path), tmp_path) == (
        "LZN504 label 10 of sample 2 in `DIR/train-labels-idx1-ubyte.gz` is not one of the 10 "
        "classes (0 to 9)"
    )


@pytest.mark.skipif(
    isinstance(FASHION_MNIST.find(None, Path(), "train"), str),
    reason="Fashion-MNIST is not on this machine (Debian package dataset-fashion-mnist)",
)
def test_the_real_fashion_mnist(tmp_path: Path) -> None:
    for split, count in (("train", 60_000), ("test", 10_000)):
        data = open_fashion_mnist(IdxSettings(split=split), tmp_path)
        labels = data.labels("label")
        assert labels is not None
        assert labels.bincount().tolist() == [count // 10] * 10
        assert data.__getitems__([0, 1])["image"].float().mean() > 20
        first = [9, 0, 0, 3, 0] if split == "train" else [9, 2, 1, 1, 6]
        assert labels[:5].tolist() == first


# CIFAR-10


def cifar(folder: Path, **settings: Any) -> InMemoryDataset:
    return open_cifar10(CifarSettings(root=".", **settings), folder)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_both_versions_of_cifar10_hold_the_same(tmp_path: Path, protocol: int) -> None:
    write_cifar_binary(tmp_path / "b", [0, 9, 4])
    write_cifar_pickles(tmp_path / "p", [0, 9, 4], protocol=protocol)
    binary, pickles = cifar(tmp_path / "b"), cifar(tmp_path / "p")
    assert binary.fingerprint == pickles.fingerprint
    batch = columns(pickles)
    assert batch["label"].tolist() == [0, 9, 4] * 5
    assert batch["image"].shape == (15, 3, 32, 32)
    assert batch["image"][1].flatten().tolist() == list(cifar_values(9))
    assert len(cifar(tmp_path / "p", limit=4)) == 4


def python_2_pickle(rows: int, values: bytes) -> bytes:
    """Return a batch as Python 2 wrote it, with one label: names of numpy 1, text as bytes."""
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
        b"(I1\n(I%d\nI3072\ntcnumpy\ndtype\n(S'u1'\nI0\nI1\ntR(I3\nS'|'\nNNNI-1\nI-1\nI0\ntbI00\n"
        b"T%b%btb"
    ) % (rows, len(values).to_bytes(4, "little"), values)
    return b"(dS'data'\n" + array + b"sS'labels'\n(lI7\nas."


def test_pickles_of_python_2_are_read(tmp_path: Path) -> None:
    values = cifar_values(7)
    (tmp_path / "test_batch").write_bytes(python_2_pickle(1, values))
    batch = columns(cifar(tmp_path, split="test"))
    assert batch["label"].tolist() == [7]
    assert batch["image"].flatten().tolist() == list(values)


def test_pickles_that_claim_more_than_they_hold_are_told(tmp_path: Path) -> None:
    for content, problem in (
        (python_2_pickle(1, b"123"), "is empty or cut short: its array has 3 of 3072 bytes"),
        (
            python_2_pickle(10**12, b"123"),
            "is not a batch of CIFAR-10: `data` should be (1, 3072) for its 1 labels, it is an "
            "array of (1000000000000, 3072)",
        ),
    ):
        (tmp_path / "test_batch").write_bytes(content)
        error = data_error_of(lambda: cifar(tmp_path, split="test"), tmp_path)
        assert error == f"LZN503 the file `DIR/test_batch` {problem}"


def test_missing_and_cut_cifar10_files_are_told(tmp_path: Path) -> None:
    def error(folder: str) -> str:
        return data_error_of(lambda: cifar(tmp_path / folder, split="test"), tmp_path)

    assert error("none") == "LZN501 there is no folder `DIR/none`"
    write_cifar_binary(tmp_path / "b", [0, 1], split="test")
    path = tmp_path / "b" / "test_batch.bin"
    content = path.read_bytes()
    for short, size in ((content[:-1], 6145), (b"", 0)):
        path.write_bytes(short)
        assert error("b") == (
            f"LZN503 the file `DIR/b/test_batch.bin` is empty or cut short: {size} bytes are no "
            "whole number of records of 3073 bytes"
        )
    path.write_bytes(content[:3073] + b"\x0a" + content[3074:])
    assert error("b") == (
        "LZN504 label 10 of sample 1 in `DIR/b/test_batch.bin` is not one of the 10 classes "
        "(0 to 9)"
    )
    path.unlink()
    os.mkfifo(path)
    assert error("b") == "LZN503 the file `DIR/b/test_batch.bin` is not a regular file"
    path.unlink()
    with path.open("wb") as file:
        file.truncate(2**40)
    assert error("b") == (
        "LZN503 the file `DIR/b/test_batch.bin` has 1099511627776 bytes; at most 268435456 are read"
    )


class Canary:
    """A pickle of it makes a folder when it is read by Python's own reader."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


GOOD = np.zeros((2, 3072), np.uint8)
BATCH = "is not a batch of CIFAR-10: "


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"data": np.zeros((2, 3072), np.float32), "labels": [0, 1]},
         "LZN505 the pickle file `DIR/test_batch` is refused: it holds an array of type 'f4'"),
        ({"data": np.array([None, print]), "labels": [0, 1]},
         "LZN505 the pickle file `DIR/test_batch` is refused: it holds an array of type 'O8'"),
        ({"data": np.zeros((3072, 2), np.uint8).T, "labels": [0, 1]},
         "LZN505 the pickle file `DIR/test_batch` is refused: it holds an array "
         "that is not in C order"),
        ({"data": GOOD, "labels": [0, 1], "more": Path("x")},
         "LZN505 the pickle file `DIR/test_batch` is refused: it holds the name pathlib.PosixPath"),
        ({"data": GOOD, "labels": np.array([0, 1], np.uint8)},
         f"LZN503 the file `DIR/test_batch` {BATCH}it has no list of labels"),
        ({"data": GOOD, "labels": [0, True]},
         f"LZN503 the file `DIR/test_batch` {BATCH}it has no list of labels"),
        ({"data": GOOD, "labels": [0]},
         f"LZN503 the file `DIR/test_batch` {BATCH}`data` should be (1, 3072) for its 1 labels, "
         "it is an array of (2, 3072)"),
        ({"data": b"123", "labels": [0]},
         f"LZN503 the file `DIR/test_batch` {BATCH}`data` should be (1, 3072) for its 1 labels, "
         "it is no array of bytes"),
        ([GOOD], f"LZN503 the file `DIR/test_batch` {BATCH}it holds no dictionary"),
        ({"data": GOOD, "labels": [0, -1]},
         "LZN504 label -1 of sample 1 in `DIR/test_batch` is not one of the 10 classes (0 to 9)"),
    ],
)  # fmt: skip
def test_pickles_of_other_things_are_refused(tmp_path: Path, content: Any, expected: str) -> None:
    (tmp_path / "test_batch").write_bytes(pickle.dumps(content, protocol=2))
    assert data_error_of(lambda: cifar(tmp_path, split="test"), tmp_path) == expected


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_that_calls_a_function_is_refused_and_nothing_is_called(
    tmp_path: Path, protocol: int
) -> None:
    content = {"data": GOOD, "labels": [0, 1], "x": Canary(tmp_path / "made")}
    (tmp_path / "test_batch").write_bytes(pickle.dumps(content, protocol=protocol))
    assert data_error_of(lambda: cifar(tmp_path, split="test"), tmp_path) == (
        "LZN505 the pickle file `DIR/test_batch` is refused: it holds the name posix.mkdir"
    )
    assert not (tmp_path / "made").exists()


def test_every_cut_and_flipped_byte_of_a_pickle_ends_in_a_data_error(tmp_path: Path) -> None:
    write_cifar_pickles(tmp_path, [3], split="test")
    path = tmp_path / "test_batch"
    content = path.read_bytes()
    whole = cifar(tmp_path, split="test").fingerprint
    places = [*range(0, 200, 2), *range(len(content) - 150, len(content), 2)]
    for position in places:
        for changed in (
            content[:position],
            content[:position] + bytes([content[position] ^ 0x25]) + content[position + 1 :],
        ):
            path.write_bytes(changed)
            try:
                cifar(tmp_path, split="test")
                seen = ""
            except DataError as error:
                seen = error.diagnostics[0].code
            assert seen in ("", "LZN503", "LZN504", "LZN505"), position
    path.write_bytes(content)
    assert cifar(tmp_path, split="test").fingerprint == whole


def test_random_bytes_are_no_pickle(tmp_path: Path) -> None:
    (tmp_path / "test_batch").write_bytes(b"<!DOCTYPE html>")
    assert data_error_of(lambda: cifar(tmp_path, split="test"), tmp_path) == (
        "LZN503 the pickle file `DIR/test_batch` is damaged: invalid load key, '<'."
    )
