"""The nearest known word to one that is not known."""

from collections.abc import Iterable


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known word most like `word`, or None where none is at least `cutoff` like it."""
    from difflib import SequenceMatcher  # slow to import, and needed for mistakes only

    best, best_ratio = None, cutoff
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word[:100])
    for candidate in sorted(known):
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() >= best_ratio and (ratio := matcher.ratio()) >= best_ratio:
            best, best_ratio = candidate, ratio + 1e-9
    return best


def suggest(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the nearest known word, or an empty string."""
    near = closest(word, known)
    return f"did you mean `{near}`?" if near else ""
