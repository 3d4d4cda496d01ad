import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from helpers.data_errors import data_error_of
from helpers.data_files import cifar_values, write_cifar_binary, write_cifar_pickles
from lzn_dsl.diagnostics.diagnostic import DataError
from lzn_dsl.registry.builtin.datasets import CifarSettings
from lzn_runtime.data.cifar import open_cifar10
from lzn_runtime.data.dataset import InMemoryDataset


def columns(data: InMemoryDataset) -> dict[str, torch.Tensor]:
    return data.__getitems__(list(range(len(data))))


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
