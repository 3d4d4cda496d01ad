"""Recognises a `using METHOD` that stands where no method can."""

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.suggest import closest
from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tokens import PREPOSITIONS

_OTHER_WORDS = frozenset({"use", "uses", "via", "method"})
_LIKENESS = 0.7
_TASK = "`task gist = embed image using simclr { alpha: 0 }`"


def misplaced_method(situation: Situation) -> Diagnostic | None:
    """Say where `using` belongs, of one that stands elsewhere."""
    token, following = situation.token, situation.following
    if token.kind != "USING" or following.kind != "NAME" or situation.opens == "LBRACE":
        return None
    head, accepts = situation.head.kind, situation.accepts
    if not situation.reach:
        label, hint = (
            "no task stands before this",
            "put it on the line of its task, after the phrase",
        )
    elif head == "EVALUATE":
        label, hint = "judges are given by `with`", f"write `with {following.text}`"
    elif head not in ("TASK", "NAME", "QUALIFIED"):
        what = "a verb" if head == "VERB" else f"`{situation.head.text}`"
        label, hint = f"{what} has no method", f"a task has one: {_TASK}"
    elif situation.opener is not None:
        label, hint = "a part of a task has no method of its own", "put it after the whole phrase"
    elif situation.in_method:
        label, hint = "a second method", "state one method a task"
    elif accepts and not accepts & PREPOSITIONS and _after_block(situation):
        label, hint = "it stands before the settings", f"put it before the `{{`: {_TASK}"
    else:
        return None
    return _diagnostic(situation, "`using` stands where no method can", label, hint)


def after_method(situation: Situation) -> Diagnostic | None:
    """Say what cannot follow `using METHOD`: another method, or more of the phrase."""
    token = situation.token
    if not situation.in_method or situation.opener is not None or "LBRACE" not in situation.accepts:
        return None
    if token.kind in ("COMMA", "AND"):
        return _diagnostic(
            situation, "a task has one method", "a second one", "state another task for it"
        )
    if token.kind in PREPOSITIONS or token.kind == "PIPE":
        return _diagnostic(
            situation,
            f"`{token.text}` follows the method of the task",
            "belongs to the phrase",
            f"put `using` after the whole phrase: {_TASK}",
        )
    return None


def meant_using(situation: Situation) -> bool:
    """Whether a word stands for `using`: a misspelt one, or one of another language."""
    token = situation.token
    if "USING" not in situation.accepts or token.kind != "NAME":
        return False
    if situation.opener is not None or situation.following.kind != "NAME":
        return False
    word = token.text.lower()
    return word in _OTHER_WORDS or closest(word, ["using"], _LIKENESS) is not None


def _after_block(situation: Situation) -> bool:
    return situation.last is not None and situation.last.kind == "RBRACE"


def _diagnostic(situation: Situation, summary: str, label: str, hint: str) -> Diagnostic:
    return Diagnostic("LZN134", summary, situation.span, label, hint=hint)
