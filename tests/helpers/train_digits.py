"""A training of its own process, for tests that kill it: `train_digits.py FOLDER STEPS`."""

import sys
from pathlib import Path

import torch

from helpers.plans import digits_plan
from helpers.runs import Recorder, run
from lzn_dsl.diagnostics.diagnostic import LznError
from lzn_runtime.training.observer import StepReport
from lzn_runtime.training.signals import Interrupted


def main(folder: str, steps: str) -> int:
    torch.set_num_threads(1)

    def say(report: StepReport) -> None:
        sys.stdout.write(f"{report.step}\n")
        sys.stdout.flush()

    train = {"steps": int(steps), "batch": 16, "checkpoint_every": 3}
    try:
        run(digits_plan(train, augment=True, tasks=["name"]), Path(folder), Recorder(during=say))
    except Interrupted as stop:
        return stop.exit_code
    except LznError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
