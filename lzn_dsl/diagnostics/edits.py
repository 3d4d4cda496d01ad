"""Applies the edits of fixes to a text: for `lzn lint --fix` and for the language server."""

from bisect import bisect, insort
from collections.abc import Iterable, Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix
from lzn_dsl.diagnostics.source import Source


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made, whose places are those of the text before any of them.

    Equal edits count once. Raises ValueError for edits that overlap or lie outside the text; two
    insertions at one place overlap.
    """
    ordered = sorted(set(edits), key=lambda edit: (edit.span.start, edit.span.end))
    pieces: list[str] = []
    place, inserted = 0, -1
    for edit in ordered:
        start, end = edit.span.start, edit.span.end
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"an edit of {start} to {end} in a text of {len(text)} characters")
        if start < place or start == inserted:
            raise ValueError(f"two edits of the text at {start}")
        pieces += [text[place:start], edit.text]
        place, inserted = end, start
    return "".join([*pieces, text[place:]])


def choose_fixes(
    diagnostics: Iterable[Diagnostic], source: Source, *, unsafe: bool = False
) -> Sequence[Fix]:
    """Return fixes that can be made together: the first allowed one of each finding, in order.

    Only fixes that stay within the source count, and those that overlap an earlier one are left
    out; made again on the text that results, they may fit. `unsafe` allows those that are not safe.
    """
    chosen: list[Fix] = []
    taken: list[tuple[int, int]] = []
    for diagnostic in diagnostics:
        for fix in diagnostic.fixes:
            places = [(edit.span.start, edit.span.end) for edit in fix.edits]
            within = all(edit.span.source == source for edit in fix.edits)
            if within and (fix.safe or unsafe) and not any(_meets(p, taken) for p in places):
                chosen.append(fix)
                for place in places:
                    insort(taken, place)
                break
    return chosen


def _meets(place: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a place touches one of others, which are sorted and touch none of each other."""
    index = bisect(taken, place)
    return any(
        place[0] <= end and start <= place[1] for start, end in taken[max(index - 1, 0) : index + 1]
    )
