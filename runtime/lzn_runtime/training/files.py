"""Durable file operations, in one place so that tests can make any of them fail."""

import os
import shutil
from pathlib import Path


class Files:
    """File operations that have reached the disk when they return. All raise OSError."""

    def write(self, path: Path, data: bytes) -> None:
        """Write a new file and flush it to the disk."""
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def read(self, path: Path) -> bytes:
        """Return the bytes of a regular file; a link or a device is an OSError."""
        if path.is_symlink() or not path.is_file():
            raise FileNotFoundError(f"`{path}` is no regular file")
        return path.read_bytes()

    def make_folder(self, path: Path) -> None:
        """Make a folder whose parent exists; it may be there already."""
        path.mkdir(exist_ok=True)

    def sync_folder(self, path: Path) -> None:
        """Flush a folder's entries to the disk, where the system can do that."""
        if os.name != "posix":
            return
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Rename a file or folder in one operation."""
        old.rename(new)

    def remove_tree(self, path: Path) -> None:
        """Remove a folder and what is in it; it may be gone already."""
        if path.exists():
            shutil.rmtree(path)
