"""Edits that delete a statement, a setting or an argument, with the space that it leaves."""

import re

from lzn_dsl.diagnostics.diagnostic import Edit, Fix
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.syntax import tree

_REST_OF_LINE = re.compile(r"[ \t]*(#[^\r\n]*)?\r?(\n|\Z)")


def delete_statement(statement: tree.Statement, title: str, *, safe: bool) -> Fix:
    """Return the fix that deletes a statement with its lines.

    It is not safe where a comment on the last line would go with it.
    """
    text, span = statement.span.source.text, statement.span
    start = text.rfind("\n", 0, span.start) + 1
    rest = _REST_OF_LINE.match(text, span.end)
    if rest is None or text[start : span.start].strip():
        return Fix(title, (Edit(span, ""),), safe=False)
    return Fix(title, (Edit(Span(span.source, start, rest.end()), ""),), safe and not rest[1])


def delete_setting(statement: tree.Task | tree.Learn, setting: tree.Setting) -> tuple[Edit, bool]:
    """Return the edit that deletes a setting, and its block where nothing else is in it."""
    source, text = setting.span.source, setting.span.source.text
    brace = text.rfind("{", statement.span.start, setting.span.start)
    end = statement.span.end
    around = text[brace + 1 : setting.span.start] + text[setting.span.end : end - 1]
    if around.strip() or text[end - 1] != "}":
        return delete_part(setting.span)
    return Edit(Span(source, len(text[:brace].rstrip(" \t")), end), ""), True


def delete_part(span: Span) -> tuple[Edit, bool]:
    """Return the edit that deletes a setting or an argument, and whether no comment goes with it.

    A line that holds nothing else goes as a whole; on a shared line the part goes with the comma
    and the space after it, or where it is the last, before it.
    """
    text, source = span.source.text, span.source
    line = text.rfind("\n", 0, span.start) + 1
    comma = re.compile(r"[ \t]*,?").match(text, span.end)
    assert comma is not None
    rest = _REST_OF_LINE.match(text, comma.end())
    if rest is not None and not text[line : span.start].strip():
        return Edit(Span(source, line, rest.end()), ""), not rest[1]
    if "," in comma.group():
        after = re.compile(r"[ \t]*").match(text, comma.end())
        assert after is not None
        return Edit(Span(source, span.start, after.end()), ""), True
    before = text[: span.start].rstrip(" \t").removesuffix(",")
    return Edit(Span(source, len(before), span.end), ""), True
