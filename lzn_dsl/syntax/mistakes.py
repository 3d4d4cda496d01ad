"""Recognises what people get wrong, so that the message speaks of that and not of the grammar."""

from collections.abc import Callable

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.suggest import closest
from lzn_dsl.syntax.expectations import expected
from lzn_dsl.syntax.foreign import explain_foreign
from lzn_dsl.syntax.methods import after_method, meant_using, misplaced_method
from lzn_dsl.syntax.phrases import USUAL_PREPOSITION, verb_before
from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tokens import KEYWORDS, PREPOSITIONS, STATEMENTS
from lzn_dsl.syntax.unexpected import NAMED, unexpected, unknown_statement

# A misspelt first word shows at most this many tokens later: `spcae gaussian(dim: 64)`.
_REACH = 4
_LIKENESS = 0.7


def explain_mistake(situation: Situation) -> Diagnostic:
    """Return what to say of a token that cannot stand where it does."""
    if diagnostic := explain_foreign(situation):
        return diagnostic
    for recognise in _MISTAKES:
        if diagnostic := recognise(situation):
            return diagnostic
    return unexpected(situation)


def _misspelt_statement(situation: Situation) -> Diagnostic | None:
    head = situation.head
    if situation.start != "file" or head.kind != "NAME" or not 0 < situation.reach <= _REACH:
        return None
    word = closest(head.text.lower(), [kind.lower() for kind in STATEMENTS], _LIKENESS)
    if word is None:
        return None
    return unknown_statement(situation, word)


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
    last, accepts = situation.last, situation.accepts
    if situation.token.kind != "LBRACE" or not last:
        return None
    if last.kind != "RPAR" and not accepts & {"LPAR", "LSQB"}:
        return None
    if situation.head.kind in ("VERB", "TASK", "LEARN", "NAME"):
        return None
    named = last.kind == "NAME"
    owner = f"`{last.text}`" if named else "a component"
    return Diagnostic(
        code="LZN128",
        summary=f"the settings of {owner} stand in parentheses, not in braces",
        span=situation.span,
        label="expected `(`" if named else "not expected here",
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
        hint=f"write `{last.text}: {situation.rest_of_line(skipped=1)}`",
    )


def _colon_for_equal(situation: Situation) -> Diagnostic | None:
    last = situation.last
    if situation.token.kind != "COLON" or "EQUAL" not in situation.accepts or not last:
        return None
    if situation.head.kind not in NAMED:
        return None
    return Diagnostic(
        code="LZN124",
        summary=f"`{last.text}` is given its meaning with `=`, not with `:`",
        span=situation.span,
        label="expected `=`",
        hint=f"write `{situation.head.text} {last.text} = {situation.rest_of_line(skipped=1)}`",
    )


def _keyword_as_name(situation: Situation) -> Diagnostic | None:
    token = situation.token
    if token.kind not in KEYWORDS or "NAME" not in situation.accepts:
        return None
    if token.kind in PREPOSITIONS | {"USING"} and situation.following.kind == "NAME":
        return None  # a word is missing before the preposition
    return Diagnostic(
        code="LZN125",
        summary=f"`{token.text}` is a word of the language and cannot be a name",
        span=situation.span,
        label=f"expected {expected(situation)}",
        hint=f"choose another name, such as `my_{token.text}`",
    )


def _missing_preposition(situation: Situation) -> Diagnostic | None:
    token = situation.token
    wanted = [kind.lower() for kind in situation.accepts & PREPOSITIONS]
    if token.kind != "NAME" or len(wanted) < 2 or situation.head.kind == "VERB":
        return None
    word = "using" if meant_using(situation) else None
    word = word or closest(token.text.lower(), wanted, _LIKENESS)
    usual = USUAL_PREPOSITION.get(verb_before(situation.tokens, situation.place)) or "from"
    instead = situation.following.kind == "NAME"  # of another word, as in `image for label`
    operand = situation.following.text if instead else token.text
    return Diagnostic(
        code="LZN129",
        summary=f"expected a preposition, found `{token.text}`",
        span=situation.span,
        label="not a preposition" if word or instead else "a preposition is missing before this",
        notes=("the prepositions are `from`, `as`, `to`, `with`, `by`, `in`, `into`, `on`, `of`",),
        hint=f"did you mean `{word}`?" if word else f"write `{usual} {operand}`, for example",
    )


def _settings_in_parentheses(situation: Situation) -> Diagnostic | None:
    opener = situation.opener
    called = situation.token.kind == "COLON" and opener and opener.kind == "LPAR"
    if not situation.in_phrase or not (called or _begins_settings(situation)):
        return None
    return Diagnostic(
        code="LZN128",
        summary="the settings of a task stand in braces",
        span=situation.span_of(opener) if called and opener else situation.span,
        label="expected `{`",
        hint="write `{ KEY: VALUE, ... }`",
    )


def _begins_settings(situation: Situation) -> bool:
    if not {"LBRACE", "NEWLINE"} <= situation.accepts:
        return False
    return situation.token.kind == "LPAR" or situation.following.kind == "COLON"


def _missing_first_word(situation: Situation) -> Diagnostic | None:
    head, token = situation.head, situation.token
    if situation.start != "file" or head.kind != "NAME" or situation.reach != 1:
        return None
    if token.kind not in ("EQUAL", "COLON"):
        return None
    value = situation.rest_of_line(skipped=1)
    constant, setting = f"`let {head.text} = {value}`", f"`train {{ {head.text}: {value} }}`"
    hint = f"write {constant} for a constant, {setting} for a setting"
    if token.kind == "EQUAL" and _is_component(situation):
        hint = f"write `data {head.text} = {value}` for a dataset, {constant} for a constant"
    if token.kind == "COLON" and situation.following.kind == "NEWLINE":
        hint = "settings stand in braces or parentheses: `train { steps: 100 }`, `adam(lr: 1e-3)`"
    return Diagnostic(
        code="LZN131",
        summary=f"`{head.text}` cannot begin a statement",
        span=situation.span_of(head),
        label="a word such as `let` or `task` is missing before this",
        hint=hint,
    )


def _is_component(situation: Situation) -> bool:
    """Whether what follows is a name with settings: `digits(split: train)`."""
    kinds = [t.kind for t in situation.tokens[situation.place + 1 : situation.place + 5]]
    return kinds == ["NAME", "LPAR", "NAME", "COLON"]


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
    misplaced_method,
    after_method,
    _second_statement,
    _equal_for_colon,
    _misspelt_statement,
    _missing_first_word,
    _colon_for_equal,
    _settings_in_braces,
    _keyword_as_name,
    _settings_in_parentheses,
    _missing_preposition,
    _second_operand,
)
