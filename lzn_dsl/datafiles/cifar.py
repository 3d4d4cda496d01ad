"""CIFAR-10: where its files are, in either of the two formats that its authors give away.

cifar-10-batches-py/data_batch_1 ... 5, test_batch              pickles
cifar-10-batches-bin/data_batch_1.bin ... 5.bin, test_batch.bin   label, 3072 values; repeated
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.datafiles.places import ENVIRONMENT, check_folder, resolve_root, usual_places
from lzn_dsl.datafiles.plain_pickle import ByteArray, read_plain_pickle
from lzn_dsl.diagnostics.diagnostic import DataError

CLASSES, CHANNELS, SIDE = 10, 3, 32
VALUES = CHANNELS * SIDE * SIDE
RECORD = 1 + VALUES
BATCH_SIZE = 10_000
MAX_BYTES = 2**28

_FOLDERS = ("cifar-10-batches-py", "cifar-10-batches-bin")
_NAMES = {"train": tuple(f"data_batch_{i}" for i in range(1, 6)), "test": ("test_batch",)}
# A full batch as a pickle: its values, and not much more.
_FULL_PICKLE = range(BATCH_SIZE * VALUES, BATCH_SIZE * VALUES + 600_000)


@dataclass(frozen=True)
class CifarFiles:
    """The files of a split, in order. `binary` tells the format."""

    paths: tuple[Path, ...]
    binary: bool


def find_cifar(root: str | None, folder: Path, split: str) -> CifarFiles | str:
    """Return the files of a split, or what is missing and how to get it.

    `root` is the folder of the files or its parent. Raises DataError LZN502 for a root that is no
    folder or cannot be read.
    """
    parents = usual_places("cifar10", inside=("cifar10", "."))
    if root is not None:
        parents = [resolve_root(root, folder)]
        if not check_folder(parents[0]):
            return f"there is no folder `{show_path(parents[0])}`"
    for place in (place for p in parents for place in (p, *(p / sub for sub in _FOLDERS))):
        for binary in (False, True):
            paths = [place / (name + ".bin" * binary) for name in _NAMES[split]]
            there = [path.exists() for path in paths]
            if all(there):
                return CifarFiles(tuple(paths), binary)
            if any(there):
                return f"`{show_path(place)}` has no {paths[there.index(False)].name}"
    tried = ", ".join(f"`{show_path(p)}`" for p in parents)
    return (
        f"CIFAR-10: no {_NAMES[split][0]} or {_NAMES[split][0]}.bin in {tried} or its sub-folders "
        f"{' and '.join(_FOLDERS)}; unpack cifar-10-python.tar.gz or cifar-10-binary.tar.gz and "
        f"name its folder by `root:` or its parent by the variable {ENVIRONMENT}"
    )


def count_samples(files: CifarFiles) -> int:
    """Return the number of samples, by the sizes of the files where those tell.

    Raises DataError LZN503 or LZN505 as `read_batch`.
    """
    return sum(_count(path, binary=files.binary) for path in files.paths)


def read_batch(path: Path, *, binary: bool) -> tuple[bytes, bytes]:
    """Return the labels (n) and the values (n x 3 x 32 x 32) of a file.

    Raises:
        DataError: LZN503, a file that is not regular, empty, too large, cut short or damaged;
            LZN504, a label that is not one of the 10 classes; LZN505, a pickle that holds other
            things than CIFAR's.
    """
    _check_size(path, binary=binary)
    labels, values = _read_records(path) if binary else _read_pickle(path)
    for position, label in enumerate(labels):
        if not 0 <= label < CLASSES:
            raise data_error(
                "LZN504",
                f"label {label} of sample {position} in `{show_path(path)}`"
                f" is not one of the {CLASSES} classes (0 to {CLASSES - 1})",
            )
    return bytes(labels), values


def _count(path: Path, *, binary: bool) -> int:
    size = _check_size(path, binary=binary)
    if binary:
        return size // RECORD
    return BATCH_SIZE if size in _FULL_PICKLE else len(read_batch(path, binary=False)[0])


def _check_size(path: Path, *, binary: bool) -> int:
    if not path.is_file():
        raise _damaged(path, "is not a regular file")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise _damaged(path, f"has {size} bytes; at most {MAX_BYTES} are read")
    if binary and (size == 0 or size % RECORD):
        problem = f"{size} bytes are no whole number of records of {RECORD} bytes"
        raise _damaged(path, f"is empty or cut short: {problem}")
    return size


def _read_records(path: Path) -> tuple[Sequence[int], bytes]:
    content = path.read_bytes()
    starts = range(0, len(content), RECORD)
    return content[::RECORD], b"".join(content[i + 1 : i + RECORD] for i in starts)


def _read_pickle(path: Path) -> tuple[Sequence[int], bytes]:
    content = read_plain_pickle(path)
    if not isinstance(content, dict):
        raise _damaged(path, "is not a batch of CIFAR-10: it holds no dictionary")
    labels = content.get(b"labels", content.get("labels"))
    data = content.get(b"data", content.get("data"))
    if not isinstance(labels, list) or not all(type(label) is int for label in labels):
        raise _damaged(path, "is not a batch of CIFAR-10: it has no list of labels")
    if not isinstance(data, ByteArray) or data.shape != (len(labels), VALUES):
        found = f"an array of {data.shape}" if isinstance(data, ByteArray) else "no array of bytes"
        expected = f"`data` should be ({len(labels)}, {VALUES}) for its {len(labels)} labels"
        raise _damaged(path, f"is not a batch of CIFAR-10: {expected}, it is {found}")
    if len(data.values) != len(labels) * VALUES or not labels:
        size = f"{len(data.values)} of {len(labels) * VALUES} bytes"
        raise _damaged(path, f"is empty or cut short: its array has {size}")
    return labels, data.values


def _damaged(path: Path, problem: str) -> DataError:
    return data_error("LZN503", f"the file `{show_path(path)}` {problem}")
