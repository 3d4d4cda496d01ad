"""How much forward and backward raise the peak memory of a process, run as a program.

Arguments: size, dim, steps, threads. Prints megabytes (10^6 bytes).
"""

import resource
import sys
from pathlib import Path

import torch

from lzn_runtime.benchmarks.latent.timing import by, draw, forward_backward
from lzn_runtime.latent import LocalizationPEC


def main(size: int, dim: int, steps: int, threads: int) -> None:
    """Measure after a small run that loads the libraries."""
    torch.set_num_threads(threads)
    warm = draw(64, dim, seed=3)
    forward_backward(by(LocalizationPEC(2)), warm, warm)
    anchors, noise = draw(size, dim, seed=3), draw(size, dim, seed=4)
    before = _peak()
    forward_backward(by(LocalizationPEC(steps)), anchors, noise)
    sys.stdout.write(f"{(_peak() - before) / 1e6}\n")


def _peak() -> int:
    """Return the peak of resident memory in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # a child's `ru_maxrss` begins at its parent's on Linux, this does not
        lines = status.read_text(encoding="ascii").splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
