"""What is said of brackets that do not match."""

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tokens import Token


def unclosed(situation: Situation, opener: Token, closer: str) -> Diagnostic:
    """Say that a bracket is never closed; the situation is where its end was missed."""
    return Diagnostic(
        code="LZN122",
        summary=f"`{opener.text}` is never closed",
        span=situation.span_before if situation.first_of_line else situation.span,
        label=f"expected `{closer}` here or before",
        notes=(_opened(situation, opener),),
        hint=f"put `{closer}` where it ends",
    )


def wrong_closer(situation: Situation, closer: str) -> Diagnostic:
    """Say that a bracket closes nothing, or one of another kind that `closer` closes."""
    opener, token = situation.opener, situation.token
    if opener is None:
        return Diagnostic(
            code="LZN123",
            summary=f"`{token.text}` closes nothing",
            span=situation.span,
            label="no bracket is open here",
            hint=f"delete `{token.text}`, or open it before",
        )
    return Diagnostic(
        code="LZN123",
        summary=f"`{token.text}` does not close `{opener.text}`",
        span=situation.span,
        label=f"expected `{closer}`",
        notes=(_opened(situation, opener),),
        hint=f"write `{closer}`",
    )


def _opened(situation: Situation, opener: Token) -> str:
    line, column = situation.source.position(opener.start)
    return f"the `{opener.text}` stands at line {line}, column {column}"
