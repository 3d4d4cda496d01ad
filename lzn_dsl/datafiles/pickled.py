"""Telling files that may run code when they are opened, by their contents and never by their name.

A pickle can name any function to be called. What wraps one: checkpoints of torch (a zip archive, a
tar archive or plain), arrays of objects of numpy, files of joblib, folders of torch's distributed
checkpoints. Nothing is opened further than its first bytes and a zip archive's list of names.
"""

import zipfile
from pathlib import Path

_HEAD = 512
_PICKLE = b"\x80"  # the first opcode of pickles of protocol 2 and later, then the protocol
_PROTOCOLS = (b"\x02", b"\x03", b"\x04", b"\x05")
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"ZF")
_TAR = slice(257, 262)


def pickled(path: Path) -> str:
    """Return what a file or folder is, in words, where it may run code; else an empty text."""
    try:
        if path.is_dir():
            return _folder(path)
        with path.open("rb") as file:
            head = file.read(_HEAD)
        return _torch_archive(path) if head[:4] == b"PK\x03\x04" else what_head_tells(head)
    except OSError:
        return ""


def what_head_tells(head: bytes) -> str:
    """Return the same of a file's first bytes alone."""
    if head[:4] == b"PK\x03\x04":
        return "a zip archive, as torch saves checkpoints"
    if head[:1] == _PICKLE and head[1:2] in _PROTOCOLS:
        return "a pickle"
    if head[:6] == b"\x93NUMPY":
        return "an array of objects" if b"'|O'" in head else ""
    if head[:2] in _ZLIB:
        return "a compressed file, as joblib writes pickles"
    if head[_TAR] == b"ustar":
        return "a tar archive, as old versions of torch save checkpoints"
    if head[:1] in (b"(", b"c", b"]", b"}") and b"\n" in head and len(head) < _HEAD:
        return "a pickle of protocol 0" if head.rstrip()[-1:] == b"." else ""
    return ""


def _folder(path: Path) -> str:
    if (path / ".metadata").is_file() and any(path.glob("*.distcp")):
        return "a folder of torch's distributed checkpoints"
    return ""


def _torch_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return "a damaged zip archive"
    return "a torch checkpoint" if any(n.endswith("data.pkl") for n in names) else ""
