"""The page of the findings while it is written: text, tables, bars."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_runtime.benchmarks.findings.series import SEEDS, Series
from lzn_runtime.comparison.compare import Comparison, compare_runs
from lzn_runtime.comparison.runs import Run
from lzn_runtime.comparison.spread import Spread

Format = Callable[[Spread], str]


class Page:
    """Collects lines and bars, and the runs that they are made from.

    Args:
        root: The folder of the runs.
    """

    def __init__(self, root: Path) -> None:
        self.lines: list[str] = []
        self.bars: list[tuple[str, str, str, str]] = []
        self.runs: dict[Path, Run] = {}
        self._root = root

    def compare(self, series: Sequence[Series]) -> Comparison:
        """Return the runs of some series, side by side.

        Raises StorageError (LZN708) where a series has no run that is done.
        """
        folders: list[Path] = []
        for one in series:
            begun = [one.folder(self._root, seed) for seed in SEEDS]
            done = [folder for folder in begun if (folder / "metrics.json").exists()]
            if not done:
                summary = f"no run of `{one.name}` is done"
                hint = "python tests/benchmarks/findings.py run"
                raise StorageError(Diagnostic("LZN708", summary, hint=hint))
            folders += done
        found = compare_runs(*folders, labels=[s.label for s in series])
        for program in found.programs:
            self.runs.update({run.folder: run for run in program.runs})
        return found

    def text(self, *paragraphs: str) -> None:
        """Add paragraphs."""
        for paragraph in paragraphs:
            self.lines += [paragraph, ""]

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table."""
        self.lines += [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
        self.lines += [*(f"| {' | '.join(row)} |" for row in rows), ""]

    def bar(self, what: str, found: str, wanted: str, *, met: bool) -> None:
        """Note whether a bar is met."""
        self.bars.append((what, wanted, found, "met" if met else "**missed**"))


def plain(found: Spread) -> str:
    """Show mean and sample standard deviation."""
    if found.std is None:
        return f"{found.mean:.3g} (one seed)"
    return f"{found.mean:.3g} +- {found.std:.1g}" + fewer_seeds(found.count)


def percent(found: Spread) -> str:
    """Show a share, and its range over seeds."""
    low, high = 100 * found.low, 100 * found.high
    if found.std is None:
        return f"{100 * found.mean:.1f} % (one seed)"
    return f"{100 * found.mean:.1f} % ({low:.1f} to {high:.1f})" + fewer_seeds(found.count)


def cells(
    found: Comparison, columns: Sequence[tuple[str, str, Format]]
) -> Iterator[tuple[str, ...]]:
    """Return a row of text for each program; columns are (metric, task, format)."""
    for program in found.programs:
        yield (program.label, *(_cell(found, program.label, *column) for column in columns))


def _cell(found: Comparison, label: str, metric: str, task: str, form: Format) -> str:
    try:
        return form(found.cell(label, metric, task).spread)
    except ValueError:
        return "-"


def fewer_seeds(count: int) -> str:
    """Say how many seeds there are, where some are missing."""
    return "" if count == len(SEEDS) else f" ({count} seeds)"
