"""The folders in which the files of a dataset are looked for."""

import os
from pathlib import Path

from lzn_dsl.datafiles.errors import data_error, show_path

ENVIRONMENT = "LZN_DATA"


def resolve_root(root: str, folder: Path) -> Path:
    """Return the folder that a `root:` setting names; relative to `folder`, `~` is the home."""
    return folder / Path(root).expanduser()


def usual_places(name: str, *, inside: tuple[str, ...], system: Path | None = None) -> list[Path]:
    """Return where the files of a dataset are without a `root:` setting, best first.

    Args:
        name: The dataset's folder in lzn_dsl's cache.
        inside: Its folders inside of the folder that the environment variable LZN_DATA names.
        system: Where a package of the operating system puts the files.
    """
    places = []
    if given := os.environ.get(ENVIRONMENT):
        places = [Path(given).expanduser() / sub for sub in inside]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    places.append(cache / "lzn_dsl" / name)
    return places if system is None else [*places, system]


def check_folder(root: Path) -> bool:
    """Whether a folder is there. DataError LZN502 if it is something else or cannot be listed."""
    try:
        with os.scandir(root):
            return True
    except FileNotFoundError:
        return False
    except ValueError as error:  # a name with a zero byte
        raise data_error("LZN502", f"`{show_path(root)}` can be no folder: {error}") from error
    except OSError as error:
        reason = (
            "is a file, not a folder" if root.is_file() else f"cannot be read: {error.strerror}"
        )
        raise data_error("LZN502", f"the data folder `{show_path(root)}` {reason}") from error
