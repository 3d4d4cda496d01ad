"""The `lzn` command: one Typer app, one module per command, heavy imports inside the commands.

Exit codes: 0 done, 1 an unexpected failure, or findings or a difference where those were asked
for, 2 error in a spec or in the command line, 3 data error, 4 training stopped for its numbers, 5
storage error, 130 or 143 stopped by a signal.
"""

import errno
import os
import sys
from typing import Annotated

import typer

from lzn_dsl.cli import (
    bench,
    check,
    compare,
    conformance,
    convert,
    cp,
    diff,
    do,
    doctor,
    evaluate,
    explain,
    fmt,
    graph,
    lint,
    ls,
    lsp,
    migrate,
    new,
    plan,
    run,
    show,
)
from lzn_dsl.cli.findings import FindingsFormat, print_findings
from lzn_dsl.diagnostics.diagnostic import Diagnostic, LznError, StorageError
from lzn_dsl.version import __version__

app = typer.Typer(
    name="lzn",
    help="Multimodal machine learning over one shared latent space, from a line of text.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(name="run")(run.run)
app.command(name="do")(do.do)
app.command(name="eval")(evaluate.evaluate)
app.command(name="compare")(compare.compare)
app.command(name="convert")(convert.convert)
app.command(name="check")(check.check)
app.command(name="graph")(graph.graph)
app.command(name="plan")(plan.plan)
app.command(name="show")(show.show)
app.command(name="diff")(diff.diff)
app.command(name="ls")(ls.ls)
app.command(name="cp")(cp.cp)
app.add_typer(new.app, name="new")
app.add_typer(bench.app, name="bench")
app.command(name="test-modality")(conformance.examine)
app.command(name="fmt")(fmt.fmt)
app.command(name="migrate")(migrate.migrate)
app.command(name="lint")(lint.lint)
app.command(name="lsp")(lsp.lsp)
app.command(name="explain")(explain.explain)
app.command(name="doctor")(doctor.doctor)


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Why a stream takes no more, however well the command is."""


def _print_version(value: bool) -> None:  # noqa: FBT001 -- Typer passes the option by position
    if value:
        typer.echo(f"lzn_dsl {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Multimodal machine learning over one shared latent space, from a line of text."""
    del version


def main() -> None:
    """Run the shell; what a person can act on is printed without a traceback."""
    # Threads of torch that spin long while they wait slow a run down wherever something else uses
    # a core (docs/decisions/0006-threads.md). Read when torch is imported.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    try:
        app()
    except LznError as failure:
        json = "--json" in sys.argv
        shown = FindingsFormat.JSON if json else FindingsFormat.TEXT
        print_findings(failure.diagnostics, shown)
        sys.exit(failure.exit_code)
    except OSError as failure:
        if failure.errno not in _FULL:
            raise
        summary = f"what this prints cannot be written: {os.strerror(failure.errno).lower()}"
        print_findings([Diagnostic("LZN904", summary)], FindingsFormat.TEXT)
        sys.exit(StorageError.exit_code)
