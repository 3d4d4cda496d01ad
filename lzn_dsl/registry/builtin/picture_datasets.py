"""Built-in datasets of picture files: settings, and what is known by names and headers alone.

Pictures are decoded a batch at a time, whatever the number of them. Of each, the middle square is
cut out and resized by Pillow's bicubic filter: `lzn_runtime.data.image_file` says what is done to
a picture before.
"""

from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from lzn_dsl.datafiles.class_folders import (
    ClassFolders,
    choose,
    list_class_folders,
    list_flat_folder,
)
from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.datafiles.imagenet import find_imagenet
from lzn_dsl.datafiles.lmdb_file import count_records
from lzn_dsl.datafiles.lsun import find_lsun
from lzn_dsl.datafiles.places import resolve_root
from lzn_dsl.registry.builtin.datasets import Root, columns
from lzn_dsl.registry.entry import Column, DatasetInfo, Entry, Kind
from lzn_dsl.registry.settings import Settings


class PictureSettings(Settings):
    """How pictures are decoded, and what happens to those that cannot be."""

    size: int = Field(
        ge=1, le=4096, description="Height and width: the middle square is cut out and resized."
    )
    channels: Literal[1, 3] = Field(default=3, description="1 for grey, 3 for colour.")
    max_pixels: int = Field(
        default=50_000_000, ge=1, le=89_000_000, description="Larger pictures are not decoded."
    )
    on_error: Literal["error", "skip"] = Field(
        default="error", description="A picture that cannot be read stops, or the next replaces it."
    )
    limit: int | None = Field(
        default=None, ge=1, le=10**9, description="Use so many, of all classes; none for all."
    )


class ImageFolderSettings(PictureSettings):
    """Pictures of any size in a folder of classes, `root/CLASS/FILE`, or in one folder."""

    positional: ClassVar[tuple[str, ...]] = ("root", "size")

    root: str = Field(
        min_length=1, max_length=4096, description="The folder, relative to the spec's."
    )
    labels: bool = Field(
        default=True,
        description="Sub-folders are classes; false: pictures lie in the folder, without labels.",
    )
    split: Literal["train", "test", "all"] = Field(
        default="train", description="Which part: the held-out pictures are `test`."
    )
    holdout: float = Field(
        default=0.2, ge=0.01, le=0.9, description="Share that is held out, the same in each class."
    )
    split_seed: int = Field(
        default=0, ge=0, le=2**63 - 1, description="Which pictures are held out."
    )


class ImagenetSettings(PictureSettings):
    """ImageNet (ILSVRC2012) as torchvision lays it out: `train/CLASS/FILE` and `val/CLASS/FILE`."""

    positional: ClassVar[tuple[str, ...]] = ("split",)

    split: Literal["train", "test"] = Field(
        default="train", description="Which part: `test` is the folder `val`."
    )
    root: str | None = Root


class LsunSettings(PictureSettings):
    """LSUN, one category, as torchvision reads it: `CATEGORY_train_lmdb/data.mdb`."""

    positional: ClassVar[tuple[str, ...]] = ("category", "split")

    category: Literal[
        "bedroom",
        "bridge",
        "church_outdoor",
        "classroom",
        "conference_room",
        "dining_room",
        "kitchen",
        "living_room",
        "restaurant",
        "tower",
    ] = Field(default="bedroom", description="Which kind of places.")
    split: Literal["train", "test"] = Field(
        default="train", description="Which part: `test` is the folder `CATEGORY_val_lmdb`."
    )
    root: str | None = Root


def describe_image_folder(settings: ImageFolderSettings, folder: Path) -> DatasetInfo:
    """Describe a folder by the names of its files.

    Raises DataError LZN502 or LZN506 for a folder that is there but unusable. Of a folder that is
    not there, the classes are not known.
    """
    files = image_files(settings, folder)
    missing = ""
    if files is None:
        root = show_path(resolve_root(settings.root, folder))
        missing = f"there is no folder `{root}`; name it by `root:`"
    return _describe(settings, files, missing, labels=settings.labels)


def describe_imagenet(settings: ImagenetSettings, folder: Path) -> DatasetInfo:
    """Describe ImageNet by the names of its files.

    Raises DataError LZN502 or LZN506 for folders that are there but unusable.
    """
    files = imagenet_files(settings, folder)
    missing = files if isinstance(files, str) else ""
    return _describe(settings, None if isinstance(files, str) else files, missing)


def describe_lsun(settings: LsunSettings, folder: Path) -> DatasetInfo:
    """Describe a category of LSUN by the head of its file.

    Raises DataError LZN502 for a root that is no folder, LZN503 for a file that is no LMDB file.
    """
    path = find_lsun(settings.root, folder, settings.category, settings.split)
    facts = {"image": _image(settings)}
    if isinstance(path, str):
        return DatasetInfo(facts, missing=path)
    count = count_records(path)
    return DatasetInfo(facts, min(count, settings.limit or count))


def image_files(settings: ImageFolderSettings, folder: Path) -> ClassFolders | None:
    """Return the files that the settings choose, or None where there is no such folder.

    Raises DataError LZN502 or LZN506 for a folder that is there but unusable.
    """
    root = resolve_root(settings.root, folder)
    found = list_class_folders(root) if settings.labels else list_flat_folder(root)
    if found is None:
        return None
    files = choose(
        found,
        split=settings.split,
        holdout=settings.holdout,
        split_seed=settings.split_seed,
        limit=settings.limit,
    )
    if not len(files):
        problem = f"has {len(found)} pictures: none is left for the split `{settings.split}`"
        raise data_error("LZN506", f"the folder `{show_path(root)}` {problem}")
    return files


def imagenet_files(settings: ImagenetSettings, folder: Path) -> ClassFolders | str:
    """Return the files of a split of ImageNet, or what is missing and how to get it.

    Raises DataError LZN502 or LZN506 for folders that are there but unusable.
    """
    found = find_imagenet(settings.root, folder, settings.split)
    if isinstance(found, str):
        return found
    return choose(found, split="all", holdout=0.5, split_seed=0, limit=settings.limit)


def _describe(
    settings: PictureSettings, files: ClassFolders | None, missing: str, *, labels: bool = True
) -> DatasetInfo:
    facts = columns(settings.size, settings.size, settings.channels, files.names if files else ())
    if not labels:
        del facts["label"]
    elif files is None:
        facts["label"] = Column("label", {})
    return DatasetInfo(facts, None if files is None else len(files), missing)


def _image(settings: PictureSettings) -> Column:
    size = {"height": settings.size, "width": settings.size, "channels": settings.channels}
    return Column("image", size)


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.DATASET,
        name="image_folder",
        help="your own pictures: a sub-folder for each class",
        settings=ImageFolderSettings,
        factory="lzn_runtime.data.image_folder:open_image_folder",
        describe=describe_image_folder,
    ),
    Entry(
        kind=Kind.DATASET,
        name="imagenet",
        help="1.28 million photos in 1000 classes, named by WordNet id",
        settings=ImagenetSettings,
        factory="lzn_runtime.data.image_folder:open_imagenet",
        describe=describe_imagenet,
    ),
    Entry(
        kind=Kind.DATASET,
        name="lsun",
        help="photos of one kind of place, such as bedrooms, without labels",
        settings=LsunSettings,
        factory="lzn_runtime.data.lsun:open_lsun",
        describe=describe_lsun,
    ),
)
