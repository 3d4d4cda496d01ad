"""How much a program may import. Only a person may raise a limit, never a text."""

from dataclasses import dataclass

from lzn_dsl.syntax.limits import DEFAULT_LIMITS


@dataclass(frozen=True)
class LinkLimits:
    """The limits of all files of a program together.

    A file that is imported with other parameters counts again.

    Attributes:
        files: Imported files.
        depth: Files that import one another in a row.
        total_bytes: Bytes of all files, the program's own included.
        total_tokens: Words and signs of all files: as many as one file may have, so that a program
            in many files takes no longer to check.
    """

    files: int = 64
    depth: int = 8
    total_bytes: int = 4 * 1024 * 1024
    total_tokens: int = DEFAULT_LIMITS.tokens


DEFAULT_LINK_LIMITS = LinkLimits()
