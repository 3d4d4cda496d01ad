"""LSUN: pictures of one category and split in an LMDB file, as torchvision reads them.

CATEGORY_train_lmdb/data.mdb, CATEGORY_val_lmdb/data.mdb
"""

from pathlib import Path

from lzn_dsl.datafiles.errors import show_path
from lzn_dsl.datafiles.places import ENVIRONMENT, check_folder, resolve_root, usual_places

_PARTS = {"train": "train", "test": "val"}


def find_lsun(root: str | None, folder: Path, category: str, split: str) -> Path | str:
    """Return the file of a category and split, or what is missing and how to get it.

    Raises DataError LZN502 for a root that is no folder or cannot be read.
    """
    places = usual_places("lsun", inside=("lsun",))
    if root is not None:
        places = [resolve_root(root, folder)]
        if not check_folder(places[0]):
            return f"there is no folder `{show_path(places[0])}`"
    name = f"{category}_{_PARTS[split]}_lmdb"
    for place in places:
        path = place / name / "data.mdb"
        if path.exists():
            return path
    tried = ", ".join(f"`{show_path(place)}`" for place in places)
    return (
        f"LSUN: no {name}/data.mdb in {tried}; unpack {name}.zip and name the folder that holds it "
        f"by `root:` or the parent of a folder `lsun` by the variable {ENVIRONMENT}"
    )
