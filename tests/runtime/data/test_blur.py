import pytest
import torch
from torch import Tensor
from torchvision.transforms.v2.functional import gaussian_blur

from lzn_dsl.registry.builtin.augmentations import BlurSettings
from lzn_runtime.data.blur import blur, make_blur

SIGMAS = [0.1, 0.5, 1.3, 2.0]


def pictures(count: int, channels: int, size: tuple[int, int]) -> Tensor:
    rng = torch.Generator().manual_seed(0)
    return torch.rand(count, channels, *size, generator=rng, dtype=torch.float64)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_blur_is_that_of_torchvision(channels: int) -> None:
    pixels = pictures(len(SIGMAS), channels, (9, 12))
    blurred = blur(pixels, torch.tensor(SIGMAS, dtype=torch.float64), radius=6)
    for picture, got, sigma in zip(pixels, blurred, SIGMAS, strict=True):
        want = gaussian_blur(picture, kernel_size=[13, 13], sigma=[sigma, sigma])
        torch.testing.assert_close(got, want, rtol=0, atol=1e-9)


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (2, 2), (3, 4)])
def test_pictures_smaller_than_the_radius_are_mirrored_again(size: tuple[int, int]) -> None:
    pixels = pictures(2, 1, size)
    wide = pixels
    for dim, length in ((2, size[0]), (3, size[1])):
        middle = wide.narrow(dim, 1, max(length - 2, 0)) if length > 1 else wide
        once = torch.cat((wide, middle.flip(dim)), dim) if length > 1 else wide
        period = once.shape[dim]
        wide = torch.cat([once] * (2 * (12 // period) + 3), dim)
    start = [((12 // max(1, 2 * (n - 1))) + 1) * max(1, 2 * (n - 1)) for n in size]
    sigma = torch.tensor([1.0, 2.0], dtype=torch.float64)
    far = blur(wide, sigma, radius=6)
    want = far[:, :, start[0] : start[0] + size[0], start[1] : start[1] + size[1]]
    torch.testing.assert_close(blur(pixels, sigma, radius=6), want)


def test_widths_are_spread_evenly_over_their_range() -> None:
    spot = torch.zeros(3000, 1, 21, 21, dtype=torch.float64)
    spot[:, :, 10, 10] = 1
    blurred = make_blur(BlurSettings(sigma=[0.5, 2.0], probability=1))(spot, 1, torch.arange(3000))
    offsets = torch.arange(-10, 11, dtype=torch.float64)
    spread = (blurred.sum((1, 3)) * offsets.square()).sum(1).sqrt()  # the standard deviation
    assert 0.45 < spread.min() < 0.55
    assert 1.9 < spread.max() < 2.0
    assert abs(spread.mean() - 1.25) < 0.04
    torch.testing.assert_close(blurred.sum((1, 2, 3)), torch.ones(3000, dtype=torch.float64))
