"""Texts for the parser: right programs, soups of words, mutated programs."""

from pathlib import Path

from hypothesis import strategies as st

from lzn_dsl.syntax.tables import load_tables
from lzn_dsl.syntax.tokens import SIGNS

PAPER = (Path(__file__).parent.parent / "golden" / "syntax_right" / "paper.lzn").read_text("utf-8")

COMPOSED = """\
lzn 1
import "base.lzn" as base { steps: 5 }
param width: integer = 32 in 1..64
param size: word = small in [small, large]
verb again photo: image as mood: label by share: number = 0.5 -> photo {
    let z = encode photo

    let y = center of mood
    blend(z, y, share)
        |> decode photo
}
task more = classify (base.draw label) as label { alpha: 0 }
evaluate more on base.unseen with accuracy
"""

_PIECES = [
    *load_tables().words,
    *SIGNS.values(),
    *("image", "label", "adam", "x1", "_", "32", "4_000", "5k", "1e-3", "-1", ".5", '"a"', '"\\n"'),
    *("\n", "\n", "\n", "# note\n", "\r\n", "\t"),
    *('"open', "5K", "1.2.3", "?", "'", "\u00e9", "\u202e", "\x00", "\ud800", "\ufeff", "\r", "\\"),
]

soups = st.lists(st.sampled_from(_PIECES), max_size=60).map(" ".join)
"""Words, signs and mistakes of the language in any order."""

texts = st.text(max_size=200) | st.text(alphabet='lent =:,(){}[]|>-"\\#\n.1', max_size=200)
"""Any text, and texts of the characters that the lexer looks at."""


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """Return a program with a few places cut out, doubled or overwritten."""
    text = draw(st.sampled_from([PAPER, COMPOSED]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.sampled_from([*_PIECES, text[start:end] * 2])) + text[end:]
    return text
