"""`lzn doctor`: whether this installation works: versions, device, data, plugins, a tiny run."""

import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics
from lzn_dsl.diagnostics.diagnostic import LznError
from lzn_dsl.version import __version__

if TYPE_CHECKING:
    from lzn_dsl.registry.entry import Entry

_PACKAGES = ("torch", "torchvision", "lark", "pydantic", "networkx", "typer", "rich", "safetensors")
_TINY = """
let steps = 3
modality image = image(encoder: conv(widths: [8, 8]), decoder: flow(unet(width: 8)))
task draw = generate image from label
task name = classify image as label
train { steps: steps, batch: 32, support: 64, solver_steps: 6 }
evaluate name on unseen with accuracy
"""


def doctor(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the tiny run.")] = False,
) -> None:
    """Check this installation, and train a tiny model on the digits."""
    from lzn_dsl.registry.entry import Kind
    from lzn_dsl.registry.plugins import default_registry

    registry = default_registry()
    typer.echo(f"lzn_dsl      {__version__}")
    typer.echo(f"python       {sys.version.split()[0]} on {platform.system()} {platform.machine()}")
    for name in _PACKAGES:
        typer.echo(f"{name:<12} {_version(name)}")
    for name in registry.names(Kind.DATASET):
        entry = registry.get(Kind.DATASET, name)
        typer.echo(f"data         {name}: {_data(entry)}")
    for entry in registry.entries:
        if entry.plugin:
            typer.echo(f"plugin       {entry.plugin}: {entry.kind} {entry.name}")
    print_diagnostics(registry.warnings)
    if not quick:
        typer.echo(f"tiny run     {_tiny_run()}")
    if registry.warnings:
        raise typer.Exit(1)


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "missing: `pip install` lzn-dsl again"


def _data(entry: "Entry") -> str:
    if any(field.is_required() for field in entry.settings.model_fields.values()):
        return "wherever `root:` says"
    assert entry.describe is not None, entry
    try:
        info = entry.describe(entry.settings(), Path())
    except LznError as failure:
        return f"unusable: {failure.diagnostics[0].summary}"
    return f"not here ({info.missing})" if info.missing else f"here, {info.num_samples} samples"


def _tiny_run() -> str:
    import tempfile
    import time

    from lzn_dsl.cli.progress import progress
    from lzn_dsl.spec import load

    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trained = load(_TINY).run(folder, observer=progress(quiet=True))
        drawn = trained.run("draw", {"label": [0]})
        device = drawn.value.device
    return (
        f"works on {device}: trained, evaluated, drew a digit in {time.monotonic() - start:.0f} s"
    )
