"""File operations that fail when a test says so."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from lzn_runtime.training.files import Files


class Killed(BaseException):
    """Stands for the process's death: nothing after it is done, not even cleaning up."""


class FaultyFiles(Files):
    """Calls `fault(number, operation)` before each changing operation, numbered from 0.

    After `Killed` every operation is refused, as a dead process does nothing.
    """

    def __init__(self, fault: Callable[[int, str], None]) -> None:
        self._fault = fault
        self._dead = False
        self.operations: list[str] = []

    def write(self, path: Path, data: bytes) -> None:
        try:
            self._before("write")
        except BaseException:
            path.write_bytes(data[: len(data) // 2])  # what a torn write leaves
            raise
        super().write(path, data)

    def make_folder(self, path: Path) -> None:
        self._before("make_folder")
        super().make_folder(path)

    def sync_folder(self, path: Path) -> None:
        self._before("sync_folder")
        super().sync_folder(path)

    def rename(self, old: Path, new: Path) -> None:
        self._before("rename")
        super().rename(old, new)

    def remove_tree(self, path: Path) -> None:
        self._before("remove_tree")
        super().remove_tree(path)

    def _before(self, operation: str) -> None:
        if self._dead:
            raise Killed
        self.operations.append(operation)
        try:
            self._fault(len(self.operations) - 1, operation)
        except Killed:
            self._dead = True
            raise


def killed_at(number: int) -> Callable[[int, str], None]:
    """Die before this operation."""

    def fault(count: int, operation: str) -> None:
        if count == number:
            raise Killed

    return fault


def no_space(count: int, operation: str) -> None:
    """Refuse every write, as a full disk does."""
    if operation == "write":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
