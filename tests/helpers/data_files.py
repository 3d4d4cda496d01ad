"""Small files in the formats of the data sets, for tests."""

import gzip
import pickle
import struct
from collections.abc import Mapping
from pathlib import Path

import lmdb
import numpy as np
from PIL import Image


def idx_bytes(sizes: tuple[int, ...], values: bytes) -> bytes:
    """Return an IDX file with that header and those values, whether or not they agree."""
    header = struct.pack(f">BBBB{len(sizes)}I", 0, 0, 8, len(sizes), *sizes)
    return header + values


def write_idx_pair(
    folder: Path, labels: list[int], *, start: str = "train", gz: bool = True
) -> None:
    """Write pictures of 28 by 28, all pixels of number i being i, and their labels."""
    folder.mkdir(parents=True, exist_ok=True)
    count = len(labels)
    pixels = b"".join(bytes([i % 256]) * 784 for i in range(count))
    for name, content in (
        (f"{start}-images-idx3-ubyte", idx_bytes((count, 28, 28), pixels)),
        (f"{start}-labels-idx1-ubyte", idx_bytes((count,), bytes(labels))),
    ):
        if gz:
            (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (folder / name).write_bytes(content)


def cifar_values(label: int) -> bytes:
    """Return a picture of CIFAR-10's size: red is the label, green 100, blue 200."""
    return bytes([label]) * 1024 + bytes([100]) * 1024 + bytes([200]) * 1024


def cifar_names(split: str) -> list[str]:
    """Return the names of CIFAR-10's files of a split, without `.bin`."""
    return [f"data_batch_{i}" for i in range(1, 6)] if split == "train" else ["test_batch"]


def write_cifar_binary(folder: Path, labels: list[int], *, split: str = "train") -> None:
    """Write each file of a split with one picture for each label."""
    folder.mkdir(parents=True, exist_ok=True)
    content = b"".join(bytes([label]) + cifar_values(label) for label in labels)
    for name in cifar_names(split):
        (folder / f"{name}.bin").write_bytes(content)


def write_cifar_pickles(
    folder: Path, labels: list[int], *, split: str = "train", protocol: int = 2
) -> None:
    """Write each file of a split with one picture for each label."""
    folder.mkdir(parents=True, exist_ok=True)
    data = np.array([list(cifar_values(label)) for label in labels], dtype=np.uint8)
    for name in cifar_names(split):
        content = {b"data": data, b"labels": labels, b"batch_label": name.encode()}
        (folder / name).write_bytes(pickle.dumps(content, protocol=protocol))


def write_class_folders(
    root: Path, counts: dict[str, int], *, size: tuple[int, int] = (6, 6)
) -> None:
    """Write PNG pictures: number i of class c has all pixels (20 c, i, 100)."""
    for c, (name, count) in enumerate(counts.items()):
        (root / name).mkdir(parents=True)
        for i in range(count):
            Image.new("RGB", size, (20 * c, i, 100)).save(root / name / f"{i:03d}.png")


def write_lmdb(folder: Path, records: Mapping[bytes, bytes]) -> Path:
    """Write an LMDB file as LSUN's are, and return its path."""
    folder.mkdir(parents=True)
    with lmdb.open(str(folder), map_size=2**28) as file, file.begin(write=True) as transaction:
        for key, value in records.items():
            transaction.put(key, value)
    return folder / "data.mdb"
