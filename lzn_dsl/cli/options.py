"""Arguments and options that several commands share, and how a program is loaded from them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lzn_dsl.spec import Spec

SpecArgument = Annotated[
    str,
    typer.Argument(
        metavar="SPEC",
        help="A spec file, `-` for standard input, or the program itself: "
        '"generate image from label".',
        show_default=False,
    ),
]
DataOption = Annotated[
    str,
    typer.Option("--data", metavar="NAME", help="Dataset of a program that names none."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Set a setting, such as train.steps=100. Repeat it for more.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def load_spec(spec: str, data: str, settings: list[str] | None) -> "Spec":
    """Load the program that a command is given; SpecError where it cannot be read."""
    from lzn_dsl.spec import load

    chosen = settings or ()
    if spec == "-":
        from lzn_dsl.syntax.reading import decode_source

        text = decode_source(sys.stdin.buffer.read(), "<stdin>").text
        return load(text, data=data, settings=chosen)
    if " " in spec.strip() and not Path(spec).exists() and not spec.endswith(".lzn"):
        return load(spec, data=data, settings=chosen)
    return load(Path(spec), data=data, settings=chosen)
