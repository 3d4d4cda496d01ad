"""`lzn explain`: what a code of an error or warning means, with a wrong and a right program."""

from enum import StrEnum
from typing import Annotated

import typer

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.suggest import suggest


class PageFormat(StrEnum):
    """How explanations are printed."""

    TEXT = "text"
    MARKDOWN = "md"


def explain(
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="Such as LZN201.", show_default=False),
    ] = None,
    *,
    all_: Annotated[bool, typer.Option("--all", help="Explain all codes.")] = False,
    format_: Annotated[
        PageFormat, typer.Option("--format", help="Plain text or Markdown.")
    ] = PageFormat.TEXT,
) -> None:
    """Explain the code of an error or warning; without one, list all codes."""
    from lzn_dsl.diagnostics.codes import CODES
    from lzn_dsl.diagnostics.explain import explain_code, list_codes, make_page

    if all_ and code is not None:
        raise SpecError(Diagnostic("LZN902", "name a code or --all, not both"))
    markdown = format_ is PageFormat.MARKDOWN
    if all_ and markdown:
        typer.echo(make_page(CODES.values()), nl=False)
    elif all_:
        typer.echo("\n\n".join(explain_code(known, markdown=False) for known in CODES.values()))
    elif code is None:
        typer.echo(list_codes(CODES.values(), markdown=markdown))
    elif code.upper() in CODES:
        typer.echo(explain_code(CODES[code.upper()], markdown=markdown))
    else:
        hint = suggest(code.upper(), CODES) or "`lzn explain` lists all codes"
        raise SpecError(Diagnostic("LZN902", f"there is no code `{code}`", hint=hint))
