"""How much forward and backward raise the peak memory of a process, run as a program.

Arguments: size, dim, steps, threads. Prints megabytes (10^6 bytes).
"""

import resource
import sys

import torch

from lzn_runtime.benchmarks.latent.timing import by, draw, forward_backward
from lzn_runtime.latent import LocalizationPEC


def main(size: int, dim: int, steps: int, threads: int) -> None:
    """Measure after a small run that loads the libraries."""
    torch.set_num_threads(threads)
    warm = draw(64, dim, seed=3)
    forward_backward(by(LocalizationPEC(2)), warm, warm)
    anchors, noise = draw(size, dim, seed=3), draw(size, dim, seed=4)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    forward_backward(by(LocalizationPEC(steps)), anchors, noise)
    unit = 1 if sys.platform == "darwin" else 1024
    risen = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit
    sys.stdout.write(f"{risen / 1e6}\n")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
