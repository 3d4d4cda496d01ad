import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from helpers.data_files import write_cifar_pickles, write_idx_pair
from lzn_dsl.datafiles.digits import CLASS_COUNTS
from lzn_dsl.datafiles.split import held_out, share_out
from lzn_dsl.registry.builtin import augmentations, datasets, picture_datasets
from lzn_dsl.registry.builtin.augmentations import (
    BlurSettings,
    CropSettings,
    FlipSettings,
    JitterSettings,
    ShiftSettings,
)
from lzn_dsl.registry.builtin.datasets import (
    CifarSettings,
    DigitsSettings,
    IdxSettings,
    describe_cifar10,
    describe_digits,
    describe_fashion_mnist,
    describe_mnist,
)
from lzn_dsl.registry.builtin.picture_datasets import ImageFolderSettings
from lzn_dsl.registry.entry import Column, DatasetInfo, Kind


def test_entries_are_of_one_kind_and_can_be_described() -> None:
    names = ["digits", "shapes", "fashion_mnist", "mnist", "cifar10"]
    assert [entry.name for entry in datasets.ENTRIES] == names
    pictures = ["image_folder", "imagenet", "lsun"]
    assert [entry.name for entry in picture_datasets.ENTRIES] == pictures
    both = (*datasets.ENTRIES, *picture_datasets.ENTRIES)
    assert all(e.kind is Kind.DATASET and e.describe for e in both)
    changes = ["shift", "flip", "crop", "jitter", "gray", "blur", "solarize"]
    assert [entry.name for entry in augmentations.ENTRIES] == changes
    assert all(e.kind is Kind.AUGMENTATION for e in augmentations.ENTRIES)


@pytest.mark.parametrize("family", [datasets, picture_datasets, augmentations])
def test_every_setting_has_a_description_and_two_sided_numbers(family: Any) -> None:
    for entry in family.ENTRIES:
        schema = entry.settings.model_json_schema()
        for name, field in schema["properties"].items():
            assert field["description"], name
            parts = [*field.get("anyOf", [field]), *([field["items"]] if "items" in field else [])]
            for part in parts:
                if part.get("type") in ("integer", "number") and "enum" not in part:
                    assert "minimum" in part, (entry.name, name)
                    assert "maximum" in part, (entry.name, name)
        assert set(entry.settings.positional) <= set(schema["properties"])


@pytest.mark.parametrize(
    "settings",
    [
        (DigitsSettings, {"split": "all"}),
        (DigitsSettings, {"holdout": 0}),
        (DigitsSettings, {"holdout": 1.0}),
        (IdxSettings, {"root": ""}),
        (IdxSettings, {"limit": 0}),
        (IdxSettings, {"size": 28}),
        (ImageFolderSettings, {"root": "x"}),
        (ImageFolderSettings, {"root": "x", "size": 0}),
        (ImageFolderSettings, {"root": "x", "size": 8, "channels": 4}),
        (ImageFolderSettings, {"root": "x", "size": 8, "max_pixels": 10**9}),
        (ShiftSettings, {}),
        (ShiftSettings, {"pixels": 0}),
        (FlipSettings, {"probability": 1.5}),
        (CropSettings, {"scale": 0}),
        (CropSettings, {"scale": True}),
        (CropSettings, {"scale": [0.5]}),
        (CropSettings, {"scale": [0.5, 0.4]}),
        (CropSettings, {"scale": [0.5, 1.1]}),
        (CropSettings, {"ratio": [1, 2, 3]}),
        (CropSettings, {"ratio": 1}),
        (BlurSettings, {"sigma": [0, 1]}),
        (JitterSettings, {"hue": 0.6}),
    ],
)
def test_settings_out_of_range_are_refused(settings: tuple[Any, dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        settings[0].model_validate(settings[1])


def test_one_number_is_the_least_share_of_a_crop() -> None:
    assert CropSettings.model_validate({"scale": 0.3}).scale == [0.3, 1]


def test_describing_imports_neither_torch_nor_numpy_nor_pillow(tmp_path: Path) -> None:
    write_idx_pair(tmp_path, [0, 1])
    write_cifar_pickles(tmp_path, [0, 1])
    code = """
import sys
from pathlib import Path
from lzn_dsl.registry.builtin import augmentations, datasets, picture_datasets
for entry in datasets.ENTRIES:
    entry.describe(entry.settings(), Path("."))
for entry in picture_datasets.ENTRIES:
    required = {"root": "src", "size": 8} if entry.name == "image_folder" else {"size": 8}
    entry.describe(entry.settings(**required), Path("."))
entry = next(e for e in datasets.ENTRIES if e.name == "cifar10")
print(entry.describe(entry.settings(root=sys.argv[1]), Path(".")).num_samples)
print(sorted({"torch", "numpy", "sklearn", "PIL", "networkx", "rich"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "10\n[]\n"


def test_describing_is_fast(tmp_path: Path) -> None:
    write_idx_pair(tmp_path, [0, 1])
    calls: list[Callable[[], DatasetInfo]] = [
        lambda: describe_digits(DigitsSettings(), tmp_path),
        lambda: describe_fashion_mnist(IdxSettings(root="."), tmp_path),
        lambda: describe_mnist(IdxSettings(), tmp_path),
        lambda: describe_cifar10(CifarSettings(), tmp_path),
    ]
    for call in calls:
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
        assert min(seconds) < 0.01


def test_largest_remainders() -> None:
    assert share_out([5, 3, 2], 5) == [3, 1, 1]
    assert share_out([1, 1, 1], 2) == [1, 1, 0]
    assert share_out([0, 4], 4) == [0, 4]
    assert share_out([], 0) == []
    assert share_out([7, 2], 0) == [0, 0]
    with pytest.raises(ValueError, match="total must be from 0 to 4, got 5"):
        share_out([1, 3], 5)


def test_held_out_share_is_taken_as_it_is_written() -> None:
    assert held_out([60, 60, 60], 0.2) == [12, 12, 12]  # 0.2 as a double is a little more
    assert held_out([10, 10], 0.01) == [1, 0]
    assert sum(held_out(CLASS_COUNTS, 0.2)) == 360


def test_digits_are_described(tmp_path: Path) -> None:
    facts = {"classes": 10, "names": list("0123456789")}
    expected = {
        "image": Column("image", {"height": 8, "width": 8, "channels": 1}),
        "label": Column("label", facts),
    }
    train = describe_digits(DigitsSettings(), tmp_path)
    test = describe_digits(DigitsSettings(split="test"), tmp_path)
    assert train == DatasetInfo(expected, 1437)
    assert test == DatasetInfo(expected, 360)


def test_digits_without_scikit_learn_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lzn_dsl.datafiles.digits.find_spec", lambda name: None)
    info = describe_digits(DigitsSettings(), tmp_path)
    assert info.missing == (
        "scikit-learn's file datasets/data/digits.csv.gz; pip install scikit-learn"
    )
