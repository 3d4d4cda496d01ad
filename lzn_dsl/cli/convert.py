"""`lzn convert`: a checkpoint of the paper's published code becomes a run folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lzn_dsl.planning.plan import TaskPlan


def convert(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A checkpoint of the published code (.pt)."),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="Run folder to make.")],
    config: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Configuration of the paper, such as cifar10_joint.",
            show_default="recognised by the weights",
        ),
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Take the weights that were trained, not their average.")
    ] = False,
    support: Annotated[
        str | None,
        typer.Option(
            metavar="WHERE",
            help="Pictures to bound zones by: a folder, or a dataset such as cifar10.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Convert a checkpoint of the paper's published code; nothing in the file is run."""
    from lzn_runtime.convert.convert import convert as convert_file

    made = convert_file(file, out, config=config, raw=raw, support=support)
    of = f"the paper's {made.name}" if made.name else "a published network"
    typer.echo(f"{file}: {of}, {made.parameters:,} parameters, step {made.step:,}")
    for modality in made.plan.modalities:
        for part, number in modality.parameters.items():
            if number:
                typer.echo(f"  {modality.name}.{part}: {number:,} parameters")
    tasks = ", ".join(task.name for task in made.plan.tasks)
    typer.echo(f"use it: lzn do {made.folder} TASK   (tasks: {tasks})")
    if made.support:
        typer.echo(f"zones are bounded by {made.support:,} support anchors")
        return
    zoned = [task.name for task in made.plan.tasks if _bounds_zones(task)]
    if zoned:
        typer.echo(
            f"{', '.join(zoned)}: the checkpoint keeps no anchors to bound zones by; "
            "convert it again with `--support FOLDER` (about 1,000 training pictures)"
        )


def _bounds_zones(task: "TaskPlan") -> bool:
    """Whether a task computes latents of pictures."""
    primitives = ("encode", "center", "invert")
    return any(s.primitive in primitives and s.modality == "image" for s in task.steps)
