"""A plan that needs too much memory is refused before anything is allocated."""

import time
from pathlib import Path

import pytest
import torch

from lzn_dsl.diagnostics.diagnostic import TrainingError
from lzn_dsl.spec import load
from lzn_runtime.training.memory import check_memory, total_memory

HUGE = """
modality image = image(encoder: conv(widths: [4096, 4096]), decoder: flow(unet(width: 1024)))
task draw = generate image from label
train { batch: 1_400, steps: 10_000_000 }
"""


def test_a_huge_program_is_refused_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    spec = load(HUGE)
    start = time.process_time()
    with pytest.raises(TrainingError) as caught:
        spec.run(tmp_path / "run", memory=10**10)
    assert time.process_time() - start < 5
    [found] = caught.value.diagnostics
    assert found.code == "LZN606"
    assert found.summary.endswith("GB of memory, and 10 GB are allowed")
    assert not (tmp_path / "run").exists()


def test_the_limit_decides_and_is_in_bytes() -> None:
    plan = load("generate image from label").plan()
    check_memory(plan, torch.device("cpu"), plan.cost.memory)
    with pytest.raises(TrainingError, match="are allowed"):
        check_memory(plan, torch.device("cpu"), plan.cost.memory - 1)


def test_memory_of_this_machine_is_known() -> None:
    assert 10**8 < total_memory(torch.device("cpu")) < 10**14
