"""What changed from each version of the language to the next, as rewrites of a program.

A rewrite is a function of a program's tree that returns edits of its text: all that it does not
touch, comments and layout included, stays. The rewrites of version N lead to version N + 1; each
one sees the text that those before it left.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from lzn_dsl.diagnostics.diagnostic import Edit
from lzn_dsl.syntax import tree

Rewrite = Callable[[tree.File], Iterable[Edit]]
Rewrites = Mapping[int, Sequence[Rewrite]]

REWRITES: Rewrites = {}
"""By the version that they start from. Version 1 is the first."""
