"""Part (b) of the findings: embeddings by latent zones, SimCLR and MoCo."""

from collections.abc import Mapping

from lzn_runtime.benchmarks.findings.page import Page, cells, percent
from lzn_runtime.benchmarks.findings.series import EMBEDDING
from lzn_runtime.comparison.compare import Comparison
from lzn_runtime.comparison.spread import Spread, spread

_FIRST = 1_000
"""The bar holds for checkpoints after this step."""
_MOST = 1.0
"""Points that latent zones may be behind."""
_READ_OUTS = {
    "gist": "before the head",
    "head": "head",
    "drawn": "latent, alpha 1",
    "center": "latent, alpha 0",
}

_Curves = Mapping[tuple[str, str], Mapping[int, Spread]]
"""(program, metric) -> its spread over seeds at each step."""


def write_embedding(page: Page) -> None:
    """Write the part."""
    found = page.compare(EMBEDDING)
    curves = _over_steps(found)
    # A run that was stopped has a checkpoint where it stopped.
    steps = sorted(set[int].intersection(*(set(curve) for curve in curves.values())))
    page.text(
        "## (b) Embeddings, beside SimCLR and MoCo",
        "Fashion-MNIST; encoder, projection head, views, batch, steps and optimizer are the same.\n"
        "Read off what the head reads, over the steps of training; step 0 is the untrained\n"
        "encoder. 10,000 training pictures teach the read-out, 10,000 test pictures judge it.",
    )
    for metric, name in (("linear_probe", "linear probe"), ("knn", "k-NN")):
        rows = []
        for program in found.programs:
            curve = curves[program.label, metric]
            rows.append((program.label, *(percent(curve[step]) for step in steps)))
        page.table([name, *(f"step {step:,}" for step in steps)], rows)
    page.text("The four read-outs at the end, by linear probe:")
    columns = [("linear_probe", task, percent) for task in _READ_OUTS]
    page.table(["", *_READ_OUTS.values()], cells(found, columns))
    zones, simclr = curves["latent zones", "linear_probe"], curves["SimCLR", "linear_probe"]
    late = [step for step in zones if step > _FIRST and step in simclr]
    if not late:
        return
    gap = min(100 * (zones[step].mean - simclr[step].mean) for step in late)
    page.bar(
        f"Fashion-MNIST: linear probe of latent zones less SimCLR's, worst of the {len(late)} "
        f"checkpoints after step {_FIRST:,}",
        f"{gap:+.2f} points",
        f"at least -{_MOST:g}",
        met=gap >= -_MOST,
    )


def _over_steps(found: Comparison) -> _Curves:
    curves: dict[tuple[str, str], dict[int, Spread]] = {}
    for program in found.programs:
        for metric in ("linear_probe", "knn"):
            values: dict[int, list[float]] = {}
            for run in program.runs:
                for result in run.results:
                    if (result.name, result.task) == (metric, "gist"):
                        values.setdefault(run.step_of(result), []).append(result.value)
            curve = {step: spread(numbers) for step, numbers in values.items()}
            curves[program.label, metric] = curve
    return curves
