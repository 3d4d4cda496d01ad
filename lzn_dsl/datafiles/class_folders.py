"""A folder of classes: `root/CLASS/FILE`, as torchvision's ImageFolder; names only are read.

Classes and files are in the order of their names, whatever the file system. What counts as a
picture is decided by the name here and by the content when it is read. Links are followed, one
level deep, so that a loop of links cannot hold the listing up; pipes and devices are left out.
"""

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.datafiles.places import check_folder
from lzn_dsl.datafiles.split import held_out, share_out
from lzn_dsl.diagnostics.diagnostic import DataError

EXTENSIONS = (".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".webp")

MAX_NAME = 200

_WITHOUT = "; pictures without classes: `image_folder(labels: false)`"


@dataclass(frozen=True)
class ClassFolders:
    """The pictures of each class, in order.

    Attributes:
        root: The folder.
        names: Names of the classes; one empty name for pictures directly in the folder.
        files: File names of each class.
    """

    root: Path
    names: tuple[str, ...]
    files: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return sum(len(files) for files in self.files)


def list_class_folders(root: Path) -> ClassFolders | None:
    """Return the classes and files of a folder, or None where there is no such folder.

    Raises:
        DataError: LZN502, `root` is no folder or cannot be listed; LZN506, it has no class
            folders, a class without pictures, or names that cannot be told apart or printed.
    """
    if not check_folder(root):
        return None
    names = class_names(root)
    files = tuple(_pictures(root / name) for name in names)
    return ClassFolders(root, tuple(names), files)


def list_flat_folder(root: Path) -> ClassFolders | None:
    """Return the pictures directly in a folder as one class whose name is empty.

    None where there is no such folder. Raises DataError LZN502, `root` is no folder or cannot be
    listed; LZN506, no picture lies in it.
    """
    return ClassFolders(root, ("",), (_pictures(root),)) if check_folder(root) else None


def class_names(root: Path) -> list[str]:
    """Return the names of the classes of a folder, in order. Raises as `list_class_folders`."""
    names = sorted(e.name for e in _entries(root) if not e.name.startswith(".") and _is_folder(e))
    if not names:
        loose = sum(_is_picture(entry) for entry in _entries(root))
        lies = f"; {loose} pictures lie directly in it" if loose else ""
        hint = "put the pictures of each class in a sub-folder with the name of the class"
        raise _unfit(root, f"has no class folders{lies}", f"{hint}{_WITHOUT if loose else ''}")
    _check_names(root, names)
    return names


def choose(
    folders: ClassFolders, *, split: str, holdout: float, split_seed: int, limit: int | None
) -> ClassFolders:
    """Return the files of a split (`train`, `test` or `all`), at most `limit` of them.

    The files of a class are ranked by a hash of the seed and their name. `held_out` says how many
    of the first ones are `test`; the others are `train`. A limit is shared out over the classes in
    proportion, and the first ones are taken. A file added later leaves most others where they are.
    """
    if split == "all" and (limit is None or limit >= len(folders)):
        return folders
    classes = zip(folders.names, folders.files, strict=True)
    ranked = [sorted(files, key=partial(_rank, split_seed, name)) for name, files in classes]
    if split != "all":
        cuts = held_out([len(files) for files in ranked], holdout)
        parts = zip(ranked, cuts, strict=True)
        ranked = [files[:cut] if split == "test" else files[cut:] for files, cut in parts]
    counts = [len(files) for files in ranked]
    if limit is not None and limit < sum(counts):
        counts = share_out(counts, limit)
    chosen = (tuple(sorted(f[:n])) for f, n in zip(ranked, counts, strict=True))
    return ClassFolders(folders.root, folders.names, tuple(chosen))


def _rank(seed: int, class_name: str, name: str) -> bytes:
    text = os.fsencode(f"{seed}\0{class_name}\0{name}")
    return hashlib.blake2b(text, digest_size=8).digest()


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise data_error("LZN502", f"the folder `{show_path(folder)}` {problem}") from error


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_picture(entry: os.DirEntry[str]) -> bool:
    """Whether an entry has a picture's name and is a file or a link (to be looked at when read)."""
    if not entry.name.lower().endswith(EXTENSIONS) or entry.name.startswith("."):
        return False
    return entry.is_symlink() or entry.is_file(follow_symlinks=False)


def _pictures(folder: Path) -> tuple[str, ...]:
    others: list[str] = []
    pictures: list[str] = []
    for entry in _entries(folder):
        (pictures if _is_picture(entry) else others).append(entry.name)
    if not pictures:
        holds = f"; of what it holds, `{show_path(min(others))}` comes first" if others else ""
        raise _unfit(folder, f"holds no pictures ({' '.join(EXTENSIONS)}){holds}")
    return tuple(sorted(pictures))


def _check_names(root: Path, names: list[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        if not name.isprintable() or len(name) > MAX_NAME:
            rule = f"is not printable text of {MAX_NAME} characters at most"
            raise _unfit(root, f"has a class whose name {rule}: {show_path(name)}")
        same = unicodedata.normalize("NFC", name).casefold()
        if same in seen:
            both = f"`{seen[same]}` and `{name}`"
            raise _unfit(root, f"has classes that differ by upper and lower case alone: {both}")
        seen[same] = name


def _unfit(folder: Path, problem: str, hint: str = "") -> DataError:
    return data_error("LZN506", f"the folder `{show_path(folder)}` {problem}", hint=hint)
