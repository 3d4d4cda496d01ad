"""Reports kept in files, compared whole: `UPDATE_GOLDEN=1 pytest ...` writes them anew."""

import os
from pathlib import Path

GOLDEN = Path(__file__).parent.parent / "golden"


def golden_programs(folder: str) -> list[Path]:
    """Return the programs of a folder of `tests/golden`."""
    return sorted((GOLDEN / folder).glob("*.lzn"))


def assert_golden(path: Path, text: str) -> None:
    """Compare a text with what the file holds, or write it there when asked to."""
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="")
    with path.open(encoding="utf-8", newline="") as file:
        assert text == file.read()
