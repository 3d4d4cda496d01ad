"""The places of a finding, file by file and line by line, as a report quotes them."""

from collections.abc import Iterator
from dataclasses import dataclass

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.excerpt import Excerpt, excerpts
from lzn_dsl.diagnostics.source import Source, Span


@dataclass(frozen=True)
class Mark:
    """What is underlined in a line: by `^` at the finding itself, by `-` at a related place."""

    excerpt: Excerpt
    sign: str
    label: str

    @property
    def underline(self) -> str:
        """The row of signs."""
        return self.sign * (self.excerpt.end - self.excerpt.start)


@dataclass(frozen=True)
class Quotation:
    """The marked lines of one source, in order; `span` is the place that its heading names."""

    span: Span
    marks: tuple[Mark, ...]

    def lines(self) -> Iterator[tuple[int, str, list[Mark]]]:
        """Return each line that is quoted: its number, its text, and what is marked in it."""
        shown: dict[tuple[int, str], list[Mark]] = {}
        for mark in self.marks:
            shown.setdefault((mark.excerpt.number, mark.excerpt.text), []).append(mark)
        for (number, text), marks in shown.items():
            yield number, text, marks


def quotations(found: Diagnostic) -> list[Quotation]:
    """Return what a report quotes: the source of the finding first, then those of other places."""
    places = [(found.span, "^", found.label)] if found.span else []
    places += [(other.span, "-", other.label) for other in found.related]
    by_source: dict[Source, list[tuple[Span, str, str]]] = {}
    for span, sign, label in places:
        by_source.setdefault(span.source, []).append((span, sign, label))
    return [
        Quotation(
            first[0],
            tuple(
                sorted(
                    (mark for place in (first, *more) for mark in _marks(*place)),
                    key=lambda mark: mark.excerpt.number,
                )
            ),
        )
        for first, *more in by_source.values()
    ]


def _marks(span: Span, sign: str, label: str) -> list[Mark]:
    """Return the marks of a place; only the last of its lines says what the place is."""
    *before, last = excerpts(span)
    return [*(Mark(excerpt, sign, "") for excerpt in before), Mark(last, sign, label)]
