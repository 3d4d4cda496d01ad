"""Where the shell writes: results to standard output, findings to standard error."""

import json
import os
import sys
from collections.abc import Sequence
from typing import TextIO

import typer

from lzn_dsl.diagnostics.diagnostic import Diagnostic


def use_color(stream: TextIO) -> bool:
    """Whether to colour what is written to a stream: a terminal, and no NO_COLOR."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def print_diagnostics(found: Sequence[Diagnostic]) -> None:
    """Print findings to standard error."""
    if found:
        from lzn_dsl.diagnostics.render import render_text

        typer.echo(render_text(found, color=use_color(sys.stderr)).rstrip("\n"), err=True)


def print_json(value: object) -> None:
    """Print a value to standard output as JSON."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
