"""What is written about one code of the language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A code, what it means, a small program that earns it and the same program put right.

    `wrong` and `right` are complete texts. A code that no text can earn (a missing file, a full
    disk), or none that is short enough to show, leaves both empty.
    """

    code: str
    title: str
    explanation: str
    wrong: str = ""
    right: str = ""
