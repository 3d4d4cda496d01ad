"""`lzn explain`: what a code of an error or warning means, with a wrong and a right program."""

from typing import Annotated

import typer

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.suggest import suggest


def explain(
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="Such as LZN201.", show_default=False),
    ] = None,
) -> None:
    """Explain the code of an error or warning; without one, list all codes."""
    from lzn_dsl.diagnostics.codes import CODES
    from lzn_dsl.diagnostics.excerpt import visible

    if code is None:
        for known in CODES.values():
            typer.echo(f"{known.code}  {known.title}")
        return
    found = CODES.get(code.upper())
    if found is None:
        raise SpecError(
            Diagnostic(
                "LZN902",
                f"there is no code `{code}`",
                hint=suggest(code.upper(), CODES) or "`lzn explain` lists all codes",
            )
        )
    typer.echo(f"{found.code}: {found.title}\n\n{found.explanation.strip()}")
    for title, program in (("Wrong", found.wrong), ("Right", found.right)):
        if program:
            indented = "\n".join(f"    {visible(line)}" for line in program.strip("\n").split("\n"))
            typer.echo(f"\n{title}:\n\n{indented}")
