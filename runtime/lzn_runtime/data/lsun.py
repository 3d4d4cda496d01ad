"""One category of LSUN, decoded a batch at a time."""

import hashlib
import io
from functools import cached_property
from pathlib import Path

from jaxtyping import UInt8
from torch import Tensor

from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.datafiles.lmdb_file import LmdbFile, open_lmdb
from lzn_dsl.datafiles.lsun import find_lsun
from lzn_dsl.registry.builtin.picture_datasets import LsunSettings, PictureSettings
from lzn_runtime.data.image_file import decode_image
from lzn_runtime.data.pictures import Pictures


def open_lsun(settings: LsunSettings, folder: Path) -> Pictures:
    """Return a category of LSUN: image uint8 (n, c, size, size), in the order of the keys.

    Raises DataError LZN501 or LZN502 where its file is missing, LZN503 where it is damaged; reading
    a batch raises LZN507 or LZN508 for pictures.
    """
    path = find_lsun(settings.root, folder, settings.category, settings.split)
    if isinstance(path, str):
        raise data_error("LZN501", path)
    return Pictures(_Records(open_lmdb(path), settings.limit), settings, labels=None)


class _Records:
    """The first pictures of an LMDB file."""

    def __init__(self, file: LmdbFile, limit: int | None) -> None:
        self._file = file
        self._count = min(len(file), limit or len(file))

    def __len__(self) -> int:
        return self._count

    def name(self, index: int) -> str:
        key, _ = self._file.record(index)
        shown = show_path(key.decode("utf-8", "backslashreplace"))
        return f"`{shown}` of `{show_path(self._file.path)}`"

    def read(self, index: int, settings: PictureSettings) -> UInt8[Tensor, "c s s"]:
        _, content = self._file.record(index)
        return decode_image(
            io.BytesIO(content),
            height=settings.size,
            width=settings.size,
            channels=settings.channels,
            max_pixels=settings.max_pixels,
        )

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the name and size of the file, and of how many of its pictures are used."""
        parts = (self._file.path.parent.name, self._file.path.stat().st_size, self._count)
        return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
