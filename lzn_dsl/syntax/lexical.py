"""What can be wrong with one token: an unknown character, an open string, a malformed number."""

import re
import unicodedata
from collections.abc import Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.syntax.limits import Limits
from lzn_dsl.syntax.literals import read_number, unknown_escape
from lzn_dsl.syntax.tokens import Token

# Control characters, marks that change the order of what is shown, line ends of other systems.
HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

_LOOKALIKES = {"\u2018": '"', "\u2019": '"', "\u201c": '"', "\u201d": '"', "\u201e": '"'} | {
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2192": "->",
}
_HINTS = {
    "'": 'strings are written in double quotes: `"..."`',
    ";": "a statement ends where its line ends: leave `;` out",
    "/": "comments start with `#`; there is no arithmetic",
    "+": "there is no arithmetic: write the number itself",
    "*": "there is no arithmetic: write the number itself",
    "%": "write a part of one: `0.5` for 50 %",
    "-": "there are no lists of lines; a minus sign stands right before its number",
    ".": "names have no dots: a component is named by one word, such as `fashion_mnist`",
    "~": "a path stands in quotes",
    "|": "the pipe between the steps of a verb is written `|>`",
    ">": "the pipe is written `|>`, the arrow of a verb `->`",
    "&": "write `and`",
    "<": "settings stand in parentheses: `list(8)`, not `list<8>`",
    "$": "names of the environment are not read: write the value itself",
    "\\": "a line goes on inside brackets, or on a next line that starts with `|>`",
    "\r": "end lines with a line feed: this carriage return stands alone",
}
_UNIT = re.compile(r"(-?[0-9][0-9_.]*)(s|ms|sec|min|h|hours|px|MB|GB|epochs|steps|x)")
_BIG_SUFFIXES = {"K": "k", "m": "M", "G": "e9", "g": "e9", "B": "e9", "b": "e9", "T": "e12"}


def check_hidden(source: Source, tokens: Sequence[Token]) -> list[Diagnostic]:
    """Find the characters in strings and comments that would not be seen, one a token."""
    if not HIDDEN.search(source.text):
        return []
    return [
        _hidden(source, token.start + found.start())
        for token in tokens
        if token.kind in ("STRING", "UNCLOSED_STRING", "COMMENT")
        and (found := HIDDEN.search(token.text))
    ]


def check_token(source: Source, token: Token, limits: Limits) -> Diagnostic | None:
    """Return what is wrong with a token by itself, or None."""
    check = {
        "NAME": _check_name,
        "STRING": _check_string,
        "NUMBER": _check_number,
        "STRAY": _stray,
        "UNCLOSED_STRING": _unclosed_string,
        "MALFORMED_NUMBER": _malformed_number,
    }.get(token.kind)
    return check(Span(source, token.start, token.end), limits) if check else None


def _check_name(span: Span, limits: Limits) -> Diagnostic | None:
    return _too_long(span, "name", "LZN142", limits.name_length)


def _check_string(span: Span, limits: Limits) -> Diagnostic | None:
    if found := _too_long(span, "string", "LZN143", limits.string_length + len('""')):
        return found
    if escape := unknown_escape(span.text):
        at = Span(span.source, span.start + escape[0], span.start + escape[1])
        return Diagnostic(
            code="LZN113",
            summary=f"unknown escape `{at.text}` in a string",
            span=at,
            label="not an escape",
            notes=('the escapes are `\\"`, `\\\\`, `\\n` and `\\t`',),
            hint="write `\\\\` for a backslash",
        )
    return None


def _check_number(span: Span, limits: Limits) -> Diagnostic | None:
    if found := _too_long(span, "number", "LZN144", limits.number_length):
        return found
    try:
        read_number(span.text)
    except OverflowError:
        return Diagnostic(
            code="LZN115",
            summary=f"`{span.text}` is out of range",
            span=span,
            label="no number of 64 bits comes near it",
            hint="numbers lie between 1e-308 and 1e308, on either side of 0",
        )
    return None


def _too_long(span: Span, what: str, code: str, limit: int) -> Diagnostic | None:
    length = span.end - span.start
    if length <= limit:
        return None
    return Diagnostic(
        code=code,
        summary=f"a {what} of {length:,} characters",
        span=Span(span.source, span.start, span.start + limit),
        label=f"a {what} may have {limit:,}",
    )


def _unclosed_string(span: Span, _: Limits) -> Diagnostic:
    return Diagnostic(
        code="LZN112",
        summary="this string is never closed",
        span=span,
        label='no `"` before the end of the line',
        hint='put `"` where the string ends; `\\n` stands for a new line in it',
    )


def _malformed_number(span: Span, limits: Limits) -> Diagnostic:
    if found := _too_long(span, "number", "LZN144", limits.number_length):
        return found
    return Diagnostic(
        code="LZN114",
        summary=f"`{span.text}` is not a number",
        span=span,
        label="written like a number, but not one",
        notes=("numbers look like `32`, `4_000`, `5k`, `2M`, `0.5`, `-1` and `1e-3`",),
        hint=_number_hint(span.text),
    )


def _number_hint(text: str) -> str:
    digits, suffix = text[:-1], text[-1]
    if re.match(r"-?0[xXbBoO]", text):
        return "write it in decimal"
    if suffix in _BIG_SUFFIXES and re.fullmatch(r"-?[0-9_.]*[0-9]", digits):
        return f"write `{digits}{_BIG_SUFFIXES[suffix]}`"
    if "__" in text or suffix == "_":
        return "put one `_` between two digits"
    if text.count(".") > 1:
        return "write one decimal point"
    if suffix == "%" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", digits):
        return f"write a part of one: `{float(digits) / 100:g}`"
    if "," in text:
        return f"write `{_without_commas(text)}`"
    if unit := _UNIT.fullmatch(text):
        return f"a number has no unit: write `{unit[1]}`"
    if re.fullmatch(r"[0-9]+[A-Za-z_]\w+", text):
        return "a name cannot start with a digit; a number has no unit"
    return ""


def _without_commas(text: str) -> str:
    """Return `4,000` as `4_000`, and `0,5` as `0.5`."""
    first, *more = text.split(",")
    thousands = first.strip("-0") and all(re.fullmatch(r"[0-9]{3}", part) for part in more)
    return ("_" if thousands else ".").join([first, *more])


def _stray(span: Span, _: Limits) -> Diagnostic:
    char = span.text
    if HIDDEN.match(char) and char != "\r":
        return _hidden(span.source, span.start)
    instead = _LOOKALIKES.get(char) or _plain(char)
    if instead and instead.isspace():
        hint = "write an ordinary space"
    elif instead:
        hint = f"write `{instead}`"
    elif char.isalnum():
        hint = "names are written with the letters a to z, digits and `_`"
    else:
        hint = _hyphenated(span) or _unquoted(span) or _HINTS.get(char, "")
    return Diagnostic(
        code="LZN110",
        summary=f"unknown character {_described(char)}",
        span=span,
        label="not part of the language",
        hint=hint,
    )


def _hyphenated(span: Span) -> str:
    text = span.source.text
    first = re.search(r"[A-Za-z_]\w*\Z", text[max(0, span.start - 40) : span.start], re.ASCII)
    second = re.match(r"[A-Za-z_]\w*", text[span.end : span.end + 40], re.ASCII)
    if span.text != "-" or not first or not second:
        return ""
    return f"names are joined by `_`: write `{first[0]}_{second[0]}`"


def _unquoted(span: Span) -> str:
    """Say how a path, or a text in single quotes, is written."""
    text = span.source.text
    quoted = re.match(r"'([^'\n]+)'", text[span.start : span.start + 80])
    if quoted:
        name = f"a name has no quotes, `{quoted[1]}`; " if quoted[1].isidentifier() else ""
        return f'{name}a text has double quotes, `"{quoted[1]}"`'
    first = re.search(r"[:(,]\s*([\w~.]*)\Z", text[max(0, span.start - 80) : span.start])
    more = re.match(r"[.\w~/-]*", text[span.start : span.start + 80])
    path = f"{first[1]}{more[0]}" if first and more else ""
    if "/" in path and span.text in "./~" and not re.fullmatch(r"[\d/.]*", path):
        return f'a path stands in quotes: `"{path}"`'
    return ""


def _plain(char: str) -> str:
    """Return the ASCII character that another one is a variant of: a wide one, an accented one."""
    plain = unicodedata.normalize("NFKD", char)[0]
    return plain if plain.isascii() and plain != char else ""


def _hidden(source: Source, place: int) -> Diagnostic:
    return Diagnostic(
        code="LZN111",
        summary=f"hidden character {_described(source.text[place])}",
        span=Span(source, place, place + 1),
        label="cannot be seen, or changes how the line is shown",
        hint="delete it",
    )


def _described(char: str) -> str:
    if char == "\r":
        return "U+000D (carriage return)"
    if char.isascii() and char.isprintable():
        return f"`{char}`"
    name = unicodedata.name(char, "").lower()
    shown = f"`{char}` " if char.isprintable() and not char.isspace() else ""
    return f"{shown}U+{ord(char):04X}" + (f" ({name})" if name else "")
