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
from io import BufferedReader
from pathlib import Path

from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.diagnostics.diagnostic import DataError

MAX_BYTES = 4 * 2**30
_CHUNK = 2**20


def read_sizes(path: Path, dimensions: int) -> tuple[int, ...]:
    """Return the sizes that a file's header claims. DataError LZN503 if it is not such a file."""
    try:
        with _open(path) as stream:
            return _header(path, stream, dimensions)
    except (OSError, EOFError, zlib.error) as error:
        raise broken(path, f"cannot be read: {_reason(error)}") from error


def read_idx(path: Path, dimensions: int) -> tuple[tuple[int, ...], bytearray]:
    """Return the sizes and the values of a file. DataError LZN503 if it is cut short or corrupt."""
    values = bytearray()
    try:
        with _open(path) as stream:
            sizes = _header(path, stream, dimensions)
            expected = math.prod(sizes)
            if expected > MAX_BYTES:
                raise broken(path, f"claims {expected} bytes; at most {MAX_BYTES} are read")
            while chunk := stream.read1(min(_CHUNK, expected + 1 - len(values))):
                values += chunk
    except (EOFError, zlib.error) as error:
        got = f"after {len(values)} bytes of values"
        raise broken(path, f"is damaged or cut short {got}: {_reason(error)}") from error
    except OSError as error:
        raise broken(path, f"cannot be read: {_reason(error)}") from error
    if len(values) != expected:
        shape = " x ".join(str(size) for size in sizes)
        got = "more" if len(values) > expected else f"only {len(values)}"
        raise broken(path, f"claims {shape} = {expected} bytes of values and holds {got}")
    return sizes, values


def _open(path: Path) -> gzip.GzipFile | BufferedReader:
    if not path.is_file():
        raise broken(path, "is not a regular file")
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _header(path: Path, stream: gzip.GzipFile | BufferedReader, dimensions: int) -> tuple[int, ...]:
    length = 4 + 4 * dimensions
    header = stream.read(length)
    if len(header) < length:
        raise broken(path, f"is cut short: its header has {len(header)} of {length} bytes")
    magic, expected = header[:4], bytes((0, 0, 8, dimensions))
    if magic != expected:
        found = f"it begins with {magic.hex(' ')}, not {expected.hex(' ')}"
        raise broken(path, f"is not an IDX file of {dimensions} dimensions of bytes: {found}")
    return tuple(int.from_bytes(header[i : i + 4], "big") for i in range(4, length, 4))


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def broken(path: Path, problem: str) -> DataError:
    """Return the error of an IDX file."""
    return data_error("LZN503", f"the IDX file `{show_path(path)}` {problem}")
