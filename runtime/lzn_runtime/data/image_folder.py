"""Picture files in folders: your own, and ImageNet's."""

import hashlib
import os
from functools import cached_property
from pathlib import Path

import torch
from jaxtyping import UInt8
from torch import Tensor

from lzn_dsl.datafiles.class_folders import ClassFolders
from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.registry.builtin.picture_datasets import (
    ImageFolderSettings,
    ImagenetSettings,
    PictureSettings,
    describe_image_folder,
    image_files,
    imagenet_files,
)
from lzn_runtime.data.image_file import read_image
from lzn_runtime.data.pictures import Pictures


def open_image_folder(settings: ImageFolderSettings, folder: Path) -> Pictures:
    """Return the pictures of a folder: image uint8 (n, c, size, size) and, with labels, label (n,).

    Sorted by class, then by name. Raises DataError LZN501, LZN502 or LZN506 for a folder that is
    missing or unusable; reading a batch raises LZN507 or LZN508 for pictures.
    """
    files = image_files(settings, folder)
    if files is None:
        raise data_error("LZN501", describe_image_folder(settings, folder).missing)
    return Pictures(_Files(files), settings, _labels(files) if settings.labels else None)


def open_imagenet(settings: ImagenetSettings, folder: Path) -> Pictures:
    """Return ImageNet: image uint8 (n, c, size, size) and label (n,), sorted by class, then name.

    Raises as `open_image_folder`.
    """
    files = imagenet_files(settings, folder)
    if isinstance(files, str):
        raise data_error("LZN501", files)
    return Pictures(_Files(files), settings, _labels(files))


class _Files:
    """Files by number, class after class."""

    def __init__(self, folders: ClassFolders) -> None:
        self._root = folders.root
        self._files = [
            os.path.join(name, file)  # noqa: PTH118 -- a Path for each would take much memory
            for name, members in zip(folders.names, folders.files, strict=True)
            for file in members
        ]

    def __len__(self) -> int:
        return len(self._files)

    def name(self, index: int) -> str:
        return f"`{show_path(self._root / self._files[index])}`"

    def read(self, index: int, settings: PictureSettings) -> UInt8[Tensor, "c s s"]:
        try:
            return read_image(
                self._root / self._files[index],
                height=settings.size,
                width=settings.size,
                channels=settings.channels,
                max_pixels=settings.max_pixels,
            )
        except FileNotFoundError as error:
            raise data_error("LZN507", f"the picture {self.name(index)} is gone") from error

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the names and sizes of the files; a file that is gone has size -1."""
        digest = hashlib.blake2b(digest_size=16)
        for file in self._files:
            try:
                size = (self._root / file).stat().st_size
            except OSError:
                size = -1
            name = Path(file).as_posix()
            digest.update(os.fsencode(f"{len(name)} {name} {size}\n"))
        return digest.hexdigest()


def _labels(folders: ClassFolders) -> Tensor:
    counts = torch.tensor([len(members) for members in folders.files])
    return torch.arange(len(counts)).repeat_interleave(counts)
