"""The explanations of codes as text and as a page of the documentation."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from lzn_dsl.diagnostics.codes.code import Code
from lzn_dsl.diagnostics.excerpt import visible

_FAMILIES = {
    "LZN1": "The text of a program",
    "LZN2": "Names",
    "LZN3": "Types and values",
    "LZN4": "The task graph",
    "LZN5": "Data",
    "LZN6": "Training",
    "LZN7": "Run folders and checkpoints",
    "LZN8": "Devices and the runtime",
    "LZN9": "The installation and the command line",
    "LZNW": "Advice",
}
_OTHERS = "Other codes"


def explain_code(code: Code, *, markdown: bool) -> str:
    """Return a code's explanation with its wrong and its right program."""
    head = (
        f"### {code.code}\n\n{_sentence(code.title)}" if markdown else f"{code.code}: {code.title}"
    )
    parts = [head, code.explanation.strip()]
    for title, program in (("Wrong", code.wrong), ("Right", code.right)):
        if program:
            lines = [visible(line) for line in program.strip("\n").split("\n")]
            shown = "\n".join(f"    {line}".rstrip() for line in lines)
            parts.append(f"{title}:\n\n{shown}")
    return "\n\n".join(parts)


def list_codes(codes: Iterable[Code], *, markdown: bool) -> str:
    """Return a line a code with its title."""
    lines = (f"{c.code}  {c.title}" if not markdown else _entry(c) for c in codes)
    return "\n".join(lines)


def make_page(codes: Iterable[Code]) -> str:
    """Return the page of all codes in Markdown: a list, then each family with its explanations."""
    known: Sequence[Code] = list(codes)
    parts = [
        "# Codes of errors and warnings",
        "Made by `lzn explain --all --format md`; `lzn explain CODE` shows one.",
        list_codes(known, markdown=True),
    ]
    for family, members in groupby(known, key=lambda code: _FAMILIES.get(code.code[:4], _OTHERS)):
        parts.append(f"## {family}")
        parts += [explain_code(code, markdown=True) for code in members]
    return "\n\n".join(parts) + "\n"


def _entry(code: Code) -> str:
    return f"- [{code.code}](#{code.code.lower()}): {code.title}"


def _sentence(title: str) -> str:
    return f"**{title[0].upper()}{title[1:]}.**"
