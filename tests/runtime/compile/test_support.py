"""The support: which samples, and that it is no part of the weights."""

from pathlib import Path

import pytest
import torch

from helpers.plans import digits_plan, registry
from lzn_runtime.compile.model import build_model
from lzn_runtime.compile.parts import open_dataset
from lzn_runtime.compile.support import choose_support, fill_support

LABELS = torch.tensor([0] * 50 + [1] * 30 + [3] * 4)


@pytest.mark.parametrize(
    ("size", "want"),
    [(12, [4, 4, 4]), (3, [1, 1, 1]), (24, [10, 10, 4]), (84, [50, 30, 4]), (999, [50, 30, 4])],
)
def test_classes_take_turns(size: int, want: list[int]) -> None:
    chosen = choose_support(size, len(LABELS), LABELS, seed=0)
    assert len(set(chosen.tolist())) == min(size, len(LABELS))
    counts = torch.bincount(LABELS[chosen], minlength=4)
    assert counts[[0, 1, 3]].tolist() == want


def test_a_number_that_is_no_multiple_of_the_classes_differs_by_one() -> None:
    counts = torch.bincount(LABELS[choose_support(11, len(LABELS), LABELS, seed=1)], minlength=4)
    assert sorted(counts[[0, 1, 3]].tolist()) == [3, 4, 4]


def test_the_seed_chooses() -> None:
    first = choose_support(20, 84, LABELS, seed=0)
    assert torch.equal(first, choose_support(20, 84, LABELS, seed=0))
    assert not torch.equal(first, choose_support(20, 84, LABELS, seed=1))


def test_without_labels_any_samples_are_chosen_once() -> None:
    assert sorted(choose_support(84, 84, None, seed=0).tolist()) == list(range(84))
    assert len(choose_support(5, 84, None, seed=0)) == 5
    assert len(choose_support(0, 84, LABELS, seed=0)) == 0


def test_support_is_the_anchors_of_its_samples_and_no_part_of_the_state() -> None:
    plan = digits_plan()
    model = build_model(plan, registry(), device=torch.device("cpu"))
    names = set(model.state_dict())
    dataset = open_dataset(plan.datasets[0], registry(), Path())
    indices = torch.tensor([5, 3, 900])
    fill_support(model, plan, dataset, indices)
    support = model.support("image")
    assert support is not None
    image = model.modality("image")
    samples = image.to_model(dataset.__getitems__(indices.tolist())["image"])
    with torch.no_grad():
        torch.testing.assert_close(support, image.encoder(samples))
    assert model.support("label") is None
    assert list(model.supports()) == ["image"]
    assert set(model.state_dict()) == names
    fill_support(model, plan, dataset, indices[:0])
    assert model.support("image") is None
