"""Tokens: the words and signs of a text, and the groups that the parser speaks of."""

from typing import NamedTuple

END = "$END"


class Token(NamedTuple):
    """One word or sign: its kind (a terminal of the grammar), its text, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


STATEMENTS = frozenset(
    {
        *("LZN", "IMPORT", "LET", "PARAM", "SPACE", "DATA", "MODALITY"),
        *("TASK", "TRAIN", "EVALUATE", "LEARN", "VERB"),
    }
)
PREPOSITIONS = frozenset({"FROM", "AS", "TO", "WITH", "BY", "IN", "INTO", "ON", "OF", "AND"})
KEYWORDS = STATEMENTS | PREPOSITIONS | {"USING", "TRUE", "FALSE"}

CLOSER_OF = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
OPENER_OF = {closer: opener for opener, closer in CLOSER_OF.items()}
SIGNS = {
    "EQUAL": "=",
    "COLON": ":",
    "COMMA": ",",
    "ARROW": "->",
    "DOTS": "..",
    "PIPE": "|>",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "RBRACE": "}",
}
