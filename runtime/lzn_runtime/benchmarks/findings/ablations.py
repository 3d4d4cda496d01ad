"""Part (d) of the findings: what single settings change, in training and in use."""

from collections.abc import Mapping

from lzn_runtime.benchmarks.findings.accuracy import accuracies
from lzn_runtime.benchmarks.findings.page import Page, percent
from lzn_runtime.benchmarks.findings.series import ABLATIONS, JOINT
from lzn_runtime.comparison.spread import Spread, differ, spread


def write_ablations(page: Page) -> None:
    """Write the part."""
    page.text(
        "## (d) Ablations",
        "Label alignment alone on Fashion-MNIST, 300 steps: too short to compare with the figures\n"
        "above. Batches are of 128 but where a row says otherwise; larger ones see more samples.\n"
        "Each row changes one thing of the first, an attempt to come closer to cross-entropy, the\n"
        "last. Points of accuracy are against the first row, in brackets where Welch's test at\n"
        "5 % does not tell the two apart.",
    )
    found = accuracies(page.compare(ABLATIONS))
    rows = [(label, percent(s), against(s, found)) for label, s in found.items()]
    page.table(["in training", "accuracy", "points"], rows)
    page.text(
        "The models of part (c) that classify alone, used otherwise: the zone of a picture is\n"
        "bounded by the support, or by the other pictures of its batch as in the published code\n"
        "(the paper's figure 25); its latent is drawn with noise of the scale alpha."
    )
    page.table(["in use", "accuracy"], _in_use(page))


def against(one: Spread, found: Mapping[str, Spread]) -> str:
    """Return the points of accuracy above the first, in brackets where chance may explain them."""
    first = next(iter(found.values()))
    if one is first:
        return ""
    points = f"{100 * (one.mean - first.mean):+.1f}"
    tested = one.std is not None and first.std is not None
    return f"({points})" if tested and not differ(one, first) else points


def _in_use(page: Page) -> list[tuple[str, str]]:
    values: dict[str, list[float]] = {}
    (alone,) = (s for s in JOINT if s.name == "classification")
    for program in page.compare((alone,)).programs:
        for result in (result for run in program.runs for result in run.results):
            table = result.details.get("table")
            for row in table if isinstance(table, list) else ():
                assert isinstance(row, dict)
                value, batch = row["value"], row["batch"]
                assert isinstance(value, float)
                bound = f"batches of {batch:,}" if isinstance(batch, int) else "support of 1,000"
                values.setdefault(f"{bound}, alpha {row['alpha']}", []).append(value)
    return [(way, percent(spread(numbers))) for way, numbers in values.items()]
