from pathlib import Path

import pytest
import torch
from PIL import Image

from helpers.paper_networks import FOLDER
from lzn_runtime.convert.convert import Converted, convert


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 24 pictures."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = torch.Generator().manual_seed(0)
    for number in range(24):
        pixels = torch.randint(256, (8, 8, 3), generator=rng, dtype=torch.uint8)
        Image.fromarray(pixels.numpy()).save(folder / f"{number:02}.png")
    return folder


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Converted:
    """The published writer's tiny checkpoint as a run folder, with support. Do not change it."""
    out = tmp_path_factory.mktemp("converted") / "tiny"
    return convert(FOLDER / "checkpoint_tiny.pt", out, support=str(pictures))
