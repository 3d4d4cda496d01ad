"""Reading a pickle from a stranger: byte arrays, lists, numbers and text; nothing is called.

A pickle may name any function. This reader knows the four names by which numpy's arrays are
stored, and puts classes of its own in their place that keep the stored bytes. Every other name,
and every array of another type than bytes, is refused.
"""

import io
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.diagnostics.diagnostic import DataError

# What reading a malformed pickle raises, by its documentation and by trial.
_MALFORMED = (
    pickle.UnpicklingError, AttributeError, EOFError, ImportError, LookupError, MemoryError,
    OverflowError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class _RefusedError(Exception):
    """What the pickle holds and must not."""


@dataclass
class ByteArray:
    """A stored array of bytes in C order: its shape and its values."""

    shape: tuple[int, ...] = ()
    values: bytes = b""

    def __setstate__(self, state: tuple[int, tuple[int, ...], "_Type", bool, bytes]) -> None:
        _, shape, dtype, fortran, values = state
        if fortran or not isinstance(dtype, _Type) or not isinstance(values, bytes):
            raise _RefusedError("an array that is not in C order")
        self.shape = tuple(int(size) for size in shape)
        self.values = values


class _Type:
    """The type of an array: bytes, and no other."""

    def __init__(self, name: str | bytes, *_flags: object) -> None:
        if name not in ("u1", b"u1", "uint8", b"uint8"):
            raise _RefusedError(f"an array of type {name!r}")

    def __setstate__(self, state: object) -> None:
        """Byte order and alignment say nothing about bytes."""


class _ArrayClass:
    """Stands for the name of numpy's array class; is never made."""


def _new_array(*_arguments: object) -> ByteArray:
    return ByteArray()


def _from_buffer(values: bytes | bytearray, dtype: _Type, shape: Any, order: str) -> ByteArray:
    array = ByteArray()
    array.__setstate__((1, shape, dtype, order != "C", bytes(values)))
    return array


def _encode(text: str, encoding: str) -> bytes:
    if encoding != "latin1":
        raise _RefusedError(f"text in {encoding!r}")
    return text.encode("latin1")


_KNOWN: dict[str, Any] = {
    "multiarray._reconstruct": _new_array,
    "numeric._frombuffer": _from_buffer,
    "numpy.ndarray": _ArrayClass,
    "numpy.dtype": _Type,
    "_codecs.encode": _encode,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        full = f"{module}.{name}".removeprefix("numpy.core.").removeprefix("numpy._core.")
        if full not in _KNOWN:
            raise _RefusedError(f"the name {module}.{name}")
        return _KNOWN[full]


def read_plain_pickle(path: Path) -> object:
    """Return what a pickle file holds, arrays as `ByteArray`.

    Raises DataError: LZN505 for a name or type that is not known, LZN503 for a damaged file.
    """
    try:
        content = path.read_bytes()
        return _Reader(io.BytesIO(content), encoding="bytes").load()
    except OSError as error:
        raise _damaged(path, error.strerror or str(error)) from error
    except _RefusedError as error:
        refused = f"the pickle file `{show_path(path)}` is refused: it holds {error}"
        raise data_error("LZN505", refused) from error
    except _MALFORMED as error:
        raise _damaged(path, str(error) or type(error).__name__) from error


def _damaged(path: Path, reason: str) -> DataError:
    return data_error("LZN503", f"the pickle file `{show_path(path)}` is damaged: {reason}")
