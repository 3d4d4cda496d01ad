"""`lzn show`: a program written out, every setting with where its value came from."""

from typing import Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics, print_json
from lzn_dsl.cli.options import (
    DataOption,
    JsonOption,
    ParamOption,
    SetOption,
    SpecArgument,
    load_spec,
)


def show(
    spec: SpecArgument,
    *,
    data: DataOption = "digits",
    set_: SetOption = None,
    params: ParamOption = None,
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Leave out where values came from; the text is a spec."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Show the whole program: what it says, what was inferred, and every default."""
    loaded = load_spec(spec, data, set_, params)
    if json:
        settings = loaded.settings()
        print_json({s.path: {"value": s.value, "from": s.origin} for s in settings})
        return
    text = loaded.to_text(notes=not plain)
    print_diagnostics(loaded.check())
    typer.echo(text, nl=False)
