import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from helpers.data_errors import data_error_of
from lzn_dsl.datafiles.digits import CLASS_COUNTS
from lzn_dsl.registry.builtin.datasets import DigitsSettings
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.data.digits import open_digits


def digits(**settings: Any) -> InMemoryDataset:
    return open_digits(DigitsSettings(**settings), Path("/nowhere"))


def columns(data: InMemoryDataset) -> dict[str, torch.Tensor]:
    return data.__getitems__(list(range(len(data))))


@pytest.mark.filterwarnings("ignore")
def test_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    assert tuple(np.bincount(bunch.target)) == CLASS_COUNTS
    expected = torch.tensor(bunch.images * 255 / 16).add(0.5).floor().to(torch.uint8)
    train, test = columns(digits()), columns(digits(split="test"))
    assert train["image"].shape == (1437, 1, 8, 8)
    assert test["image"].shape == (360, 1, 8, 8)
    assert train["image"].dtype == torch.uint8
    both = torch.cat((train["image"], test["image"]))
    assert both.max() == 255
    assert sorted(both.view(-1, 64).tolist()) == sorted(expected.view(-1, 64).tolist())
    pairs = {
        bytes(i.flatten().tolist()): int(t) for i, t in zip(expected, bunch.target, strict=True)
    }
    for part in (train, test):
        rows = part["image"].view(-1, 64).tolist()
        assert [pairs[bytes(row)] for row in rows] == part["label"].tolist()


def test_held_out_digits_are_balanced_and_always_the_same() -> None:
    test = digits(split="test")
    assert columns(test)["label"].bincount().tolist() == [36, 37, 35, 37, 36, 36, 36, 36, 35, 36]
    assert test.fingerprint == digits(split="test").fingerprint
    assert test.fingerprint == "aeabebb756e2055bf21d58728617fc3b"
    assert digits(split="test", split_seed=1).fingerprint != test.fingerprint
    half = [len(digits(split=split, holdout=0.5)) for split in ("train", "test")]
    assert half == [898, 899]


def test_missing_and_changed_digits_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lzn_runtime.data.digits.find_digits", lambda: tmp_path / "d.csv.gz")
    for content, reason in (
        (b"", "shape '[1797, 65]' is invalid for input of size 0"),
        (b"1,2,3", "Not a gzipped file (b'1,')"),
        (gzip.compress(b"1,2,3", mtime=0), "shape '[1797, 65]' is invalid for input of size 3"),
        (gzip.compress(b"1,x", mtime=0), "invalid literal for int() with base 10: 'x'"),
    ):
        (tmp_path / "d.csv.gz").write_bytes(content)
        assert data_error_of(digits, tmp_path) == (
            f"LZN503 the file `DIR/d.csv.gz` is not the one that comes with scikit-learn: {reason}"
        )
    monkeypatch.setattr("lzn_runtime.data.digits.find_digits", lambda: None)
    monkeypatch.setattr("lzn_dsl.datafiles.digits.find_spec", lambda name: None)
    assert data_error_of(digits, tmp_path) == (
        "LZN501 scikit-learn's file datasets/data/digits.csv.gz; pip install scikit-learn"
    )
