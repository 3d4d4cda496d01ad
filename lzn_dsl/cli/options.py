"""Arguments and options that several commands share, and how a program is loaded from them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError

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
ParamOption = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        "-p",
        metavar="NAME=VALUE",
        help="Set a parameter of the spec, such as steps=100. Repeat it for more.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def load_spec(
    spec: str, data: str, settings: list[str] | None, params: list[str] | None = None
) -> "Spec":
    """Load the program that a command is given; SpecError where it cannot be read."""
    from lzn_dsl.spec import load

    chosen, given = settings or (), params or ()
    if spec == "-":
        from lzn_dsl.syntax.reading import decode_source

        text = decode_source(sys.stdin.buffer.read(), "<stdin>").text
        return load("", data=data, settings=chosen, params=given).with_text(text)
    if _is_text(spec):
        return load(spec, data=data, settings=chosen, params=given)
    return load(Path(spec), data=data, settings=chosen, params=given)


def check_device(name: str | None) -> None:
    """Refuse the name of a device that is not there, before anything is done (LZN903)."""
    if name is None:
        return
    from lzn_runtime.device import pick_device

    try:
        pick_device(name)
    except ValueError as failure:
        raise SpecError(Diagnostic("LZN903", str(failure))) from failure


def read_size(text: str | None) -> int | None:
    """Return the bytes of a size such as `64G` or `500M`, powers of 1000; SpecError otherwise."""
    if text is None:
        return None
    scale = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}.get(text[-1:].upper(), 0)
    number = text[:-1] if scale else text
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        summary = f"`{text}` is no size: write `64G`, `500M` or a number of bytes"
        raise SpecError(Diagnostic("LZN902", summary))
    return int(number) * (scale or 1)


def _is_text(spec: str) -> bool:
    if "\n" in spec:
        return True
    if " " not in spec.strip() or spec.endswith(".lzn"):
        return False
    try:
        return not Path(spec).exists()
    except OSError:  # too long for the name of a file
        return True
