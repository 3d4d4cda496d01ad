"""Recognises what people get wrong, so that the message speaks of that and not of the grammar."""

from collections.abc import Callable

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.suggest import closest
from lzn_dsl.syntax.expectations import expected, found
from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tokens import KEYWORDS, PREPOSITIONS, RESERVED, SIGNS, STATEMENTS, Token

# A misspelt first word shows at most this many tokens later: `lern align image` at the third.
_REACH = 3
_LIKENESS = 0.7

_FORMS = {
    "LET": "let NAME = VALUE",
    "SPACE": "space gaussian(dim: 64)",
    "DATA": "data NAME = DATASET(...)",
    "MODALITY": "modality NAME = KIND(...)",
    "TASK": "task NAME = VERB MODALITY from MODALITY",
    "TRAIN": "train { ... }",
    "EVALUATE": "evaluate TASK on DATA with METRIC",
    "LEARN": "learn VERB MODALITY with MODALITY",
    "VERB": "verb NAME target: decodable from source: encodable -> target = STEPS",
    "NAME": "VERB MODALITY from MODALITY",
}


def explain_mistake(situation: Situation) -> Diagnostic:
    """Return what to say of a token that cannot stand where it does."""
    for recognise in _MISTAKES:
        if diagnostic := recognise(situation):
            return diagnostic
    return Diagnostic(
        code="LZN120",
        summary=f"expected {expected(situation)}, found {found(situation.token)}",
        span=situation.span,
        label=_label(situation),
        hint=_hint(situation),
    )


def unclosed(situation: Situation, opener: Token, closer: str) -> Diagnostic:
    """Say that a bracket is never closed; the situation is where its end was missed."""
    line, column = situation.source.position(opener.start)
    at = situation.span
    if situation.first_of_line and situation.last:
        at = situation.span_of(situation.last)
        at = type(at)(at.source, at.end, at.end)
    return Diagnostic(
        code="LZN122",
        summary=f"`{opener.text}` is never closed",
        span=at,
        label=f"expected `{closer}` here or before",
        notes=(f"the `{opener.text}` stands at line {line}, column {column}",),
        hint=f"put `{closer}` where it ends",
    )


def wrong_closer(situation: Situation, closer: str) -> Diagnostic:
    """Say that a bracket is closed by one of another kind."""
    opener, token = situation.opener, situation.token
    if opener is None:
        return Diagnostic(
            code="LZN123",
            summary=f"`{token.text}` closes nothing",
            span=situation.span,
            label="no bracket is open here",
            hint=f"delete `{token.text}`, or open it before",
        )
    line, column = situation.source.position(opener.start)
    return Diagnostic(
        code="LZN123",
        summary=f"`{token.text}` does not close `{opener.text}`",
        span=situation.span,
        label=f"expected `{closer}`",
        notes=(f"the `{opener.text}` stands at line {line}, column {column}",),
        hint=f"write `{closer}`",
    )


def _label(situation: Situation) -> str:
    return "not expected here" if situation.span.text else "something is missing here"


def _hint(situation: Situation) -> str:
    token, last, accepts = situation.token, situation.last, situation.accepts
    text = token.text
    if last and accepts == {"COLON"}:
        value = f" {text}" if token.kind not in SIGNS and text.strip() else " ..."
        return f"write `{last.text}:{value}`"
    if last and accepts == {"EQUAL"} and situation.head.kind in KEYWORDS:
        return f"write `{situation.head.text} {last.text} = ...`"
    if "COMMA" in accepts and situation.opens in ("LPAR", "LSQB") and token.kind not in SIGNS:
        return f"put a `,` before {found(token)}"
    if situation.start == "file" and situation.opens != "LBRACE":
        form = _FORMS.get(situation.head.kind, "")
        return f"the form is `{form}`" if form and situation.place > situation.statement else ""
    return ""


def _reserved_for_later(situation: Situation) -> Diagnostic | None:
    token = situation.token
    if token.kind not in RESERVED or "LET" not in situation.accepts:
        return None
    return Diagnostic(
        code="LZN127",
        summary=f"`{token.text}` is kept for a later version",
        span=situation.span,
        label="not a statement yet",
        hint="`let` gives a name to a value" if token.kind == "PARAM" else "write it in this file",
    )


def _misspelt_statement(situation: Situation) -> Diagnostic | None:
    head = situation.head
    reach = situation.place - situation.statement
    if situation.start != "file" or head.kind != "NAME" or not 0 < reach <= _REACH:
        return None
    word = closest(head.text.lower(), [kind.lower() for kind in STATEMENTS], _LIKENESS)
    if word is None:
        return None
    return Diagnostic(
        code="LZN121",
        summary=f"unknown statement `{head.text}`",
        span=situation.span_of(head),
        label="not a word that begins a statement",
        notes=(f"the form is `{_FORMS[word.upper()]}`",),
        hint=f"did you mean `{word}`?",
    )


def _second_statement(situation: Situation) -> Diagnostic | None:
    token = situation.token
    if token.kind not in STATEMENTS or "NEWLINE" not in situation.accepts or situation.opener:
        return None
    return Diagnostic(
        code="LZN126",
        summary=f"`{token.text}` begins a second statement on this line",
        span=situation.span,
        label="expected the end of the line",
        hint=f"start a new line before `{token.text}`",
    )


def _settings_in_braces(situation: Situation) -> Diagnostic | None:
    last = situation.last
    takes_settings = last and (last.kind == "RPAR" or "LPAR" in situation.accepts)
    if situation.token.kind != "LBRACE" or not takes_settings or not last:
        return None
    if situation.head.kind in ("VERB", "TASK", "LEARN", "NAME"):
        return None
    named = f"of `{last.text}` " if last.kind == "NAME" else ""
    return Diagnostic(
        code="LZN128",
        summary=f"the settings {named}stand in parentheses, not in braces",
        span=situation.span,
        label="expected `(`" if named else "expected the end of the line",
        hint=f"write `{last.text if named else 'NAME'}(KEY: VALUE, ...)`",
    )


def _equal_for_colon(situation: Situation) -> Diagnostic | None:
    token, last = situation.token, situation.last
    if token.kind != "EQUAL" or "COLON" not in situation.accepts or not last:
        return None
    if situation.opens not in ("LPAR", "LBRACE"):
        return None
    return Diagnostic(
        code="LZN124",
        summary=f"`{last.text}` is set with `:`, not with `=`",
        span=situation.span,
        label="expected `:`",
        hint=f"write `{last.text}: {situation.following.text.strip() or '...'}`",
    )


def _colon_for_equal(situation: Situation) -> Diagnostic | None:
    last = situation.last
    if situation.token.kind != "COLON" or "EQUAL" not in situation.accepts or not last:
        return None
    return Diagnostic(
        code="LZN124",
        summary=f"`{last.text}` is given its meaning with `=`, not with `:`",
        span=situation.span,
        label="expected `=`",
        hint=f"write `{situation.head.text} {last.text} = ...`",
    )


def _keyword_as_name(situation: Situation) -> Diagnostic | None:
    token = situation.token
    if token.kind not in KEYWORDS or "NAME" not in situation.accepts:
        return None
    if token.kind in PREPOSITIONS and situation.following.kind == "NAME":
        return None  # a word is missing before the preposition
    return Diagnostic(
        code="LZN125",
        summary=f"`{token.text}` is a word of the language and cannot be a name",
        span=situation.span,
        label=f"expected {expected(situation)}",
        hint=f"choose another name, such as `my_{token.text}`",
    )


def _misspelt_preposition(situation: Situation) -> Diagnostic | None:
    token = situation.token
    wanted = [kind.lower() for kind in situation.accepts & PREPOSITIONS]
    if token.kind != "NAME" or not wanted or situation.opener:
        return None
    word = closest(token.text.lower(), wanted, _LIKENESS)
    if word is None:
        return None
    return Diagnostic(
        code="LZN129",
        summary=f"expected {expected(situation)}, found {found(token)}",
        span=situation.span,
        label="not a preposition",
        hint=f"did you mean `{word}`?",
    )


def _second_operand(situation: Situation) -> Diagnostic | None:
    token, last = situation.token, situation.last
    begins_operand = token.kind in ("NAME", "NUMBER", "STRING", "LPAR")
    if not begins_operand or situation.head.kind != "VERB" or not last:
        return None
    if "PIPE" not in situation.accepts:
        return None
    return Diagnostic(
        code="LZN130",
        summary="a step is applied to one thing",
        span=situation.span,
        label="a second one",
        hint="write `f (g x)` for a step within a step, `f(x, y)` for several, `|>` for the next",
    )


_MISTAKES: tuple[Callable[[Situation], Diagnostic | None], ...] = (
    _reserved_for_later,
    _second_statement,
    _equal_for_colon,
    _misspelt_statement,
    _colon_for_equal,
    _settings_in_braces,
    _keyword_as_name,
    _misspelt_preposition,
    _second_operand,
)
