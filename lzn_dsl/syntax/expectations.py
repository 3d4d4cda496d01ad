"""Says in the user's words what could have stood at a place, and what was found there."""

from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tokens import END, PREPOSITIONS, RESERVED, SIGNS, STATEMENTS, Token

_VALUE = frozenset({"NUMBER", "STRING", "TRUE", "FALSE", "NAME", "LSQB"})
_STEP = frozenset({"NUMBER", "STRING", "TRUE", "FALSE", "NAME"})
_KEY = STATEMENTS | RESERVED | PREPOSITIONS | {"NAME"}
_LINE_END = frozenset({"NEWLINE", END})
_SHOWN_LENGTH = 40

# What a name, or what begins with one, is called after the word or sign before it.
_AFTER_HEAD = {
    "LET": "a name for the constant",
    "SPACE": "a space, such as `gaussian(dim: 64)`",
    "DATA": "a name for the data",
    "MODALITY": "the name of a modality",
    "TASK": "a name for the task",
    "EVALUATE": "the name of a task",
    "LEARN": "a phrase, such as `align image with label`",
    "VERB": "a name for the verb",
}
_AFTER_EQUAL = {
    "DATA": "a dataset, such as `fashion_mnist(split: train)`",
    "MODALITY": "a kind of modality, such as `image(encoder: conv)`",
    "TASK": "a phrase, such as `generate image from label`",
    "VERB": "the steps of the verb, such as `encode source |> decode target`",
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
    return either(_choices(situation))


def either(choices: list[str]) -> str:
    """Join choices: `a`, `a or b`, `a, b or c`."""
    return " or ".join([", ".join(choices[:-1]), choices[-1]] if len(choices) > 1 else choices)


def _choices(situation: Situation) -> list[str]:
    rest = set(situation.accepts)
    choices = []
    for kinds, words in _groups(situation):
        if kinds <= rest:
            rest -= kinds
            choices.append(words)
    choices += [f"`{kind.lower()}`" for kind in sorted(rest - set(SIGNS) - _LINE_END)]
    choices += [f"`{sign}`" for kind, sign in SIGNS.items() if kind in rest]
    if rest & _LINE_END and (choices or rest == {END}):
        choices.append("the end of the text" if rest == {END} else "the end of the line")
    return choices or ["the end of the line"]


def _groups(situation: Situation) -> list[tuple[frozenset[str], str]]:
    """Sets of kinds that go by one name here, the largest first."""
    groups: list[tuple[frozenset[str], str]] = [
        (
            STATEMENTS | {"NAME", "NEWLINE", END},
            "a statement, such as `generate image from label`",
        ),
        (_KEY | _VALUE, "an argument" if situation.opens == "LPAR" else "a value"),
        (_KEY | {"NEWLINE", "COMMA"}, "a setting, such as `steps: 4_000`"),
        (_KEY, "a setting, such as `steps: 4_000`"),
        (_STEP | {"LPAR"}, _name_here(situation)),
        (_STEP, "what the step is applied to"),
        (PREPOSITIONS, "a preposition (`from`, `as`, `to`, `with`, ...)"),
        (frozenset({"NAME"}), _name_here(situation)),
    ]
    return groups


def _name_here(situation: Situation) -> str:
    last, head = situation.last, situation.head.kind
    if situation.start == "phrase":
        head = "LEARN"
    if last is None:
        return "a phrase, such as `generate image from label`"
    if last.kind == "EQUAL":
        return _AFTER_EQUAL.get(head, "a value")
    if last is situation.head and head in _AFTER_HEAD:
        return _AFTER_HEAD[head]
    if head == "EVALUATE":
        return "the name of a dataset" if last.kind == "ON" else "a metric, such as `accuracy`"
    if head == "VERB":
        return _name_in_verb(situation, last)
    if last.kind == "NAME":
        return f"what to `{last.text}`, such as `image`"
    return "a name, such as `label`"


def _name_in_verb(situation: Situation, last: Token) -> str:
    if last.kind == "COLON":
        return "what the operand must be, such as `encodable`"
    if last.kind == "ARROW":
        return "what the verb makes"
    if last.kind == "NAME" or (last.kind in PREPOSITIONS and "LPAR" not in situation.accepts):
        return "an operand, such as `source: encodable`"
    return "a step, such as `decode target`"
