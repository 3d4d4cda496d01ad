"""ImageNet (ILSVRC2012): `train/CLASS/FILE` and `val/CLASS/FILE`, classes by WordNet id.

The layout that torchvision makes of the archives: a class is `n` and eight digits, and its number
is its place in the order of the ids.
"""

import re
from pathlib import Path

from lzn_dsl.datafiles.class_folders import ClassFolders, class_names, list_class_folders
from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.datafiles.places import ENVIRONMENT, check_folder, resolve_root, usual_places

_FOLDERS = {"train": "train", "test": "val"}
_WORDNET_ID = re.compile(r"n[0-9]{8}")


def find_imagenet(root: str | None, folder: Path, split: str) -> ClassFolders | str:
    """Return the pictures of a split by class, or what is missing and how to get it.

    Raises DataError LZN502 for a root that is no folder; LZN506 for folders that hold no classes,
    classes that are no WordNet ids, or other classes in one split than in the other.
    """
    places = usual_places("imagenet", inside=("imagenet", "ILSVRC2012"))
    if root is not None:
        places = [resolve_root(root, folder)]
    wanted = _FOLDERS[split]
    for place in places:
        found = list_class_folders(place / wanted) if check_folder(place) else None
        if found is not None:
            _check_ids(place / wanted, found.names)
            _check_other_split(place, split, found.names)
            return found
    tried = ", ".join(f"`{show_path(place)}`" for place in places)
    return (
        f"ImageNet: no folder `{wanted}` in {tried}; unpack ILSVRC2012_img_{wanted}.tar into it, a "
        f"sub-folder for each class, and name the folder of `train` and `val` by `root:` or the "
        f"parent of a folder `imagenet` by the variable {ENVIRONMENT}"
    )


def _check_ids(folder: Path, names: tuple[str, ...]) -> None:
    other = next((name for name in names if not _WORDNET_ID.fullmatch(name)), None)
    if other is not None:
        raise data_error(
            "LZN506",
            f"the folder `{show_path(folder)}` has a class that is no WordNet id: `{other}`",
            hint="`image_folder` reads classes of any name",
        )


def _check_other_split(root: Path, split: str, names: tuple[str, ...]) -> None:
    """Refuse classes that would have another number in the other split."""
    other = root / next(name for key, name in _FOLDERS.items() if key != split)
    if not check_folder(other):
        return
    apart = sorted(set(names) ^ set(class_names(other)))
    if apart:
        both = " and ".join(f"`{name}`" for name in _FOLDERS.values())
        raise data_error(
            "LZN506",
            f"the folders {both} of `{show_path(root)}` have other classes: `{apart[0]}` is in one "
            "alone",
        )
