"""A program in its one layout."""

from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.formatting.collect import collect
from lzn_dsl.formatting.write import write
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.parser import parse


def format_source(source: Source) -> str:
    """Return the text of a program in its one layout; what it says does not change.

    Raises SpecError, with all mistakes, where the text is not a program.
    """
    mistakes = parse(source)[1]
    if mistakes:
        raise SpecError(mistakes)
    return write(collect(lex(source)))
