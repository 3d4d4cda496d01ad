"""LZN1xx: how a program is written down."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = ()
