"""The conformance kit: whether a modality does what the language and the runtime rely on.

    from lzn_dsl.testing import check_modality

    def test_it_conforms() -> None:
        check_modality("vector")

Importing this package does not import torch; checking a modality does.
"""

from lzn_dsl.testing.check import check_modality, examine_modality
from lzn_dsl.testing.report import CheckResult, ConformanceError, Problem, Report

__all__ = [
    "CheckResult",
    "ConformanceError",
    "Problem",
    "Report",
    "check_modality",
    "examine_modality",
]
