"""Records of an LMDB file (`data.mdb`), by number, in the order of their keys. Read only.

The file is a B+ tree of pages (LMDB 0.9, the format that LSUN comes in; 64 bits, little-endian):

    page 0, 1   head: magic, version, ..., page size, depth, pages, records, root, last page; the
                one of the later transaction counts
    branch      pages below it, in order
    leaf        records: key, and value or the first page of its own where it is large
    overflow    a value, over as many pages as it needs

Opening reads the branches and the head of each leaf, a few millionths of a file of pictures. Every
number is checked against the size of the file before it is used: a file from a stranger can say
that it is damaged, and nothing else. It is opened anew for each record, so that readers can be
handed to other processes.
"""

import struct
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.diagnostics.diagnostic import DataError

MAX_VALUE = 2**28

_MAGIC, _VERSION = 0xBEEFC0DE, 1
_PAGE = struct.Struct("<QHHHH")  # number, -, flags, lower, upper
_DATABASE = struct.Struct("<IHHQQQQQ")  # page size, flags, depth, 3 counts of pages, records, root
_HEAD = struct.Struct("<IIQQ")  # magic, version, -, -
_LAST = struct.Struct("<QQ")  # last page, transaction
_NODE = struct.Struct("<HHHH")  # low and high half of a size or page, flags, size of the key
_BRANCH, _LEAF, _OVERFLOW = 1, 2, 4
_IN_PAGES_OF_ITS_OWN = 1
_MAX_DEPTH = 32
_UNWRITTEN = 16


@dataclass(frozen=True)
class LmdbFile:
    """Where the records of a file are.

    Attributes:
        path: The file.
        page_size: Bytes of a page.
        leaves: Numbers of the pages that hold records, in order.
        ends: How many records there are up to the end of each of them.
    """

    path: Path
    page_size: int
    leaves: "array[int]"
    ends: "array[int]"

    def __len__(self) -> int:
        return self.ends[-1]

    def record(self, index: int) -> tuple[bytes, bytes]:
        """Return key and value of a record.

        Raises DataError LZN503 for a file that is damaged or has been changed.
        """
        place = bisect_right(self.ends, index)
        slot = index - (self.ends[place - 1] if place else 0)
        with _Pages(self.path, self.page_size) as pages:
            page = pages.page(self.leaves[place], _LEAF)
            start = page.slots[slot] if slot < len(page.slots) else len(page.content)
            low, high, flags, key_size = page.unpack(_NODE, start)
            first = start + _NODE.size
            size = low | high << 16
            key = page.cut(first, key_size)
            if flags == 0:
                return key, page.cut(first + key_size, size)
            if flags != _IN_PAGES_OF_ITS_OWN:
                raise pages.damaged("a record is a database of its own")
            (number,) = page.unpack(struct.Struct("<Q"), first + key_size)
            return key, pages.value(number, size)


def open_lmdb(path: Path) -> LmdbFile:
    """Return where the records of a file are.

    Raises DataError LZN503 for what is not a regular file, no LMDB file, cut short, damaged or
    without records.
    """
    head = _read_head(path)
    with _Pages(path, head.page_size) as pages:
        level = [head.root]
        for _ in range(head.depth - 1):
            below: list[int] = []
            for number in level:
                below += _children(pages, number)
                if len(below) > head.num_pages:
                    raise pages.damaged("pages occur more than once")
            level = below
        counts = [len(pages.page(number, _LEAF).slots) for number in level]
        if sum(counts) != head.num_records:
            raise pages.damaged(f"it holds {sum(counts)} of {head.num_records} records")
    return LmdbFile(path, head.page_size, array("Q", level), array("Q", accumulate(counts)))


def count_records(path: Path) -> int:
    """Return the number of records that the head of a file claims. Raises as `open_lmdb`."""
    return _read_head(path).num_records


@dataclass(frozen=True)
class _Head:
    page_size: int
    depth: int
    root: int
    num_records: int
    num_pages: int
    transaction: int


@dataclass(frozen=True)
class _Page:
    """One page, and where the nodes in it begin."""

    path: Path
    content: bytes
    slots: tuple[int, ...]

    def unpack(self, layout: struct.Struct, start: int) -> tuple[int, ...]:
        return layout.unpack(self.cut(start, layout.size))

    def cut(self, start: int, size: int) -> bytes:
        if start + size > len(self.content):
            raise _damaged(self.path, "is damaged: a record reaches beyond its page")
        return self.content[start : start + size]


class _Pages:
    """The pages of an open file."""

    def __init__(self, path: Path, page_size: int) -> None:
        self._path, self._page_size = path, page_size

    def __enter__(self) -> "_Pages":
        self._file: BinaryIO = _open(self._path)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def damaged(self, problem: str) -> DataError:
        return _damaged(self._path, f"is damaged: {problem}")

    def page(self, number: int, kind: int) -> _Page:
        """Return a branch or leaf page."""
        content = self._read(number, self._page_size)
        found, _, flags, lower, upper = _PAGE.unpack_from(content)
        if found != number or flags != kind or not _PAGE.size <= lower <= upper <= len(content):
            raise self.damaged(f"page {number} is not what others say")
        slots = struct.unpack_from(f"<{(lower - _PAGE.size) // 2}H", content, _PAGE.size)
        return _Page(self._path, content, slots)

    def value(self, number: int, size: int) -> bytes:
        """Return a value that begins with a page."""
        if size > MAX_VALUE:
            raise self.damaged(f"a value has {size} bytes; at most {MAX_VALUE} are read")
        content = self._read(number, _PAGE.size + size)
        found, _, flags, _, _ = _PAGE.unpack_from(content)
        if found != number or flags != _OVERFLOW:
            raise self.damaged(f"page {number} is not what others say")
        return content[_PAGE.size :]

    def _read(self, number: int, size: int) -> bytes:
        self._file.seek(min(number * self._page_size, 2**62))
        content = self._file.read(size)
        if len(content) < size:
            raise self.damaged(f"page {number} lies beyond the end of the file")
        return content


def _children(pages: _Pages, number: int) -> list[int]:
    page = pages.page(number, _BRANCH)
    nodes = [page.unpack(_NODE, start) for start in page.slots]
    return [low | high << 16 | top << 32 for low, high, top, _ in nodes]


def _read_head(path: Path) -> _Head:
    size = path.stat().st_size if path.is_file() else 0
    with _open(path) as file:
        first = _head_at(path, file, 0)
        second = _head_at(path, file, first.page_size)
    head = max(first, second, key=lambda head: head.transaction)
    if head.num_records == 0:
        raise _damaged(path, "has no pictures")
    # The last pages may be absent: those that were free again before they were written.
    needed = head.num_pages - head.num_pages // 100 - _UNWRITTEN
    if needed * head.page_size > size or not 1 <= head.depth <= _MAX_DEPTH:
        expected = f"{size} of {head.num_pages * head.page_size} bytes are there"
        raise _damaged(path, f"is cut short or damaged: {expected}")
    return head


def _head_at(path: Path, file: BinaryIO, start: int) -> _Head:
    file.seek(start + _PAGE.size)
    content = file.read(_HEAD.size + 2 * _DATABASE.size + _LAST.size)
    if len(content) < _HEAD.size + 2 * _DATABASE.size + _LAST.size:
        raise _damaged(path, "is no LMDB file: it is too short")
    magic, version, _, _ = _HEAD.unpack_from(content)
    if magic != _MAGIC or version != _VERSION:
        raise _damaged(path, f"is no LMDB file of version {_VERSION}")
    page_size = _DATABASE.unpack_from(content, _HEAD.size)[0]
    _, flags, depth, _, _, _, records, root = _DATABASE.unpack_from(
        content, _HEAD.size + _DATABASE.size
    )
    last, transaction = _LAST.unpack_from(content, _HEAD.size + 2 * _DATABASE.size)
    if flags or page_size & (page_size - 1) or not 256 <= page_size <= 65536:
        raise _damaged(path, "is an LMDB file of another kind")
    return _Head(page_size, depth, root, records, last + 1, transaction)


def _open(path: Path) -> BinaryIO:
    if not path.is_file():
        raise _damaged(path, "is not a regular file" if path.exists() else "is gone")
    return path.open("rb")


def _damaged(path: Path, problem: str) -> DataError:
    return data_error("LZN503", f"the file `{show_path(path)}` {problem}")
