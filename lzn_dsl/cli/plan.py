"""`lzn plan`: what a program will train, why, and what it costs."""

import typer

from lzn_dsl.cli.console import print_diagnostics
from lzn_dsl.cli.options import (
    DataOption,
    JsonOption,
    ParamOption,
    SetOption,
    SpecArgument,
    load_spec,
)


def plan(
    spec: SpecArgument,
    *,
    data: DataOption = "digits",
    set_: SetOption = None,
    param: ParamOption = None,
    json: JsonOption = False,
) -> None:
    """Show modules, objectives, tasks and cost of a program; --json is what the runtime gets."""
    loaded = load_spec(spec, data, set_, param)
    made = loaded.plan()
    if json:
        typer.echo(made.model_dump_json(indent=2))
        return
    from lzn_dsl.planning.show import show_plan

    print_diagnostics(loaded.check())
    typer.echo(show_plan(made))
