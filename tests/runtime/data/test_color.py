from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional

from lzn_dsl.registry.builtin.augmentations import GraySettings, JitterSettings
from lzn_runtime.data.color import (
    brighten,
    change_contrast,
    luma,
    make_gray,
    make_jitter,
    saturate,
    solarize,
    turn_hue,
)

Change = Callable[[Tensor, Tensor], Tensor]
CHANGES: dict[str, tuple[Change, Callable[[Tensor, float], Tensor], list[float]]] = {
    "brightness": (brighten, functional.adjust_brightness, [0, 0.6, 1, 1.4]),
    "contrast": (change_contrast, functional.adjust_contrast, [0, 0.6, 1, 1.4]),
    "saturation": (saturate, functional.adjust_saturation, [0, 0.6, 1, 1.4]),
    "hue": (turn_hue, functional.adjust_hue, [-0.5, -0.1, 0, 0.27]),
}


def colours(count: int, channels: int = 3) -> Tensor:
    """Pictures of all colours; some pixels are grey, black, white or of equal channels."""
    rng = torch.Generator().manual_seed(0)
    pixels = torch.rand(count, channels, 6, 5, generator=rng, dtype=torch.float64)
    pixels[:, :, 0] = (pixels[:, :, 0] * 2).round()
    pixels[:, :, 1] = pixels[:, :1, 1]
    return pixels.clamp(0, 1)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_colour_is_that_of_torchvision(name: str) -> None:
    ours, theirs, factors = CHANGES[name]
    pixels = colours(len(factors))
    changed = ours(pixels, torch.tensor(factors, dtype=torch.float64))
    for picture, got, factor in zip(pixels, changed, factors, strict=True):
        exact = 1e-9 if name != "hue" else 2e-6  # torchvision turns hues in float32
        torch.testing.assert_close(got, theirs(picture, factor), rtol=0, atol=exact)


@pytest.mark.parametrize("name", ["brightness", "contrast"])
def test_one_channel_is_changed_as_by_torchvision(name: str) -> None:
    ours, theirs, factors = CHANGES[name]
    pixels = colours(len(factors), 1)
    changed = ours(pixels, torch.tensor(factors, dtype=torch.float64))
    for picture, got, factor in zip(pixels, changed, factors, strict=True):
        torch.testing.assert_close(got, theirs(picture, factor), rtol=0, atol=1e-9)


def test_gray_and_solarize_are_those_of_torchvision() -> None:
    pixels = colours(4)
    torch.testing.assert_close(luma(pixels), functional.rgb_to_grayscale(pixels))
    torch.testing.assert_close(solarize(pixels, 0.3), functional.solarize(pixels, 0.3))
    every = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    assert torch.equal(solarize(every, 0.5), functional.solarize(every, 128))


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_pictures_without_three_channels_have_no_colour_to_change(channels: int) -> None:
    images = (colours(30, channels) * 255).to(torch.uint8)
    index = torch.arange(30)
    settings = JitterSettings(brightness=0, contrast=0, probability=1)
    assert torch.equal(make_jitter(settings)(images, 1, index), images)
    assert torch.equal(make_gray(GraySettings(probability=1))(images, 1, index), images)


def test_jitter_changes_brightness_contrast_saturation_and_hue_in_this_order() -> None:
    pixels, index = colours(200), torch.arange(200)
    changed = make_jitter(JitterSettings(probability=1))(pixels, 1, index)
    found = 0
    for name in CHANGES:  # without one of the four, the others change as they did
        rest = {other: 0.4 if other != "hue" else 0.1 for other in CHANGES} | {name: 0.0}
        without = make_jitter(JitterSettings.model_validate({**rest, "probability": 1}))
        found += int((without(pixels, 1, index) != changed).flatten(1).any(1).sum() > 190)
    assert found == len(CHANGES)
    black = torch.zeros(200, 3, 2, 2)
    white = torch.ones(200, 3, 2, 2)
    assert not make_jitter(JitterSettings(probability=1))(black, 1, index).any()
    shades = make_jitter(JitterSettings(probability=1))(white, 1, index).amax((1, 2, 3))
    assert shades.min() > 0.59  # the least factor of brightness is 0.6


def test_factors_are_spread_evenly_over_their_range() -> None:
    pixels, index = torch.full((4000, 1, 1, 1), 0.5), torch.arange(4000)
    bright = make_jitter(JitterSettings(brightness=0.4, contrast=0, probability=1))
    factors = bright(pixels, 2, index).flatten() / 0.5
    assert 0.6 <= factors.min() < 0.605
    assert 1.395 < factors.max() <= 1.4
    assert abs(factors.mean() - 1) < 0.02
    assert abs(factors.std() - 0.8 / 12**0.5) < 0.01
    dark = make_jitter(JitterSettings(brightness=3, contrast=0, probability=1))
    assert dark(pixels, 2, index).min() < 0.01  # factors are never below zero
