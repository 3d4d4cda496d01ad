"""Bit for bit the same with several threads: as production runs, without the tests' own setting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from helpers.runs import digest, run
from lzn_dsl.spec import load

# So many numbers in a batch of latents that torch adds their gradients with several threads.
PROGRAM = """
space gaussian(dim: 128)
modality image = image(encoder: conv(widths: [8, 8]), decoder: flow(unet(width: 8)))
task draw = generate image from label
learn decode image { samples: 16 }
train { steps: 2, batch: 512, support: 0, solver_steps: 4 }
"""


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(False)
    yield
    torch.set_num_threads(before)


def test_two_threads_give_the_same_bits_every_time(two_threads: None, tmp_path: Path) -> None:
    plan = load(PROGRAM).plan()
    assert plan.train.batch * plan.dim > 2**15
    digests = set()
    for name in ("a", "b", "c"):
        run(plan, tmp_path / name)
        digests.add(digest(tmp_path / name, 2))
    assert len(digests) == 1
