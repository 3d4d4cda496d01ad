"""What an evaluation tells whoever watches it."""

from typing import Protocol

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_runtime.evaluation.result import MetricResult


class EvaluationObserver(Protocol):
    """Is told of an evaluation's progress. Nothing that it does can change a result."""

    def on_metric(self, number: int, total: int, name: str) -> None:
        """A metric begins: the first is number 1. `name` says which, of what, on what."""

    def on_result(self, result: MetricResult) -> None:
        """A metric was measured."""

    def on_message(self, message: Diagnostic) -> None:
        """A metric could not be measured, and why."""


class QuietEvaluation:
    """An observer that ignores everything."""

    def on_metric(self, number: int, total: int, name: str) -> None:
        """Do nothing."""

    def on_result(self, result: MetricResult) -> None:
        """Do nothing."""

    def on_message(self, message: Diagnostic) -> None:
        """Do nothing."""
