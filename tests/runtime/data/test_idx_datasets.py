import gzip
import zlib
from pathlib import Path
from typing import Any

import pytest
import torch

from helpers.data_errors import data_error_of
from helpers.data_files import idx_bytes, write_idx_pair
from lzn_dsl.datafiles import idx
from lzn_dsl.datafiles.mnist import FASHION_MNIST
from lzn_dsl.diagnostics.diagnostic import DataError
from lzn_dsl.registry.builtin.datasets import IdxSettings
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.data.mnist import open_fashion_mnist, open_mnist


def columns(data: InMemoryDataset) -> dict[str, torch.Tensor]:
    return data.__getitems__(list(range(len(data))))


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
ZIPPED = gzip.compress(WHOLE, mtime=0)


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
            gzip.compress(WHOLE[:1016], mtime=0),
            "claims 3 x 28 x 28 = 2352 bytes of values and holds only 1000",
        ),
        (
            gzip.compress(WHOLE + b"\0" * 99, mtime=0),
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
