"""`lzn diff`: what two programs do differently, however they are written."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lzn_dsl.cli.console import print_json
from lzn_dsl.cli.options import DataOption, JsonOption, load_spec

if TYPE_CHECKING:
    from lzn_dsl.planning.compare import Difference
    from lzn_dsl.planning.plan import Plan

_DIFFERENT = 1
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}

ProgramArgument = Annotated[
    str,
    typer.Argument(help="A spec file, `-`, a program as text, or a run folder."),
]


def diff(
    before: ProgramArgument,
    after: ProgramArgument,
    *,
    data: DataOption = "digits",
    json: JsonOption = False,
) -> None:
    """Say what two programs do differently: exit 0 if nothing, 1 if something.

    Layout, comments, order, and settings that only state a default make no difference.
    """
    from lzn_dsl.planning.compare import differences

    found = differences(_plan(before, data), _plan(after, data))
    if json:
        print_json([{"kind": each.kind, **asdict(each)} for each in found])
    else:
        for each in found:
            typer.echo(_line(each))
        count = f"{len(found)} difference{'s' if len(found) > 1 else ''}"
        typer.echo(count if found else "no differences", err=True)
    if found:
        raise typer.Exit(_DIFFERENT)


def _plan(program: str, data: str) -> "Plan":
    if Path(program).is_dir():
        from lzn_runtime.training.run_folder import RunFolder

        return RunFolder(Path(program)).read_plan()
    return load_spec(program, data, None).plan()


def _line(difference: "Difference") -> str:
    sides = [side for side in (difference.before, difference.after) if side is not None]
    return f"{_SIGNS[difference.kind]} {difference.path}: {' -> '.join(sides)}"
