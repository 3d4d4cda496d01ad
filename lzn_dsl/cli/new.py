"""`lzn new`: a spec, or a package with a modality, to start from."""

from pathlib import Path
from typing import Annotated

import typer

DestOption = Annotated[
    Path, typer.Option("--dest", metavar="DIR", help="The folder to write into; made if need be.")
]

app = typer.Typer(
    help="Write a spec, or a package with a modality, to start from.", no_args_is_help=True
)


@app.command(name="spec")
def spec(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the file is called.")],
    *,
    dest: DestOption = Path(),
) -> None:
    """Write a commented spec that runs as it is."""
    from lzn_dsl.scaffold.write import new_spec

    path = new_spec(name, dest)
    typer.echo(f"wrote {path}")
    typer.echo(f"next: lzn check {path}; lzn run {path}")


@app.command(name="modality")
def modality(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The word that programs use, such as `spectrum`.")
    ],
    *,
    dest: DestOption = Path(),
) -> None:
    """Write a Python package with a modality for real vectors that works as it is."""
    from lzn_dsl.registry.plugins import default_registry
    from lzn_dsl.scaffold.write import new_modality

    folder = new_modality(name, dest, default_registry())
    typer.echo(f"wrote {folder}")
    typer.echo(f"next: pip install -e {folder}; lzn test-modality {name}")
