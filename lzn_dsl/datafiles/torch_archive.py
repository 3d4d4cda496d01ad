"""Reading a torch checkpoint from a stranger: names, numbers and where tensors lie; nothing runs.

`torch.save` writes a zip archive: `data.pkl`, a pickle that may name any function, and one plain
file for each storage. This reader knows the few names by which tensors are stored, and puts records
of its own in their place; every other name is refused, and so is a compressed or double entry, or a
tensor that reaches beyond its storage. Neither torch nor numpy is needed, no tensor is loaded.
"""

import math
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

MAX_PICKLE = 64 * 1024 * 1024
MAX_ENTRIES = 200_000
_MAX_DIMS = 8
_BYTE_ORDER = b"little"

# Number format and bytes of a number, by the storage's class, as safetensors names formats.
_STORAGES = {
    "DoubleStorage": ("F64", 8),
    "FloatStorage": ("F32", 4),
    "HalfStorage": ("F16", 2),
    "BFloat16Storage": ("BF16", 2),
    "LongStorage": ("I64", 8),
    "IntStorage": ("I32", 4),
    "ShortStorage": ("I16", 2),
    "CharStorage": ("I8", 1),
    "ByteStorage": ("U8", 1),
    "BoolStorage": ("BOOL", 1),
}

# What reading a malformed archive or pickle raises, by documentation and by trial.
MALFORMED_ERRORS = (
    pickle.UnpicklingError, zipfile.BadZipFile, zipfile.LargeZipFile, AttributeError, EOFError,
    ImportError, LookupError, MemoryError, NotImplementedError, OSError, OverflowError,
    RecursionError, RuntimeError, TypeError, ValueError,
)  # fmt: skip


class RefusedError(Exception):
    """What the file holds and must not."""


@dataclass(frozen=True)
class Storage:
    """A plain file of the archive: numbers of one format."""

    entry: str
    dtype: str
    itemsize: int
    count: int


@dataclass(frozen=True)
class StoredTensor:
    """A tensor: a view of a storage. Offset and strides count numbers, not bytes."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes of its numbers."""
        return math.prod(self.shape) * self.storage.itemsize


class _Table(dict[Any, Any]):
    """Stands for an ordered dictionary."""

    def __setstate__(self, state: object) -> None:
        """What is said of its versions says nothing about its contents."""


class TorchArchive:
    """An open checkpoint.

    Args:
        file: The file, open for reading; it stays the caller's.

    Raises:
        RefusedError: It holds what it must not.
        MALFORMED_ERRORS: It is damaged.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file)
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            raise RefusedError(f"{len(infos)} files, more than {MAX_ENTRIES}")
        self._entries = {info.filename: info for info in infos}
        if len(self._entries) != len(infos):
            raise RefusedError("two files of one name")
        for info in infos:
            if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 0x1:
                raise RefusedError("a file that is compressed or encrypted")
        tops = [name for name in self._entries if name.endswith("/data.pkl")]
        if len(tops) != 1:
            raise RefusedError(f"{len(tops)} files `data.pkl`: it must have 1")
        self._folder = tops[0].removesuffix("data.pkl")
        order = f"{self._folder}byteorder"
        if order in self._entries and self._zip.read(order) != _BYTE_ORDER:
            raise RefusedError("numbers of another byte order")
        self.contents = self._unpickle(tops[0])

    def _unpickle(self, name: str) -> object:
        if self._entries[name].file_size > MAX_PICKLE:
            raise RefusedError(f"a pickle of more than {MAX_PICKLE} bytes")
        with self._zip.open(name) as pickled:
            return _Reader(pickled, self._storage).load()

    def _storage(self, pid: object) -> Storage:
        if not isinstance(pid, tuple) or len(pid) != 5 or pid[0] != "storage":
            raise RefusedError("an object that is kept elsewhere and is no storage")
        _, kind, key, _location, count = pid
        if not (isinstance(kind, _StorageClass) and isinstance(key, str) and _is_count(count)):
            raise RefusedError("a storage that is described oddly")
        info = self._entries.get(f"{self._folder}data/{key}")
        if info is None:
            raise RefusedError("a storage that is not there")
        if info.file_size != count * kind.itemsize or info.compress_size != info.file_size:
            raise RefusedError("a storage of another size than it says")
        return Storage(info.filename, kind.dtype, kind.itemsize, count)

    def open(self, storage: Storage) -> IO[bytes]:
        """Return the numbers of a storage, as a file that can be read once."""
        return self._zip.open(storage.entry)


@dataclass(frozen=True)
class _StorageClass:
    dtype: str
    itemsize: int

    def __call__(self) -> None:
        raise RefusedError("a storage that is not kept in a file of its own")


class _Reader(pickle.Unpickler):
    def __init__(self, file: IO[bytes], storage: Callable[[object], Storage]) -> None:
        super().__init__(file, encoding="utf-8")
        self._storage = storage

    def persistent_load(self, pid: Any) -> Storage:
        return self._storage(pid)

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch" and name in _STORAGES:
            return _StorageClass(*_STORAGES[name])
        found = _KNOWN.get(f"{module}.{name}")
        if found is None:
            raise RefusedError(f"the name {f'{module}.{name}'[:100]!a}")
        return found


def _tensor(
    storage: object,
    offset: object,
    shape: object,
    strides: object,
    _requires_grad: object = False,  # noqa: FBT002 -- the pickle passes it by position
    _hooks: object = None,
    *_metadata: object,
) -> StoredTensor:
    if not (
        isinstance(storage, Storage)
        and _is_count(offset)
        and isinstance(shape, tuple)
        and isinstance(strides, tuple)
        and len(shape) == len(strides) <= _MAX_DIMS
        and all(_is_count(number) for number in (*shape, *strides))
    ):
        raise RefusedError("a tensor that is described oddly")
    assert isinstance(offset, int)
    reach = sum((size - 1) * step for size, step in zip(shape, strides, strict=True))
    if math.prod(shape) and offset + reach >= storage.count:
        raise RefusedError("a tensor that reaches beyond its storage")
    return StoredTensor(storage, offset, shape, strides)


def _parameter(data: object, *_rest: object) -> StoredTensor:
    if not isinstance(data, StoredTensor):
        raise RefusedError("a parameter that is no tensor")
    return data


_KNOWN: dict[str, Any] = {
    "collections.OrderedDict": _Table,
    "torch._utils._rebuild_tensor_v2": _tensor,
    "torch._utils._rebuild_parameter": _parameter,
}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**48
