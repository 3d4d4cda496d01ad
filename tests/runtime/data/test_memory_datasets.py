import importlib
from typing import Any

import pytest
import torch

from lzn_dsl.registry.builtin.augmentations import ENTRIES as AUGMENTATIONS
from lzn_dsl.registry.builtin.datasets import ENTRIES as DATASETS
from lzn_runtime.data.dataset import Dataset, InMemoryDataset


@pytest.mark.parametrize("entry", [*DATASETS, *AUGMENTATIONS], ids=lambda entry: entry.name)
def test_factories_of_the_entries_are_there(entry: Any) -> None:
    module, _, attribute = entry.factory.partition(":")
    assert callable(getattr(importlib.import_module(module), attribute))


def test_in_memory_data_are_picked_by_number() -> None:
    images = torch.arange(12, dtype=torch.uint8).view(3, 1, 2, 2)
    data = InMemoryDataset({"image": images, "label": torch.tensor([5, 6, 7])})
    assert isinstance(data, Dataset)
    assert len(data) == 3
    batch = data.__getitems__([2, 0, 2])
    assert torch.equal(batch["image"], images[[2, 0, 2]])
    assert batch["label"].tolist() == [7, 5, 7]
    labels = data.labels("label")
    assert labels is not None
    assert labels.tolist() == [5, 6, 7]
    assert data.labels("image") is None
    assert data.labels("nothing") is None


def test_a_fingerprint_is_of_names_shapes_and_values() -> None:
    def mark(**columns: torch.Tensor) -> str:
        return InMemoryDataset(columns).fingerprint

    a, b = torch.zeros(4, dtype=torch.int64), torch.ones(4, 1)
    marks = [
        mark(a=a),
        mark(b=a),
        mark(a=a.to(torch.int32)),
        mark(a=a.view(2, 2)),
        mark(a=a + 1),
        mark(a=a, b=b),
    ]
    assert len(set(marks)) == len(marks)
    assert mark(b=b, a=a) == mark(a=a.clone(), b=b.clone())
    assert mark(a=torch.arange(6).view(2, 3).T) == mark(a=torch.arange(6).view(2, 3).T.contiguous())


def test_columns_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match=r"one length, got \{'a': 2, 'b': 3\}"):
        InMemoryDataset({"a": torch.zeros(2), "b": torch.zeros(3)})
