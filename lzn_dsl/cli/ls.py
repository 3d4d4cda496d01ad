"""`lzn ls`: what a spec may name, and the specs that come with lzn_dsl."""

from typing import TYPE_CHECKING, Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics, print_json
from lzn_dsl.cli.options import JsonOption
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.suggest import suggest

if TYPE_CHECKING:
    from lzn_dsl.registry.registry import Registry

_PARAMETERS = "params"


def ls(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="WHAT",
            help="modalities, verbs, datasets, specs, metrics, encoders, decoders, ..., params.",
            show_default=False,
        ),
    ] = None,
    spec: Annotated[
        str | None,
        typer.Argument(metavar="SPEC", help="For `params`: whose parameters.", show_default=False),
    ] = None,
    *,
    json: JsonOption = False,
) -> None:
    """List what a spec may name: all of it, or one kind; or the parameters of a spec."""
    if what == _PARAMETERS:
        _list_parameters(spec, json=json)
        return
    from lzn_dsl.registry.plugins import default_registry

    registry = default_registry()
    tables = _tables(registry)
    if what is not None and what not in tables:
        raise SpecError(
            Diagnostic(
                "LZN902",
                f"nothing of the kind `{what}` can be listed",
                notes=(f"kinds: {', '.join(f'`{t}`' for t in (*tables, _PARAMETERS))}",),
                hint=suggest(what, (*tables, _PARAMETERS)),
            )
        )
    chosen = tables if what is None else {what: tables[what]}
    if json:
        print_json(chosen)
        return
    print_diagnostics(registry.warnings)
    width = max(len(name) for rows in chosen.values() for name in rows)
    for title, rows in chosen.items():
        if what is None:
            typer.echo(f"\n{title}")
        for name, text in rows.items():
            typer.echo(f"  {name:<{width}}  {text}")


def _list_parameters(spec: str | None, *, json: bool) -> None:
    from lzn_dsl.cli.parameters import parameter_rows

    if spec is None:
        hint = "name it: `lzn ls params SPEC`"
        raise SpecError(Diagnostic("LZN902", "parameters are those of a spec", hint=hint))
    rows = parameter_rows(spec)
    if json:
        print_json({_PARAMETERS: rows})
    elif not rows:
        typer.echo(f"{spec} has no parameters")
    else:
        width = max(map(len, rows))
        for name, text in rows.items():
            typer.echo(f"  {name:<{width}}  {text}")


def _tables(registry: "Registry") -> dict[str, dict[str, str]]:
    from lzn_dsl.registry.entry import Kind
    from lzn_dsl.resources import shipped_specs
    from lzn_dsl.semantics.verbs import form, help_of, prelude, types

    tables = {
        "specs": {path.name: _header(path.read_text(encoding="utf-8")) for path in shipped_specs()},
        "verbs": {form(v): f"{help_of(v)} ({types(v)})" for v in prelude()},
    }
    for kind in Kind:
        plural = "modalities" if kind is Kind.MODALITY else f"{kind}s"
        tables[plural] = {name: registry.get(kind, name).help for name in registry.names(kind)}
    return {title: rows for title, rows in tables.items() if rows}


def _header(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    return first.removeprefix("#").strip() if first.startswith("#") else ""
