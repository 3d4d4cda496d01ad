"""`lzn cp`: a copy of a spec that comes with lzn_dsl, to be changed."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, StorageError
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.resources import shipped_specs


def cp(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A spec of `lzn ls specs`.")],
    dest: Annotated[
        Path, typer.Argument(metavar="DEST", help="A file, or a folder.", show_default=False)
    ] = Path(),
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file.")] = False,
) -> None:
    """Copy a spec that comes with lzn_dsl."""
    known = {path.stem: path for path in shipped_specs()}
    source = known.get(name.removesuffix(".lzn"))
    if source is None:
        raise SpecError(
            Diagnostic(
                "LZN902",
                f"no spec is called `{name}`",
                notes=(f"specs: {', '.join(f'`{n}`' for n in known)}",),
                hint=suggest(name, known),
            )
        )
    target = dest / source.name if dest.is_dir() else dest
    same = target.exists() and target.samefile(source)
    if target.exists() and (same or not force):
        raise StorageError(
            Diagnostic("LZN904", f"`{target}` exists", hint="" if same else "--force overwrites it")
        )
    try:
        shutil.copyfile(source, target)
    except OSError as failure:
        raise StorageError(
            Diagnostic("LZN904", f"cannot write `{target}`: {failure.strerror}")
        ) from failure
    typer.echo(f"wrote {target}")
