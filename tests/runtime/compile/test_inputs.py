"""What people may give to a task, and what they are told where it is wrong."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from helpers.plans import digits_plan
from lzn_runtime.compile.inputs import to_column

LABEL = digits_plan().modality("label")
IMAGE = digits_plan().modality("image")
COLOUR = IMAGE.model_copy(update={"sample": {"height": 2, "width": 4, "channels": 3}})
UNNAMED = LABEL.model_copy(update={"names": ()})
BYTES = torch.arange(64, dtype=torch.uint8).view(8, 8)


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (3, [3]),
        ("three", [3]),
        ([3, "one", np.int64(0)], [3, 1, 0]),
        ((9,), [9]),
        (range(2), [0, 1]),
        (torch.tensor(4), [4]),
        (torch.tensor([4, 5]), [4, 5]),
        (np.array([6, 7], dtype=np.uint8), [6, 7]),
        (np.array(["six", "one"]), [6, 1]),
    ],
)
def test_labels_are_names_or_numbers(value: Any, want: list[int]) -> None:
    column = to_column(value, LABEL)
    assert (column.dtype, column.tolist()) == (torch.int64, want)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("tree", "`tree` is no class of `label`; did you mean `three`? (classes: `zero`, `one`"),
        ("3", "`3` is no class of `label`"),
        (10, "classes of `label` are 0 to 9, got 10"),
        (-1, "classes of `label` are 0 to 9, got -1"),
        (2.0, "a name or a whole number, got 2.0"),
        (True, "a name or a whole number, got True"),
        (None, "a name or a whole number, got None"),
        (torch.tensor([0.5]), "a name or a whole number, got 0.5"),
        ([[1]], "a name or a whole number, got [1]"),
        ([], "needs at least one class"),
    ],
)
def test_wrong_labels_are_refused(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        to_column(value, LABEL)


def test_classes_without_names_may_be_written_as_numbers() -> None:
    assert to_column(["3", 4], UNNAMED).tolist() == [3, 4]
    with pytest.raises(ValueError, match="have no names: 0 to 9, got `three`"):
        to_column("three", UNNAMED)


@pytest.mark.parametrize(
    "value",
    [
        BYTES,
        BYTES[None],
        BYTES[None, None],
        BYTES.numpy(),
        BYTES[:, :, None].numpy(),
        BYTES.numpy()[None, :, :, None],
        [BYTES.numpy()],
        (BYTES.float() / 255),
        (BYTES.double() / 255).numpy(),
        Image.fromarray(BYTES.numpy()),
        [Image.fromarray(BYTES.numpy()).convert("RGB")],
    ],
)
def test_grey_images_come_in_many_forms(value: Any) -> None:
    column = to_column(value, IMAGE)
    assert (column.dtype, column.shape) == (torch.uint8, (1, 1, 8, 8))
    assert torch.equal(column[0, 0], BYTES)


def test_colour_arrays_may_have_channels_last() -> None:
    first = torch.arange(24, dtype=torch.uint8).view(3, 2, 4)
    last = first.permute(1, 2, 0).numpy()
    for value in (first, last, [last], np.stack([last]), Image.fromarray(last.copy())):
        assert torch.equal(to_column(value, COLOUR), first[None])


def test_batches_and_lists_are_joined() -> None:
    assert to_column([BYTES, BYTES.numpy(), BYTES.float() / 255], IMAGE).shape == (3, 1, 8, 8)
    assert to_column(torch.stack([BYTES, BYTES]), IMAGE).shape == (2, 1, 8, 8)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (torch.zeros(1, 9, 8), "shape (1, 8, 8) or a batch of such, got (1, 9, 8)"),
        (torch.zeros(3, 8, 9), "must have 1 channels, height 8 and width 8"),
        (torch.zeros(2, 2, 1, 8, 8), "got (2, 2, 1, 8, 8)"),
        (torch.zeros(3, 3, 8, 8), "got (3, 3, 8, 8)"),
        (torch.zeros(0, 1, 8, 8), "needs at least one image"),
        ([], "needs at least one image"),
        (torch.full((8, 8), 1.5), "must be in 0 to 1, got 1.5 to 1.5"),
        (torch.full((8, 8), -0.1), "must be in 0 to 1"),
        (torch.full((8, 8), torch.nan), "must be in 0 to 1, got nan to nan"),
        (torch.zeros(8, 8, dtype=torch.int64), "got torch.int64"),
        (np.zeros((8, 8), dtype=complex), "must be uint8 in 0 to 255 or floating"),
        (np.array([["a"]]), "is no image"),
        ("picture.png", "a PIL image or a list of them, got str"),
        (Image.new("L", (9, 8)), "must have 1 channels, height 8 and width 8"),
    ],
)
def test_wrong_images_are_refused(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        to_column(value, IMAGE)


def test_images_of_odd_channels_are_tensors_only() -> None:
    odd = IMAGE.model_copy(update={"sample": {"height": 8, "width": 8, "channels": 2}})
    with pytest.raises(ValueError, match="has 2 channels: give tensors"):
        to_column(Image.new("L", (8, 8)), odd)
    assert to_column(torch.zeros(2, 8, 8), odd).shape == (1, 2, 8, 8)
