"""MNIST and the data sets made in its image: pairs of IDX files, pictures and their labels."""

from dataclasses import dataclass
from pathlib import Path

from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.datafiles.idx import broken, read_sizes
from lzn_dsl.datafiles.places import ENVIRONMENT, check_folder, resolve_root, usual_places

SIDE = 28
SPLIT_SIZES = {"train": 60_000, "test": 10_000}


@dataclass(frozen=True)
class IdxPair:
    """The files of a split."""

    images: Path
    labels: Path


@dataclass(frozen=True)
class IdxSource:
    """Where the files of a data set are, and how to get them.

    Attributes:
        title: Its name to people.
        folder: Its folder in lzn_dsl's cache.
        inside: Its folders inside of the folder that LZN_DATA names; torchvision's among them.
        system: Where a package of the operating system puts the files.
        how: How to get the files.
    """

    title: str
    folder: str
    inside: tuple[str, ...]
    how: str
    system: Path | None = None

    def find(self, root: str | None, folder: Path, split: str) -> IdxPair | str:
        """Return the files of a split, or what is missing and how to get it.

        Args:
            root: The `root:` setting: the folder of the files, or torchvision's root.
            folder: What a relative root is relative to.
            split: `train` or `test`.

        Raises:
            DataError: LZN502, a root that is no folder or cannot be read.
        """
        places = usual_places(self.folder, inside=self.inside, system=self.system)
        if root is not None:
            base = resolve_root(root, folder)
            if not check_folder(base):
                return f"there is no folder `{show_path(base)}`"
            places = [base, *(base / sub for sub in self.inside)]
        images, labels = _split_names(split)
        for place in places:
            found = _find(place, images), _find(place, labels)
            if found[0] and found[1]:
                return IdxPair(found[0], found[1])
            if found[0] or found[1]:
                lacks = labels[0] if found[0] else images[0]
                return f"`{show_path(place)}` has no {lacks} or {lacks}.gz"
        tried = ", ".join(f"`{show_path(place)}`" for place in places)
        return f"{self.title}: no {images[0]} or {images[0]}.gz in {tried}; {self.how}"


def _how(first: str) -> str:
    return f"{first}name their folder by `root:` or its parent by the variable {ENVIRONMENT}"


MNIST = IdxSource(
    title="MNIST",
    folder="mnist",
    inside=("mnist", "MNIST/raw"),
    how=_how("get the four IDX files and "),
)
FASHION_MNIST = IdxSource(
    title="Fashion-MNIST",
    folder="fashion_mnist",
    inside=("fashion_mnist", "FashionMNIST/raw", "fashion-mnist"),
    how=_how("install the Debian package dataset-fashion-mnist, or get the four IDX files and "),
    system=Path("/usr/share/datasets/fashion-mnist"),
)


def check_pair(pair: IdxPair) -> int:
    """Return the number of samples that the headers of a pair claim.

    Raises:
        DataError: LZN503, a header that is broken, pictures of another size than 28 by 28, or as
            many labels as pictures there are not.
    """
    count, height, width = read_sizes(pair.images, 3)
    (num_labels,) = read_sizes(pair.labels, 1)
    if (height, width) != (SIDE, SIDE):
        raise broken(pair.images, f"has pictures of {height} x {width}, not {SIDE} x {SIDE}")
    if num_labels != count:
        have = f"has {num_labels} labels for the {count} pictures"
        raise broken(pair.labels, f"{have} of `{show_path(pair.images)}`")
    if count == 0:
        raise broken(pair.images, "has no pictures")
    return count


def check_labels(pair: IdxPair, labels: bytes | bytearray, classes: int) -> None:
    """Raise DataError LZN504 where a label is `classes` or more."""
    if labels and max(labels) >= classes:
        position = next(i for i, label in enumerate(labels) if label >= classes)
        raise data_error(
            "LZN504",
            f"label {labels[position]} of sample {position} in `{show_path(pair.labels)}`"
            f" is not one of the {classes} classes (0 to {classes - 1})",
        )


def _split_names(split: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the names that the picture file and the label file of a split may have (or `.gz`)."""
    start = {"train": "train", "test": "t10k"}[split]
    return (
        (f"{start}-images-idx3-ubyte", f"{start}-images.idx3-ubyte"),
        (f"{start}-labels-idx1-ubyte", f"{start}-labels.idx1-ubyte"),
    )


def _find(folder: Path, names: tuple[str, ...]) -> Path | None:
    for name in names:
        for path in (folder / name, folder / f"{name}.gz"):
            if path.exists():
                return path
    return None
