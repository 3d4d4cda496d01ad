from pathlib import Path
from typing import Any

import pytest

from helpers.data_errors import data_error_of
from helpers.data_files import write_class_folders
from lzn_dsl.registry.builtin.picture_datasets import ImagenetSettings, describe_imagenet
from lzn_dsl.registry.entry import Column, DatasetInfo
from lzn_runtime.data.image_folder import open_imagenet
from lzn_runtime.data.pictures import Pictures

IDS = ["n01440764", "n01443537", "n15075141"]


def imagenet(root: Path, **settings: Any) -> Pictures:
    values = {"root": str(root), "size": 4, **settings}
    return open_imagenet(ImagenetSettings.model_validate(values), Path("/nowhere"))


def write_imagenet(root: Path, *, train: int = 4, val: int = 2) -> None:
    write_class_folders(root / "train", dict.fromkeys(IDS, train))
    write_class_folders(root / "val", dict.fromkeys(IDS, val))


def test_both_splits_are_read_with_the_same_classes(tmp_path: Path) -> None:
    write_imagenet(tmp_path)
    train, test = imagenet(tmp_path), imagenet(tmp_path, split="test")
    assert (len(train), len(test)) == (12, 6)
    batch = train.__getitems__([0, 7, 11])
    assert batch["label"].tolist() == [0, 1, 2]
    assert batch["image"].shape == (3, 3, 4, 4)
    assert batch["image"][:, :2, 0, 0].tolist() == [[0, 0], [20, 3], [40, 3]]
    assert test.__getitems__([5])["image"][0, :2, 0, 0].tolist() == [40, 1]
    labels = imagenet(tmp_path, limit=6).labels("label")
    assert labels is not None
    assert labels.tolist() == [0, 0, 1, 1, 2, 2]


def test_imagenet_is_described_by_its_names(tmp_path: Path) -> None:
    write_imagenet(tmp_path)
    info = describe_imagenet(ImagenetSettings(root=".", size=64, split="test"), tmp_path)
    assert info == DatasetInfo(
        {
            "image": Column("image", {"height": 64, "width": 64, "channels": 3}),
            "label": Column("label", {"classes": 3, "names": IDS}),
        },
        6,
    )


def test_imagenet_is_found_in_the_folder_of_all_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_imagenet(tmp_path / "ILSVRC2012")
    monkeypatch.setenv("LZN_DATA", str(tmp_path))
    assert len(open_imagenet(ImagenetSettings(size=8), Path("/nowhere"))) == 12


def test_folders_that_are_not_imagenet_are_told(tmp_path: Path) -> None:
    def error(name: str, split: str = "train") -> str:
        return data_error_of(lambda: imagenet(tmp_path / name, split=split), tmp_path)

    def missing(split: str) -> str:
        return (
            f"LZN501 ImageNet: no folder `{split}` in `DIR/none`; unpack "
            f"ILSVRC2012_img_{split}.tar into it, a sub-folder for each class, and name the "
            "folder of `train` and `val` by `root:` or the parent of a folder `imagenet` by the "
            "variable LZN_DATA"
        )

    assert error("none") == missing("train")
    (tmp_path / "none").mkdir()
    assert error("none", "test") == missing("val")
    write_class_folders(tmp_path / "pets" / "train", {"n01440764": 1, "cat": 1})
    assert error("pets") == (
        "LZN506 the folder `DIR/pets/train` has a class that is no WordNet id: `cat` "
        "(`image_folder` reads classes of any name)"
    )
    write_imagenet(tmp_path / "part")
    write_class_folders(tmp_path / "part" / "val" / "..", {"train/n00000001": 1})
    for split in ("train", "test"):
        assert error("part", split) == (
            "LZN506 the folders `train` and `val` of `DIR/part` have other classes: `n00000001` "
            "is in one alone"
        )
    write_imagenet(tmp_path / "flat")
    (tmp_path / "flat" / "val").rename(tmp_path / "flat" / "old")
    (tmp_path / "flat" / "old" / IDS[0]).rename(tmp_path / "flat" / "val")
    assert error("flat", "test").startswith(
        "LZN506 the folder `DIR/flat/val` has no class folders; 2 pictures lie directly in it "
    )
