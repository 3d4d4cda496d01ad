"""The program itself: its text and the graph of its tasks."""

import re

from lzn_runtime.report.images import svg_uri
from lzn_runtime.report.markup import Html, join, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.section import Missing, Section

_STATEMENTS = "let|space|data|modality|task|train|evaluate|learn|verb|import"
_PREPOSITIONS = "on|with|from|to|as|by|of"
_TOKEN = re.compile(
    r"(?P<c>\#[^\n]*)"
    r'|(?P<s>"[^"\n]*")'
    r"|(?P<n>(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?[kM]?(?![\w]))"
    rf"|(?P<k>^(?:{_STATEMENTS})(?=[ \t{{])|(?<=[ \t])(?:{_PREPOSITIONS})(?=[ \t]))"
    r"|(?P<d>[A-Za-z_]\w*(?=\())",
    re.MULTILINE,
)


def program(material: Material) -> Section | Missing:
    """Return the program's text."""
    if not material.spec.strip():
        return Missing("Program", "the text of the program was not kept")
    text = tag("pre", tag("code", highlight(material.spec.strip("\n"))))
    return Section("program", "Program", tag("div", text, class_="panel"))


def graph(material: Material) -> Section | Missing:
    """Return the picture of the task graph."""
    if not material.graph_svg.strip():
        return Missing("Task graph", "no picture of it was handed over; `lzn graph` draws it")
    image = tag("img", src=svg_uri(material.graph_svg), alt="the task graph of the program")
    lead = "What is read, encoded, aligned and decoded, and which task uses it."
    return Section("graph", "Task graph", tag("div", image, class_="panel graph scroll"), lead)


def highlight(text: str) -> Html:
    """Return the text of a program with comments, words, numbers and components coloured."""
    parts: list[Html | str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        parts.append(text[end : match.start()])
        parts.append(tag("span", match.group(), class_=str(match.lastgroup)))
        end = match.end()
    return join(*parts, text[end:])
