"""`lzn test-modality`: the conformance kit, for an installed modality."""

from typing import Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics, print_json
from lzn_dsl.cli.options import JsonOption
from lzn_dsl.diagnostics.diagnostic import DataError, Diagnostic, SpecError
from lzn_dsl.diagnostics.suggest import suggest


def examine(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A modality of `lzn ls modalities`.")],
    *,
    data: Annotated[
        str | None,
        typer.Option(
            "--data", metavar="DATASET", help="Take samples of this dataset.", show_default=False
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check that a modality does what the language relies on; exit 1 where it does not."""
    from lzn_dsl.registry.entry import Kind
    from lzn_dsl.registry.plugins import default_registry
    from lzn_dsl.testing import examine_modality

    registry = default_registry()
    for kind, word in ((Kind.MODALITY, name), (Kind.DATASET, data)):
        if word is not None and registry.find(kind, word) is None:
            print_diagnostics(registry.warnings)
            known = registry.names(kind)
            raise SpecError(
                Diagnostic(
                    "LZN902",
                    f"no {kind} is called `{word}`",
                    notes=(f"there are: {', '.join(f'`{n}`' for n in known)}",),
                    hint=suggest(word, known),
                )
            )
    try:
        report = examine_modality(name, data=data, registry=registry)
    except ValueError as failure:
        raise DataError(Diagnostic("LZN906", str(failure))) from failure
    if json:
        print_json(report.to_json())
    else:
        typer.echo(str(report))
    if not report.ok:
        raise typer.Exit(1)
