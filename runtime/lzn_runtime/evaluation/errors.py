"""Findings about an evaluation (LZN8xx)."""

from lzn_dsl.diagnostics.diagnostic import Diagnostic, LznError


class EvaluationError(LznError):
    """A metric cannot be measured (LZN8xx); other metrics still can."""

    exit_code = 1


def evaluation_error(code: str, summary: str, *, hint: str = "") -> EvaluationError:
    """Return the error of one finding."""
    return EvaluationError(Diagnostic(code=code, summary=summary, hint=hint))
