"""Where the data files of the language are: the grammar and the spec files to copy."""

from pathlib import Path
from typing import Literal


def resource_folder(name: Literal["grammars", "specs"]) -> Path:
    """Return the folder of that name: inside the package when installed, beside it in a checkout.

    Raises FileNotFoundError when neither is there, which means that the installation is broken.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"`{name}` is neither in {package} nor beside it: reinstall lzn-dsl")


def shipped_specs() -> tuple[Path, ...]:
    """Return the spec files that come with the language, in the order of their names."""
    return tuple(sorted(resource_folder("specs").rglob("*.lzn")))
