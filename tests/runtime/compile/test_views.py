from collections.abc import Sequence

import torch
from torch import Tensor

from helpers.plans import component, digits_plan, registry
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.settings import Component
from lzn_runtime.compile.parts import make_augment, make_view

IMAGES = torch.randint(
    0, 256, (300, 1, 8, 8), generator=torch.Generator().manual_seed(0), dtype=torch.uint8
)
INDEX = torch.arange(300)
CROP = (component(Kind.AUGMENTATION, "crop"),)
FLIP = (component(Kind.AUGMENTATION, "flip"),)


def view(
    parts: Sequence[Component], number: int = 0, *, seed: int = 0, purpose: str = "x", step: int = 3
) -> Tensor:
    return make_view(parts, registry(), seed, purpose, number)(IMAGES, step, INDEX)


def test_views_differ_by_number_seed_purpose_and_step() -> None:
    views = [
        view(CROP),
        view(CROP, 1),
        view(CROP, 2),
        view(CROP, seed=1),
        view(CROP, purpose="y"),
        view(CROP, step=4),
    ]
    assert torch.equal(view(CROP), views[0])
    for place, one in enumerate(views):
        for other in views[:place]:
            assert (one != other).flatten(1).any(1).double().mean() > 0.95


def test_two_views_of_a_picture_are_independent() -> None:
    first, second = ((view(FLIP, number) != IMAGES).flatten(1).any(1) for number in (0, 1))
    both = (first & second).double().mean()
    assert abs(both - 0.25) < 0.08  # standard error: 0.025
    assert not torch.equal(first, second)


def test_the_first_view_is_what_the_training_augments_to() -> None:
    plan = digits_plan({"seed": 5}, augment=True)
    change = make_augment(plan, registry())
    assert change is not None
    parts = plan.train.augment
    expected = view(parts, seed=5, purpose="augment image")
    assert torch.equal(change("image", IMAGES, 3, INDEX), expected)
    assert torch.equal(change("label", INDEX, 3, INDEX), INDEX)
    assert make_augment(digits_plan(), registry()) is None


def test_without_augmentations_a_view_is_the_pictures_themselves() -> None:
    assert torch.equal(view(()), IMAGES)
