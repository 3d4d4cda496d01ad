"""IDX files, the format of MNIST: a header, then one byte for each value.

    bytes 0 - 3       0, 0, 8 (unsigned bytes), number of dimensions
    4 for each        size of each dimension, big-endian; samples come first
    then              the values, last dimension fastest

Plain or compressed by gzip. The header decides how much is read, so that a file that expands to
more than it claims costs no memory.
"""

import gzip
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.diagnostics.diagnostic import DataError

MAX_BYTES = 4 * 2**30
_CHUNK = 2**20


@dataclass(frozen=True)
class IdxPair:
    """The files of a split: images and their labels."""

    images: Path
    labels: Path


def find_pair(folders: list[Path], split: str) -> IdxPair | None:
    """Return the files of a split (`train` or `test`) in the first folder that has both, or None."""
    for folder in folders:
        found = [_find(folder, names) for names in split_names(split)]
        if found[0] and found[1]:
            return IdxPair(found[0], found[1])
    return None


def split_names(split: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the names that the image file and the label file of a split may have (or `.gz`)."""
    start = {"train": "train", "test": "t10k"}[split]
    return (
        (f"{start}-images-idx3-ubyte", f"{start}-images.idx3-ubyte"),
        (f"{start}-labels-idx1-ubyte", f"{start}-labels.idx1-ubyte"),
    )


def read_sizes(path: Path, dimensions: int) -> tuple[int, ...]:
    """Return the sizes that a file's header claims. DataError LZN503 if it is not such a file."""
    try:
        with _open(path) as stream:
            return _header(path, stream, dimensions)
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, f"cannot be read: {_reason(error)}") from error


def read_idx(path: Path, dimensions: int) -> tuple[tuple[int, ...], bytearray]:
    """Return the sizes and the values of a file. DataError LZN503 if it is cut short or corrupt."""
    values = bytearray()
    try:
        with _open(path) as stream:
            sizes = _header(path, stream, dimensions)
            expected = math.prod(sizes)
            if expected > MAX_BYTES:
                raise _broken(path, f"claims {expected} bytes; at most {MAX_BYTES} are read")
            while chunk := stream.read(min(_CHUNK, expected + 1 - len(values))):
                values += chunk
    except (EOFError, zlib.error) as error:
        got = f"after {len(values)} bytes of values"
        raise _broken(path, f"is damaged or cut short {got}: {_reason(error)}") from error
    except OSError as error:
        raise _broken(path, f"cannot be read: {_reason(error)}") from error
    if len(values) != expected:
        shape = " x ".join(str(size) for size in sizes)
        got = "more" if len(values) > expected else f"only {len(values)}"
        raise _broken(path, f"claims {shape} = {expected} bytes of values and holds {got}")
    return sizes, values


def _open(path: Path) -> IO[bytes]:
    if not path.is_file():
        raise _broken(path, "is not a regular file")
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _header(path: Path, stream: IO[bytes], dimensions: int) -> tuple[int, ...]:
    length = 4 + 4 * dimensions
    header = stream.read(length)
    if len(header) < length:
        raise _broken(path, f"is cut short: its header has {len(header)} of {length} bytes")
    magic, expected = header[:4], bytes((0, 0, 8, dimensions))
    if magic != expected:
        found = f"it begins with {magic.hex(' ')}, not {expected.hex(' ')}"
        raise _broken(path, f"is not an IDX file of {dimensions} dimensions of bytes: {found}")
    return tuple(int.from_bytes(header[i : i + 4], "big") for i in range(4, length, 4))


def _find(folder: Path, names: tuple[str, ...]) -> Path | None:
    for name in names:
        for path in (folder / name, folder / f"{name}.gz"):
            if path.exists():
                return path
    return None


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _broken(path: Path, problem: str) -> DataError:
    return data_error("LZN503", f"the IDX file `{show_path(path)}` {problem}")
