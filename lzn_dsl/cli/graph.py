"""`lzn graph`: the task graph as a picture or as data."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lzn_dsl.cli.options import DataOption, ParamOption, SetOption, SpecArgument, load_spec
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, StorageError


class GraphFormat(StrEnum):
    """Forms of the graph."""

    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"


_ENDINGS = {
    ".svg": GraphFormat.SVG,
    ".mmd": GraphFormat.MERMAID,
    ".md": GraphFormat.MERMAID,
    ".dot": GraphFormat.DOT,
    ".gv": GraphFormat.DOT,
    ".json": GraphFormat.JSON,
}


def graph(
    spec: SpecArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="File to write; its ending chooses the format."),
    ] = None,
    format_: Annotated[
        GraphFormat | None, typer.Option("--format", "-f", help="Format.", show_default="svg")
    ] = None,
    data: DataOption = "digits",
    set_: SetOption = None,
    param: ParamOption = None,
) -> None:
    """Draw the task graph of a program."""
    from lzn_dsl.graph.pictures import draw

    chosen = format_ or _format_of(out)
    text = draw(load_spec(spec, data, set_, param).graph.graph, str(chosen))
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise StorageError(
            Diagnostic("LZN904", f"cannot write `{out}`: {failure.strerror}")
        ) from failure
    typer.echo(f"wrote {out}")


def _format_of(out: Path | None) -> GraphFormat:
    if out is None:
        return GraphFormat.SVG
    chosen = _ENDINGS.get(out.suffix.lower())
    if chosen is None:
        known = ", ".join(f"`{e}`" for e in _ENDINGS)
        summary = f"a graph cannot be written as `{out.name}`"
        raise SpecError(Diagnostic("LZN903", summary, notes=(f"formats: {known}",)))
    return chosen
