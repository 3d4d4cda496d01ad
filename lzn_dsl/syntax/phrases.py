"""Phrases put into words for advice: how a call of Python would be written as one."""

from collections.abc import Sequence

from lzn_dsl.syntax.tokens import END, PREPOSITIONS, Token

# What usually follows the built-in verbs, their prelude being no business of the syntax.
USUAL_PREPOSITION = {
    "generate": "from",
    "translate": "to",
    "classify": "as",
    "reconstruct": "",
    "embed": "",
    "interpolate": "to",
    "retrieve": "by",
    "score": "as",
}


def phrase_of_call(tokens: Sequence[Token], opener: int) -> str:
    """Return `generate(image, from=label)` as a phrase: `generate image from label`.

    The empty text where it is no call of a built-in verb with names only. `opener` is the position
    of the parenthesis.
    """
    verb = tokens[opener - 1].text if opener else ""
    usual = USUAL_PREPOSITION.get(verb)
    if usual is None:
        return ""
    words = [verb]
    place = opener + 1
    while tokens[place].kind != "RPAR":
        key, sign = tokens[place], tokens[min(place + 1, len(tokens) - 1)]
        keyed = sign.kind in ("EQUAL", "COLON")
        if keyed:
            place += 2
        operand = tokens[place]
        if operand.kind not in ("NAME", "STRING") or operand.kind == END:
            return ""
        preposition = key.text if keyed and key.kind in PREPOSITIONS else usual
        words += [preposition] if len(words) > 1 and preposition else []
        words.append(operand.text.strip('"'))
        place += 1
        if tokens[place].kind == "COMMA":
            place += 1
        elif tokens[place].kind != "RPAR":
            return ""
    return " ".join(words) if len(words) > 1 else ""


def verb_before(tokens: Sequence[Token], place: int) -> str:
    """Return the verb of a phrase whose operand stands right before a position, or ""."""
    if place < 2 or tokens[place - 1].kind != "NAME" or tokens[place - 2].kind != "NAME":
        return ""
    return tokens[place - 2].text
