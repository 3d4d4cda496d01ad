"""Accuracies of a comparison, each picture judged alone."""

from lzn_runtime.comparison.compare import Comparison
from lzn_runtime.comparison.spread import Spread, spread


def accuracies(found: Comparison) -> dict[str, Spread]:
    """Return the accuracy of each program that classifies, its zones bounded by the support."""
    table: dict[str, Spread] = {}
    for program in found.programs:
        values = [
            result.value
            for run in program.runs
            for result in run.results
            if result.name == "accuracy" and "batch" not in result.details
        ]
        if values:
            table[program.label] = spread(values)
    return table
