"""This machine as the model sees a processor: its measured rates in place of peaks and shares."""

from dataclasses import replace

import torch

from lzn_runtime.benchmarks.latent.timing import draw, product_rate
from lzn_runtime.benchmarks.scaling.clock import CLOCK, best
from lzn_runtime.benchmarks.scaling.hardware import Assumptions, Processor

_PASS = 1 << 24
"""Numbers of the tensor that passes are measured on: larger than caches."""
_RUNS = 5
_OPERATIONS = 200


def this_machine(assumed: Assumptions) -> tuple[Processor, Assumptions]:
    """Measure the rate of products, of passes over memory, and the time to start an operation.

    Shares are 1, as these rates are reached.
    """
    rate = product_rate(1024, 256, CLOCK)
    processor = Processor(
        name=f"this machine, {torch.get_num_threads()} threads",
        convolution_rate=rate,
        convolution_share=1.0,
        product_rate=rate,
        product_share=1.0,
        bandwidth=_bandwidth(),
        memory=0.0,
        source="measured: (1024, 1024) @ (1024, 256), and y = 2 x into fresh memory",
        queues=False,
    )
    return processor, replace(assumed, bandwidth_share=1.0, launch=_launch())


def _bandwidth() -> float:
    """Bytes/s read and written by a product with a number, whose result is a fresh tensor."""
    x = draw(_PASS, seed=0)
    return 2 * 4 * _PASS / best(_RUNS, lambda: x * 2.0)


def _launch() -> float:
    """Seconds of an operation on one number."""
    x = torch.ones(1)

    def some() -> None:
        for _ in range(_OPERATIONS):
            x.mul_(1.0)

    return best(_RUNS, some) / _OPERATIONS
