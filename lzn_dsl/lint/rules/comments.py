"""LZNW00x: the comments that silence findings."""

from lzn_dsl.lint.rule import CommentRule

UNKNOWN = CommentRule("LZNW001")
UNUSED = CommentRule("LZNW002")
MALFORMED = CommentRule("LZNW003")

RULES = (UNKNOWN, UNUSED, MALFORMED)
