"""Programs of several files."""

from collections.abc import Mapping
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity
from lzn_dsl.linking.library import Library
from lzn_dsl.linking.limits import DEFAULT_LINK_LIMITS, LinkLimits
from lzn_dsl.linking.link import link
from lzn_dsl.linking.linked import Linked
from lzn_dsl.syntax.reading import read_source

DIGITS = """\
param steps: integer = 100 in 1..1_000
let width = 16
data seen = digits(split: train)
data unseen = digits(split: test)
modality image = image(encoder: conv(widths: [width, width]))
task draw = generate image from label
task name = classify image as label
train { on: seen, steps: steps }
evaluate name on unseen with accuracy
"""
"""A program that others import."""


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder; return the first."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(files))


def linked(
    folder: Path, files: Mapping[str, str], limits: LinkLimits = DEFAULT_LINK_LIMITS
) -> Linked:
    """Write files below a folder and link the first."""
    path = write(folder, files)
    return link(Library(read_source(path), path.parent), limits=limits)


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    """Return the codes of errors, in order."""
    return [d.code for d in found if d.severity is Severity.ERROR]
