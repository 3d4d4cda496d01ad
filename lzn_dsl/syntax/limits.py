"""How large a text may be. Only a person may raise a limit, never a text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of one text; each has a code of its own in `lzn explain`."""

    file_bytes: int = 1024 * 1024
    tokens: int = 100_000
    nesting: int = 64
    name_length: int = 128
    string_length: int = 4096
    number_length: int = 40
    list_length: int = 10_000
    values: int = 100_000
    errors: int = 50


DEFAULT_LIMITS = Limits()
