"""The nearest known word to one that is not known: in words, and as a fix."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Self

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix

_LOOKED_AT = 100  # characters of a word
_CANDIDATES = 1000


class Suggestion(str):
    """``did you mean `x`?``, which also keeps the word and what it may have been meant for."""

    __slots__ = ("instead", "word")
    word: str
    instead: str

    def __new__(cls, word: str, instead: str) -> Self:
        """Return the question about a word."""
        made = super().__new__(cls, f"did you mean `{instead}`?")
        made.word, made.instead = word, instead
        return made


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known word most like `word`, or None where none is at least `cutoff` like it.

    A word of the same letters and digits is the most like it: `FashionMNIST`, `fashion_mnist`.
    Only the first thousand known words are looked at, so that any program is answered in time.
    """
    from difflib import SequenceMatcher  # slow to import, and needed for mistakes only

    word = word[:_LOOKED_AT]
    candidates = list(islice(known, _CANDIDATES))
    same = [candidate for candidate in candidates if _letters(candidate) == _letters(word)]
    if same:
        return min(same)
    best, best_ratio = None, cutoff
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    for candidate in candidates:
        length = len(candidate)
        if 2 * min(length, len(word)) < best_ratio * (length + len(word)):
            continue
        matcher.set_seq1(candidate)
        if matcher.quick_ratio() < best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio > best_ratio or (ratio == best_ratio and (best is None or candidate < best)):
            best, best_ratio = candidate, ratio
    return best


def _letters(word: str) -> str:
    return word.replace("_", "").casefold()


def suggest(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the nearest known word, or an empty string."""
    near = closest(word, known)
    return Suggestion(word, near) if near else ""


def with_fix(diagnostic: Diagnostic) -> Diagnostic:
    """Give a finding whose hint suggests another word the fix that writes it.

    The fix is not safe: the nearest word may not be the one that was meant. A finding whose place
    is not the word itself gets none.
    """
    hint, span = diagnostic.hint, diagnostic.span
    if not isinstance(hint, Suggestion) or span is None or span.text != hint.word:
        return diagnostic
    fix = Fix(f"write `{hint.instead}`", (Edit(span, hint.instead),), safe=False)
    return replace(diagnostic, fixes=(*diagnostic.fixes, fix))
