"""Says in the user's words what could have stood at a place, and what was found there."""

from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tokens import END, PREPOSITIONS, SIGNS, STATEMENTS, Token

_VALUE = frozenset({"NUMBER", "STRING", "TRUE", "FALSE", "NAME", "LSQB"})
_LITERAL = frozenset({"NUMBER", "STRING", "TRUE", "FALSE"})
_STEP = _LITERAL | {"NAME"}
_KEY = STATEMENTS | PREPOSITIONS | {"USING", "NAME"}
_LINE_END = frozenset({"NEWLINE", END})
_SHOWN_LENGTH = 40

_PHRASE = "a phrase (such as `generate image from label`)"
_SETTING = "a setting (such as `steps: 4_000`)"
_STEPS = "a step (such as `decode target`)"
# What a name, or what begins with one, is called after the word before it.
_AFTER_HEAD = {
    "IMPORT": 'the path of a file (such as `"base.lzn"`)',
    "LET": "a name for the constant",
    "PARAM": "a name for the parameter",
    "SPACE": "a space (such as `gaussian(dim: 64)`)",
    "DATA": "a name for the data",
    "MODALITY": "the name of a modality",
    "TASK": "a name for the task",
    "EVALUATE": "the name of a task",
    "LEARN": "a phrase (such as `align image with label`)",
    "VERB": "a name for the verb",
}
_AFTER_EQUAL = {
    "DATA": "a dataset (such as `fashion_mnist(split: train)`)",
    "MODALITY": "a kind of modality (such as `image(encoder: conv)`)",
    "TASK": _PHRASE,
    "VERB": "a step (such as `encode source`)",
}


def found(token: Token) -> str:
    """Name a token for a message."""
    if token.kind == "NEWLINE":
        return "the end of the line"
    if token.kind == END:
        return "the end of the text"
    shown = token.text
    if len(shown) > _SHOWN_LENGTH:
        shown = shown[: _SHOWN_LENGTH - 3] + "..."
    return f"`{shown}`"


def expected(situation: Situation) -> str:
    """Say what could have stood at the place: `a value`, "`,` or `)`", ..."""
    choices = _choices(situation)
    return " or ".join([", ".join(choices[:-1]), choices[-1]] if len(choices) > 1 else choices)


def _choices(situation: Situation) -> list[str]:
    rest = set(situation.accepts - _unlikely(situation))
    choices = []
    for kinds, words in _groups(situation):
        if kinds <= rest:
            rest -= kinds
            choices.append(words)
    choices += [f"`{kind.lower()}`" for kind in sorted(rest - set(SIGNS) - _LINE_END)]
    choices += [f"`{sign}`" for kind, sign in SIGNS.items() if kind in rest]
    if rest & _LINE_END:
        choices.append("the end of the text" if rest == {END} else "the end of the line")
    return choices


def _unlikely(situation: Situation) -> frozenset[str]:
    """Return the kinds that could go on what is complete: they would only make a message long."""
    accepts, last = situation.accepts, situation.last
    unlikely = {"COMMA"} if last and last.kind in ("LBRACE", "NEWLINE", "COMMA") else set()
    if situation.opens == "LBRACE" and "NEWLINE" in accepts:
        unlikely |= {"NEWLINE"} if "NAME" in accepts else set()
    if accepts >= {"EQUAL", "LBRACE"}:
        unlikely |= {"LBRACE"}
    if situation.head.kind == "TRAIN" and "LBRACE" in accepts:
        unlikely |= {"NAME"}
    if situation.in_phrase or situation.in_body:
        unlikely |= {"USING"}
        unlikely |= _unlikely_in_steps(situation)
    elif situation.head.kind == "VERB" and accepts >= PREPOSITIONS:
        unlikely |= {"NAME", "EQUAL"}
    return frozenset({"QUALIFIED", *unlikely})


def _unlikely_in_steps(situation: Situation) -> set[str]:
    accepts, takes_operand = situation.accepts, situation.accepts >= _STEP
    goes_on = "PIPE" in accepts or ("COMMA" in accepts and situation.opens == "LPAR")
    if goes_on and (situation.in_body or situation.opens):
        return {*_STEP, *PREPOSITIONS, "LPAR"}
    if takes_operand and situation.in_phrase:
        return {*_LITERAL, *PREPOSITIONS, *_LINE_END, "LPAR", "LBRACE", "PIPE"}
    return set(PREPOSITIONS) if takes_operand else {"LPAR"}


def _groups(situation: Situation) -> list[tuple[frozenset[str], str]]:
    """Return the sets of kinds that go by one name here, the largest first."""
    return [
        (STATEMENTS | {"NAME"} | _LINE_END, f"a statement or {_PHRASE}"),
        (_KEY | _VALUE, "an argument" if situation.opens == "LPAR" else "a value"),
        (_KEY, _SETTING),
        (_STEP | {"LPAR"}, _STEPS if situation.in_body else _name_here(situation)),
        (_STEP, "what the step is applied to"),
        (_LITERAL, "a number, a text, `true` or `false`"),
        (PREPOSITIONS, "a preposition (`from`, `as`, `to`, `with`, ...)"),
        (frozenset({"NAME"}), _name_here(situation)),
        (frozenset({"STRING"}), _name_here(situation)),
    ]


def _name_here(situation: Situation) -> str:
    last, head = situation.last, situation.head.kind
    if last is None:
        return _PHRASE
    if last.kind == "EQUAL":
        return _AFTER_EQUAL.get(head, "a value")
    if last is situation.head and head in _AFTER_HEAD:
        return _AFTER_HEAD[head]
    if last.kind == "USING":
        return "a method (such as `simclr`)"
    if head == "EVALUATE":
        return "the name of a dataset" if last.kind == "ON" else "a metric (such as `accuracy`)"
    if head == "VERB":
        return _name_in_header(last)
    if last.kind == "NAME":
        return f"what to `{last.text}` (such as `image`)"
    return "a name (such as `label`)"


def _name_in_header(last: Token) -> str:
    if last.kind == "COLON":
        return "what the operand must be (such as `encodable`)"
    if last.kind == "ARROW":
        return "what the verb makes"
    return "an operand (such as `source: encodable`)"
