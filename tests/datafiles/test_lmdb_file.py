import os
import random
import struct
from pathlib import Path

import lmdb
import pytest

from helpers.data_errors import data_error_of
from helpers.data_files import write_lmdb
from lzn_dsl.datafiles.lmdb_file import count_records, open_lmdb
from lzn_dsl.diagnostics.diagnostic import DataError


def drawn(count: int, *, largest: int) -> dict[bytes, bytes]:
    rng = random.Random(0)
    keys = [rng.randbytes(rng.randint(1, 40)) for _ in range(count)]
    return {key: rng.randbytes(rng.randint(0, largest)) for key in keys}


@pytest.mark.parametrize(("count", "largest"), [(1, 0), (7, 40), (3000, 100), (500, 20_000)])
def test_records_are_those_of_the_library(tmp_path: Path, count: int, largest: int) -> None:
    records = drawn(count, largest=largest)
    path = write_lmdb(tmp_path / "x", records)
    file = open_lmdb(path)
    assert len(file) == count_records(path) == len(records)
    with lmdb.open(str(path.parent), readonly=True, lock=False) as env, env.begin() as library:
        assert [file.record(i) for i in range(len(file))] == list(library.cursor())


def test_the_later_transaction_counts(tmp_path: Path) -> None:
    path = write_lmdb(tmp_path / "x", drawn(300, largest=5000))
    for i in range(3):
        with lmdb.open(str(path.parent), map_size=2**28) as env, env.begin(write=True) as change:
            change.put(b"more %d" % i, bytes(9000))
            change.delete(next(iter(change.cursor()))[0])
        with lmdb.open(str(path.parent), readonly=True, lock=False) as env, env.begin() as library:
            file = open_lmdb(path)
            assert [file.record(k) for k in range(len(file))] == list(library.cursor())


def test_what_is_no_file_of_records_is_told(tmp_path: Path) -> None:
    path = write_lmdb(tmp_path / "x", {b"a": b"b"})
    content = path.read_bytes()

    def error(changed: bytes | bytearray) -> str:
        path.write_bytes(changed)
        return data_error_of(lambda: open_lmdb(path), tmp_path)

    file = "LZN503 the file `DIR/x/data.mdb`"
    assert error(b"") == f"{file} is no LMDB file: it is too short"
    assert error(b"<!DOCTYPE html>" * 99) == f"{file} is no LMDB file of version 1"
    later = content[:20] + struct.pack("<I", 2) + content[24:]
    assert error(later) == f"{file} is no LMDB file of version 1"
    write_lmdb(tmp_path / "none", {})
    assert error((tmp_path / "none" / "data.mdb").read_bytes()) == f"{file} has no pictures"
    flagged = bytearray(content)
    for head in (0, 4096):
        struct.pack_into("<H", flagged, head + 92, 4)  # keys with several values
    assert error(flagged) == f"{file} is an LMDB file of another kind"
    path.unlink()
    os.mkfifo(path)
    assert data_error_of(lambda: open_lmdb(path), tmp_path) == f"{file} is not a regular file"
    path.unlink()
    assert data_error_of(lambda: open_lmdb(path), tmp_path) == f"{file} is gone"


def test_a_file_cut_short_is_told(tmp_path: Path) -> None:
    path = write_lmdb(tmp_path / "x", drawn(100, largest=20_000))
    size = path.stat().st_size
    os.truncate(path, size // 2)
    assert data_error_of(lambda: count_records(path), tmp_path) == (
        f"LZN503 the file `DIR/x/data.mdb` is cut short or damaged: {size // 2} of {size} bytes "
        "are there"
    )


def test_a_value_beyond_the_end_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = write_lmdb(tmp_path / "x", {b"%02d" % i: bytes(9000) for i in range(40)})
    file = open_lmdb(path)
    os.truncate(path, path.stat().st_size - 5000)
    assert file.record(38)[1] == bytes(9000)
    assert data_error_of(lambda: file.record(39), tmp_path).endswith(
        "lies beyond the end of the file"
    )


def test_databases_in_a_database_are_refused(tmp_path: Path) -> None:
    with lmdb.open(str(tmp_path / "x"), max_dbs=1) as env:
        env.open_db(b"inner")
    file = open_lmdb(tmp_path / "x" / "data.mdb")
    assert data_error_of(lambda: file.record(0), tmp_path).endswith(
        "is damaged: a record is a database of its own"
    )


def test_pages_that_lead_to_themselves_end(tmp_path: Path) -> None:
    path = write_lmdb(tmp_path / "x", drawn(3000, largest=100))
    content = bytearray(path.read_bytes())
    head = max((0, 4096), key=lambda at: struct.unpack_from("<Q", content, at + 144)[0])
    (root,) = struct.unpack_from("<Q", content, head + 128)
    _, _, _, lower, _ = struct.unpack_from("<QHHHH", content, root * 4096)
    struct.pack_into("<H", content, head + 94, 30)  # the depth
    for slot in struct.unpack_from(f"<{(lower - 16) // 2}H", content, root * 4096 + 16):
        struct.pack_into("<HHH", content, root * 4096 + slot, root, 0, 0)
    path.write_bytes(content)
    assert data_error_of(lambda: open_lmdb(path), tmp_path) == (
        "LZN503 the file `DIR/x/data.mdb` is damaged: pages occur more than once"
    )


def test_flipped_bytes_of_the_tree_end_in_records_or_a_data_error(tmp_path: Path) -> None:
    path = write_lmdb(tmp_path / "x", drawn(120, largest=1500))
    content = path.read_bytes()
    whole = open_lmdb(path)
    pages = {0, 1, *whole.leaves}
    rng = random.Random(1)
    places = [page * 4096 + rng.randrange(600) for page in sorted(pages) for _ in range(6)]
    outcomes = set()
    for place in places:
        changed = bytearray(content)
        changed[place] ^= rng.randint(1, 255)
        path.write_bytes(changed)
        try:
            file = open_lmdb(path)
            for i in range(len(file)):
                file.record(i)
            outcomes.add("read")
        except DataError as error:
            outcomes.add(error.diagnostics[0].code)
    assert outcomes == {"read", "LZN503"}
