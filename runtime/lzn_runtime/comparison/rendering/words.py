"""What a comparison says in sentences, in whatever form."""

from collections.abc import Iterator

from lzn_runtime.comparison.compare import Comparison

_LONGEST = 90


def setting_lines(comparison: Comparison) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Yield each setting that tells programs apart, with its values and who has each."""
    for row in comparison.settings:
        values: dict[str, list[str]] = {}
        for program, value in zip(comparison.programs, row.values, strict=True):
            shown = "not there" if value is None else _cut(value)
            values.setdefault(shown, []).append(program.label)
        yield row.path, list(values.items())


def doubt_lines(comparison: Comparison) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each doubt with its notes."""
    for doubt in comparison.doubts:
        yield doubt.summary, tuple(_cut(note) for note in doubt.notes)


def legend_lines(comparison: Comparison) -> Iterator[str]:
    """Yield how the table is to be read."""
    if any(len(program.runs) > 1 for program in comparison.programs):
        yield "Mean over seeds and sample standard deviation, with the lowest and the highest."
    single = [p.label for p in comparison.programs if len(p.runs) == 1]
    if single:
        yield f"A single seed, so without a spread: {', '.join(single)}."
    if any(cell and cell.best for row in comparison.cells for cell in row):
        yield "Marked (* or bold): better than each other one by Welch's test at 5 %, uncorrected."
    elif len(comparison.programs) > 1:
        yield "None is marked as best: none is better than all others by Welch's test at 5 %."
    if comparison.own_extractors:
        names = ", ".join(comparison.own_extractors)
        yield f"Each seed is judged by an extractor of its own, trained with that seed: {names}."
    yield "Measured with averaged weights, as in use; step 0 is the untrained model."


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
