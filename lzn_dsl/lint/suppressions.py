"""Comments that silence findings: `# lzn: ignore[LZNW204]`, `# lzn: ignore-file[LZNW204]`.

At the end of a line the comment counts for that line, after a statement for all of its lines; on a
line of its own, for the statement that follows. `ignore-file` counts for the whole file, wherever
it stands.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.lint.finding import warning
from lzn_dsl.lint.rules.comments import MALFORMED, UNKNOWN, UNUSED
from lzn_dsl.lint.selection import rules
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.lexer import lex

_DIRECTIVE = re.compile(r"#\s*lzn\s*:\s*(?P<word>[\w-]*)\s*(?:\[(?P<codes>[^\]]*)\])?.*")
_CODE = re.compile(r"[^\s,]+")


@dataclass(frozen=True)
class Suppression:
    """A code that a comment silences on some lines, from 1; None for the whole file."""

    code: str
    span: Span
    lines: range | None


def suppressions(file: tree.File) -> tuple[list[Suppression], list[Diagnostic]]:
    """Return what the comments of a file silence, and what is wrong with them."""
    source = file.span.source
    if "lzn" not in source.text:
        return [], []
    made: list[Suppression] = []
    found: list[Diagnostic] = []
    starts = [statement.span.start for statement in file.statements]
    for span in _comments(source):
        directive = _DIRECTIVE.fullmatch(span.text)
        if directive is None:
            continue
        known = directive["word"] in ("ignore", "ignore-file")
        if not known or not _CODE.search(directive["codes"] or ""):
            found.append(_malformed(span))
            continue
        lines = None if directive["word"] == "ignore-file" else _lines(span, file, starts)
        for code in _CODE.finditer(span.text, directive.start("codes"), directive.end("codes")):
            at = Span(source, span.start + code.start(), span.start + code.end())
            if code.group() in rules():
                made.append(Suppression(code.group(), at, lines))
            else:
                found.append(_unknown(at))
    return made, found


class Silencing:
    """The suppressions of a file, found by code and line."""

    def __init__(self, made: Iterable[Suppression]) -> None:
        self._made = tuple(made)
        self._table: dict[tuple[str, int | None], list[Suppression]] = {}
        for suppression in self._made:
            for line in (None,) if suppression.lines is None else suppression.lines:
                self._table.setdefault((suppression.code, line), []).append(suppression)

    def of(self, finding: Diagnostic) -> list[Suppression]:
        """Return the suppressions that silence a finding."""
        line = finding.span.line if finding.span else None
        places = {(finding.code, line), (finding.code, None)}
        return [suppression for place in places for suppression in self._table.get(place, ())]

    def without_silenced(self, findings: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the findings that no comment silences."""
        return [finding for finding in findings if not self.of(finding)]

    def unused(self, findings: Iterable[Diagnostic], ran: Set[str]) -> list[Diagnostic]:
        """Return a finding for each code that its comment silences nothing of.

        `ran` are the codes of the rules that looked at the file; a comment for another is left be.
        """
        used = {suppression.span for finding in findings for suppression in self.of(finding)}
        return [_unused(s) for s in self._made if s.code in ran and s.span not in used]


def _comments(source: Source) -> Iterator[Span]:
    for token in lex(source):
        if token.kind == "COMMENT":
            yield Span(source, token.start, token.end)


def _lines(span: Span, file: tree.File, starts: Sequence[int]) -> range:
    """Return the lines that a comment counts for; `starts` are those of the statements."""
    source, line = span.source, span.line
    following = bisect(starts, span.start)
    before = file.statements[following - 1].span if following else None
    inside = before is not None and before.end > span.start
    if source.line(line)[: span.column - 1].strip():
        return range(line if inside or before is None else before.line, line + 1)
    if not inside and following < len(starts):
        statement = file.statements[following].span
        return range(statement.line, source.position(statement.end)[0] + 1)
    last = source.position(len(source.text))[0]
    line += 1
    while line < last and source.line(line).lstrip().startswith("#"):
        line += 1
    return range(line, line + 1)


def _malformed(span: Span) -> Diagnostic:
    return warning(
        MALFORMED.code,
        "this comment speaks to lzn, but says nothing that it knows",
        span,
        hint="write `# lzn: ignore[CODE]` or `# lzn: ignore-file[CODE]`, with a code in brackets",
    )


def _unknown(span: Span) -> Diagnostic:
    error = re.fullmatch(r"LZN[0-9]{3}", span.text)
    return warning(
        UNKNOWN.code,
        f"no rule of the linter has the code `{span.text}`",
        span,
        label="errors cannot be ignored" if error else "",
        hint="" if error else suggest(span.text, rules()),
    )


def _unused(suppression: Suppression) -> Diagnostic:
    return warning(
        UNUSED.code,
        f"nothing here earns {suppression.code}",
        suppression.span,
        label="this comment silences nothing",
        fix=_without(suppression.span),
    )


def _without(code: Span) -> Fix:
    """Return the fix that takes a code out of its comment, and the only one with the comment."""
    source, text = code.source, code.source.text
    start = text.rfind("#", 0, code.start)
    end = text.find("\n", code.end)
    end = len(text) if end < 0 else end
    inside = text[text.find("[", start) + 1 : text.find("]", code.end)]
    if len(_CODE.findall(inside)) > 1:
        after = re.compile(r"\s*,?\s*").match(text, code.end)
        assert after is not None
        span = Span(source, code.start, min(after.end(), text.find("]", code.end)))
        return Fix("remove the code", (Edit(span, ""),))
    line = text.rfind("\n", 0, start) + 1
    alone = not text[line:start].strip()
    begin = line if alone else len(text[:start].rstrip(" \t"))
    until = min(end + 1, len(text)) if alone else end
    words_after = text[text.find("]", code.end) + 1 : end].strip()
    return Fix("remove the comment", (Edit(Span(source, begin, until), ""),), not words_after)
