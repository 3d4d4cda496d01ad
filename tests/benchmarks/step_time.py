"""Where the time of a training step goes, in milliseconds.

    GOMP_SPINCOUNT=1000 python tests/benchmarks/step_time.py specs/digits.lzn

Prints the forward and the backward pass, each a mean of 20 steps after 5.
"""

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path

import torch

from lzn_dsl.spec import load
from lzn_runtime.compile.model import build_model
from lzn_runtime.compile.parts import make_augment, open_dataset
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.data.batches import BatchLoader

WARM_UP, STEPS = 5, 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("spec", type=Path)
    spec = load(parser.parse_args().spec)
    plan = spec.plan()
    model = build_model(plan, spec.registry, device=torch.device("cpu")).train()
    compute = TrainingStep(plan, model, make_augment(plan, spec.registry))
    loader = BatchLoader(
        open_dataset(plan.dataset(plan.train.on), spec.registry, spec.folder),
        seed=plan.train.seed,
        batch=plan.train.batch,
        start_step=0,
        stop_step=WARM_UP + STEPS,
        num_workers=0,
    )
    spent: dict[str, float] = defaultdict(float)
    for batch in loader:
        start = time.perf_counter()
        losses = compute(batch.columns, batch.indices, batch.step)
        middle = time.perf_counter()
        torch.autograd.backward(losses.total)
        if batch.step >= WARM_UP:
            spent["forward"] += middle - start
            spent["backward"] += time.perf_counter() - middle
    times = {part: round(1000 * seconds / STEPS, 1) for part, seconds in spent.items()}
    print(json.dumps({**times, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main()
