"""A folder of classes, decoded a batch at a time."""

import hashlib
import os
from functools import cached_property
from pathlib import Path

import torch
from jaxtyping import Int, UInt8
from torch import Tensor

from lzn_dsl.datafiles.class_folders import ClassFolders
from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.registry.builtin.datasets import (
    ImageFolderSettings,
    describe_image_folder,
    image_files,
)
from lzn_runtime.data.image_file import UnreadableImageError, read_image

MAX_BAD = 0.05
"""Share of the pictures that `on_error: skip` may replace; one is always allowed."""


def open_image_folder(settings: ImageFolderSettings, folder: Path) -> "ImageFolder":
    """Return the pictures of a folder: image uint8 (n, c, size, size) and label (n,).

    Sorted by class, then by name. Raises DataError LZN501, LZN502 or LZN506 for a folder that is
    missing or unusable; reading a batch raises LZN507 or LZN508 for pictures.
    """
    files = image_files(settings, folder)
    if files is None:
        raise data_error("LZN501", describe_image_folder(settings, folder).missing)
    return ImageFolder(files, settings)


class ImageFolder:
    """Pictures of class folders by number, read when asked for.

    With `on_error: skip`, a picture that cannot be read is replaced, label and all, by the next
    one that can (the first comes after the last).
    """

    def __init__(self, files: ClassFolders, settings: ImageFolderSettings) -> None:
        self._root = files.root
        self._files = [
            f"{name}{os.sep}{file}"
            for name, members in zip(files.names, files.files, strict=True)
            for file in members
        ]
        counts = torch.tensor([len(members) for members in files.files])
        self._labels = torch.arange(len(counts)).repeat_interleave(counts)
        self._settings = settings
        self._bad: set[int] = set()

    def __len__(self) -> int:
        return len(self._files)

    def __getitems__(self, indices: list[int]) -> dict[str, Tensor]:
        """Return `image` and `label` of the samples, in the order of `indices`.

        Raises:
            DataError: LZN507, a picture cannot be read; LZN508, too many cannot be.
        """
        images, labels = [], []
        for wanted in indices:
            found, image = self._read_near(wanted)
            images.append(image)
            labels.append(self._labels[found])
        return {"image": torch.stack(images), "label": torch.stack(labels)}

    def labels(self, column: str) -> Int[Tensor, " n"] | None:
        """Return the labels, by the folders alone."""
        return self._labels if column == "label" else None

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

    def _read_near(self, wanted: int) -> tuple[int, UInt8[Tensor, "c s s"]]:
        """Read a sample or, with `skip`, the next good one; return its number and picture."""
        for index in (*range(wanted, len(self)), *range(wanted)):
            try:
                if index not in self._bad:
                    return index, self._read(index)
            except UnreadableImageError as error:
                self._note_bad(index, error)
        raise AssertionError("the limit on bad pictures is below their number")

    def _read(self, index: int) -> UInt8[Tensor, "c s s"]:
        settings, path = self._settings, self._root / self._files[index]
        try:
            return read_image(
                path,
                height=settings.size,
                width=settings.size,
                channels=settings.channels,
                max_pixels=settings.max_pixels,
            )
        except FileNotFoundError as error:
            raise data_error("LZN507", f"the picture `{show_path(path)}` is gone") from error

    def _note_bad(self, index: int, error: UnreadableImageError) -> None:
        path = show_path(self._root / self._files[index])
        if self._settings.on_error == "error":
            hint = "`on_error: skip` puts the next picture in its place"
            raise data_error("LZN507", f"the picture `{path}` {error}", hint=hint) from error
        self._bad.add(index)
        allowed = max(1, int(MAX_BAD * len(self)))
        if len(self._bad) > allowed or len(self._bad) == len(self):
            count = f"{len(self._bad)} of {len(self)} pictures cannot be read"
            raise data_error(
                "LZN508", f"{count}, {allowed} may be replaced; the last, `{path}`, {error}"
            ) from error
