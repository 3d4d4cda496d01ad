import io
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from helpers.data_errors import data_error_of
from helpers.data_files import write_lmdb
from lzn_dsl.registry.builtin.picture_datasets import LsunSettings, describe_lsun
from lzn_dsl.registry.entry import Column, DatasetInfo
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.data.lsun import open_lsun
from lzn_runtime.data.pictures import Pictures


def lsun(root: Path, **settings: Any) -> Pictures:
    values = {"root": str(root), "size": 8, **settings}
    return open_lsun(LsunSettings.model_validate(values), Path("/nowhere"))


def picture(shade: int, kind: str = "WEBP", size: tuple[int, int] = (20, 12)) -> bytes:
    buffer = io.BytesIO()
    options = {"lossless": True} if kind == "WEBP" else {"quality": 95}
    Image.new("RGB", size, (shade, 100, 200)).save(buffer, kind, **options)
    return buffer.getvalue()


def write_bedrooms(root: Path, pictures: list[bytes], *, split: str = "train") -> Path:
    records = {b"%04d" % i: content for i, content in enumerate(pictures)}
    return write_lmdb(root / f"bedroom_{split}_lmdb", records)


def test_pictures_are_read_by_number_in_the_order_of_their_keys(tmp_path: Path) -> None:
    write_bedrooms(tmp_path, [picture(i) for i in range(150)])
    write_bedrooms(tmp_path, [picture(7, "JPEG")], split="val")
    data = lsun(tmp_path)
    assert isinstance(data, Dataset)
    assert len(data) == 150
    batch = data.__getitems__([149, 0, 3])
    assert list(batch) == ["image"]
    assert batch["image"].shape == (3, 3, 8, 8)
    assert batch["image"].dtype == torch.uint8
    assert batch["image"][:, 0, 4, 4].tolist() == [149, 0, 3]
    assert data.labels("label") is None
    assert len(lsun(tmp_path, limit=20)) == 20
    assert abs(int(lsun(tmp_path, split="test").__getitems__([0])["image"][0, 0, 4, 4]) - 7) <= 2
    assert lsun(tmp_path, channels=1).__getitems__([0])["image"].shape == (1, 1, 8, 8)


def test_lsun_is_described_by_the_head_of_its_file(tmp_path: Path) -> None:
    write_bedrooms(tmp_path, [b"no picture"] * 12)
    facts = {"image": Column("image", {"height": 64, "width": 64, "channels": 3})}
    settings = LsunSettings(root=".", size=64)
    assert describe_lsun(settings, tmp_path) == DatasetInfo(facts, 12)
    few = LsunSettings(root=".", size=64, limit=5)
    assert describe_lsun(few, tmp_path).num_samples == 5


def test_missing_files_of_lsun_are_told(tmp_path: Path) -> None:
    assert data_error_of(lambda: lsun(tmp_path / "x"), tmp_path) == (
        "LZN501 there is no folder `DIR/x`"
    )
    write_bedrooms(tmp_path, [picture(0)])
    error = data_error_of(lambda: lsun(tmp_path, category="tower", split="test"), tmp_path)
    assert error == (
        "LZN501 LSUN: no tower_val_lmdb/data.mdb in `DIR`; unpack tower_val_lmdb.zip and name the "
        "folder that holds it by `root:` or the parent of a folder `lsun` by the variable LZN_DATA"
    )


def test_lsun_is_found_in_the_folder_of_all_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bedrooms(tmp_path / "lsun", [picture(0)])
    monkeypatch.setenv("LZN_DATA", str(tmp_path))
    assert len(open_lsun(LsunSettings(size=8), Path("/nowhere"))) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"<html>", "is HTML, XML or SVG, not a picture"),
        (picture(3, "JPEG", (400, 400))[:-300], "is damaged: image file is truncated"),
        (picture(1, size=(40, 40)), "has 40 x 40 pixels, more than the 1000 allowed"),
    ],
)
def test_broken_pictures_are_named_by_their_key(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    write_bedrooms(tmp_path, [*[picture(i) for i in range(3)], content, picture(9)])
    pixels = 1000 if "pixels" in reason else 10**6
    error = data_error_of(lambda: lsun(tmp_path, max_pixels=pixels).__getitems__([3]), tmp_path)
    start = "LZN507 the picture `0003` of `DIR/bedroom_train_lmdb/data.mdb` "
    assert error.startswith(f"{start}{reason}")
    skipping = lsun(tmp_path, max_pixels=pixels, on_error="skip")
    assert skipping.__getitems__([3])["image"][0, 0, 4, 4] == 9


def test_a_reader_can_be_handed_to_another_process(tmp_path: Path) -> None:
    write_bedrooms(tmp_path, [picture(i) for i in range(30)])
    data = lsun(tmp_path)
    data.__getitems__([0])
    copy = pickle.loads(pickle.dumps(data))
    assert torch.equal(copy.__getitems__([29, 4])["image"], data.__getitems__([29, 4])["image"])
    assert copy.fingerprint == data.fingerprint != lsun(tmp_path, limit=3).fingerprint
