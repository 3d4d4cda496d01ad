"""The whole page: bars first, then the parts, then what is not there."""

from collections.abc import Callable
from pathlib import Path

from lzn_runtime.benchmarks.findings.ablations import write_ablations
from lzn_runtime.benchmarks.findings.embedding import write_embedding
from lzn_runtime.benchmarks.findings.generation import write_generation
from lzn_runtime.benchmarks.findings.joint import write_joint
from lzn_runtime.benchmarks.findings.page import Page
from lzn_runtime.benchmarks.findings.series import SEEDS

PARTS: tuple[Callable[[Page], None], ...] = (
    write_generation,
    write_embedding,
    write_joint,
    write_ablations,
)

_HEAD = """\
# Findings

What the paper's three scenarios come to at small scale, beside its baselines. The programs are in
[specs/compare](../specs/compare); this page is made by

    python tests/benchmarks/findings.py run --jobs 2
    python tests/benchmarks/findings.py write

Means over {seeds} seeds, unless a cell says otherwise. A range is from the lowest seed to the
highest; `+-` is the sample standard deviation."""

_LEFT_OUT = """\
## What is not here

- The paper's own scale: CIFAR10, ImageNet, hundreds of thousands of steps. Nothing on this page
  says how these methods rank there.
- FID by Inception features. The extractor is a classifier that the project trains on the same data,
  one for each seed; its distances mean something within a table alone.
- The paper's loss for labels (alpha 1, all late steps, no log), but for rows of the ablations. The
  other parts use alpha 0.3, the log, and the steps from 20 % to 60 % of the flow."""


def findings(root: Path) -> str:
    """Return the page, in Markdown, from the runs in a folder.

    Raises StorageError (LZN708) where runs are missing.
    """
    body = Page(root)
    for part in PARTS:
        part(body)
    page = Page(root)
    runs = list(body.runs.values())
    hours = sum(run.seconds or 0 for run in runs) / 3600
    versions = " and ".join(sorted({run.versions.get("torch", "?") for run in runs}))
    page.text(
        _HEAD.format(seeds=len(SEEDS)),
        f"{len(runs)} runs, {hours:.1f} hours of training together, one thread each, on a machine\n"
        f"of two cores that did other work as well; PyTorch {versions}.",
        "## Bars",
    )
    page.table(["what", "bar", "found", ""], body.bars)
    return "\n".join([*page.lines, *body.lines, _LEFT_OUT]).rstrip() + "\n"
