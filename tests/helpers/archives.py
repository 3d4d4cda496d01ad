"""Torch archives made by hand, sound or not, without torch: what a stranger might send."""

import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path

ZEROS = b"\0" * 64


def write_archive(
    path: Path,
    pickled: bytes,
    *,
    storages: Mapping[str, bytes] | None = None,
    order: bytes = b"little",
    compression: int = zipfile.ZIP_STORED,
) -> Path:
    """Write an archive with that pickle, and storages by key."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/byteorder", order)
        for key, numbers in (storages or {"0": ZEROS}).items():
            archive.writestr(f"archive/data/{key}", numbers)
    return path


def text(value: str) -> bytes:
    """The opcodes of a text."""
    encoded = value.encode("utf-8", "surrogatepass")
    return pickle.BINUNICODE + len(encoded).to_bytes(4, "little") + encoded


def number(value: int) -> bytes:
    """The opcodes of a whole number."""
    size = (value.bit_length() + 8) // 8
    return pickle.LONG1 + bytes([size]) + value.to_bytes(size, "little", signed=True)


def numbers(*values: int) -> bytes:
    """The opcodes of a tuple of whole numbers."""
    return pickle.MARK + b"".join(number(v) for v in values) + pickle.TUPLE


def name(module: str, attribute: str) -> bytes:
    """The opcodes that look a name up."""
    return pickle.GLOBAL + f"{module}\n{attribute}\n".encode()


def call(function: bytes, *arguments: bytes) -> bytes:
    """The opcodes of a call."""
    return function + pickle.MARK + b"".join(arguments) + pickle.TUPLE + pickle.REDUCE


def tensor(
    shape: tuple[int, ...] = (2,),
    strides: tuple[int, ...] = (1,),
    *,
    key: str = "0",
    offset: int = 0,
    count: int = 16,
    kind: str = "FloatStorage",
) -> bytes:
    """The opcodes of a tensor over a storage of 16 numbers."""
    described = (text("storage"), name("torch", kind), text(key), text("cpu"), number(count))
    storage = pickle.MARK + b"".join(described) + pickle.TUPLE + pickle.BINPERSID
    rest = (number(offset), numbers(*shape), numbers(*strides), pickle.NEWFALSE, pickle.EMPTY_DICT)
    return call(name("torch._utils", "_rebuild_tensor_v2"), storage, *rest)


def table(entries: Mapping[str, bytes]) -> bytes:
    """The opcodes of a dictionary."""
    items = b"".join(text(key) + value for key, value in entries.items())
    return pickle.EMPTY_DICT + pickle.MARK + items + pickle.SETITEMS


def whole(value: bytes) -> bytes:
    """A pickle of these opcodes."""
    return pickle.PROTO + b"\x02" + value + pickle.STOP


def checkpoint_of(value: bytes) -> bytes:
    """A pickle of a checkpoint whose encoder has one weight."""
    return whole(table({"encoder": table({"model.module.weight": value})}))
