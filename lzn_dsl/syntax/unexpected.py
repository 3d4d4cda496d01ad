"""What is said of a token that cannot stand where it does, when nothing better is known."""

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.syntax.expectations import expected, found
from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tokens import SIGNS, Token

FORMS = {
    "LZN": "lzn 1",
    "IMPORT": 'import "FILE.lzn" as NAME',
    "LET": "let NAME = VALUE",
    "PARAM": "param NAME: TYPE = DEFAULT in LOW..HIGH",
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
NAMED = frozenset({"LET", "DATA", "MODALITY", "TASK"})


def unexpected(situation: Situation) -> Diagnostic:
    """Say what was expected and what was found, with the nearest advice."""
    return Diagnostic(
        code="LZN120",
        summary=f"expected {expected(situation)}, found {found(situation.token)}",
        span=situation.span,
        label=_label(situation),
        hint=_hint(situation),
    )


def unknown_statement(situation: Situation, word: str) -> Diagnostic:
    """Say that the first word begins no statement, and that another one was likely meant."""
    return Diagnostic(
        code="LZN121",
        summary=f"unknown statement `{situation.head.text}`",
        span=situation.span_of(situation.head),
        label="not a word that begins a statement",
        notes=(f"the form is `{FORMS[word.upper()]}`",),
        hint=f"did you mean `{word}`?",
    )


def _label(situation: Situation) -> str:
    named = situation.accepts & {"NAME", "STRING", "NUMBER"}
    if len(situation.accepts) == 1 and situation.span.text and not named:
        kind = min(situation.accepts)
        return f"`{SIGNS.get(kind, kind.lower())}` is missing before this"
    return "not expected here" if situation.span.text else "something is missing here"


def _hint(situation: Situation) -> str:
    last, accepts, opens = situation.last, situation.accepts, situation.opens
    if last is None or situation.start != "file":
        return ""
    if situation.token.kind == "QUALIFIED":
        return "a component is named by one word, such as `fashion_mnist`"
    if accepts == {"COLON"}:
        return _missing_colon(situation, last.text)
    if accepts == {"EQUAL"} and situation.head.kind in NAMED:
        return f"write `{situation.head.text} {last.text} = {situation.rest_of_line()}`"
    if situation.token.kind == "COMMA" and last.kind == "COMMA":
        return "delete one `,`"
    if quoted := _quoted_key(situation):
        return f"a key has no quotes: write `{quoted}: ...`"
    if _separator_missing(situation):
        sign = "a `,` or a new line" if opens == "LBRACE" else "a `,`"
        return f"put {sign} before {found(situation.token)}"
    if situation.head.kind == "VERB" and last.kind == "EQUAL" and not situation.in_body:
        return "say what the verb makes before its body: `-> target = ...`"
    if situation.in_body and situation.token.kind == "COLON":
        return "what a step is applied to has no key: write the value alone"
    form = FORMS.get(situation.head.kind)
    if last.kind == "USING":
        form = "VERB MODALITY using METHOD"
    return f"the form is `{form}`" if form and not opens and situation.reach else ""


def _separator_missing(situation: Situation) -> bool:
    token, last = situation.token, situation.last
    if last is None or last.kind in ("LBRACE", "NEWLINE", "COMMA") or not situation.opens:
        return False
    return token.kind not in SIGNS and bool(token.text.strip()) and "COMMA" in situation.accepts


def _quoted_key(situation: Situation) -> str:
    if situation.token.kind == "COLON" and situation.opens:
        key = situation.last
    else:
        key = situation.token if "LET" in situation.accepts else None
    return key.text.strip('"') if key and key.kind == "STRING" else ""


def _type_of(default: Token) -> str:
    """Return the type, and what follows it, of a parameter with that default."""
    text = default.text
    kinds = {"STRING": "text", "TRUE": "boolean", "FALSE": "boolean"}
    if default.kind == "NAME":
        return f"word = {text} in [{text}, WORD]"
    whole = text.lstrip("-").replace("_", "").isdecimal()
    return f"{kinds.get(default.kind, 'integer' if whole else 'number')} = {text}"


def _missing_colon(situation: Situation, key: str) -> str:
    if situation.head.kind == "PARAM":
        return f"say its type: `param {key}: {_type_of(situation.following)}`"
    if situation.token.kind == "LPAR":
        return f"write what it is a setting of: `KEY: {key}(...)`"
    return f"write `{key}: {situation.rest_of_line()}`"
