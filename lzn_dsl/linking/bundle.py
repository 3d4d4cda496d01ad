"""A program with all that it imports, laid out so that it stands by itself: for a run folder."""

import json
import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, StorageError
from lzn_dsl.diagnostics.edits import apply_edits
from lzn_dsl.linking.linked import Linked, Unit

SPEC = "spec.lzn"
IMPORTS = "imports"


@dataclass(frozen=True)
class Bundle:
    """The texts of a program.

    Attributes:
        text: The program's own text, whose imports lead into the folder `imports` beside it.
        imports: The texts it imports, by path from the program's own folder.
    """

    text: str
    imports: Mapping[str, str]


def bundle(linked: Linked) -> Bundle:
    """Return the texts of a program, the paths of their imports changed to where they are put."""
    units = {unit.loaded.path: unit for unit in reversed(linked.units)}
    top = linked.units[0].loaded.path
    places = _places(unit.loaded.path for unit in linked.units if unit.loaded.path != top)
    places[top] = ""
    texts = {places[path]: _moved(unit, places) for path, unit in units.items()}
    return Bundle(texts.pop(""), dict(sorted(texts.items())))


def refuse_overwriting(linked: Linked, texts: Bundle, folder: Path) -> None:
    """Raise StorageError (LZN904) where a folder's copies would take the place of the originals."""
    originals = {Path(os.path.realpath(u.loaded.path)): u.loaded.source for u in linked.units}
    for place, text in {SPEC: texts.text, **texts.imports}.items():
        original = originals.get(Path(os.path.realpath(folder / place)))
        if original is not None and original.text != text:
            summary = f"the run would overwrite `{original.name}`, a file of the program itself"
            hint = "choose a folder of its own for the run: `--out FOLDER`"
            raise StorageError(Diagnostic("LZN904", summary, hint=hint))


def _places(paths: Iterable[Path]) -> dict[Path, str]:
    """Return where files are put: by their name, in a numbered folder where it is taken."""
    places: dict[Path, str] = {}
    for path in dict.fromkeys(paths):
        number, place = 1, f"{IMPORTS}/{path.name}"
        while place in places.values():
            number += 1
            place = f"{IMPORTS}/{number}/{path.name}"
        places[path] = place
    return places


def _moved(unit: Unit, places: Mapping[Path, str]) -> str:
    folder = posixpath.dirname(places[unit.loaded.path])
    edits = [
        Edit(statement.path.span, _quoted(posixpath.relpath(places[target.path], folder or ".")))
        for statement, target in unit.imports
    ]
    return apply_edits(unit.loaded.source.text, edits)


def _quoted(path: str) -> str:
    return json.dumps(path, ensure_ascii=False)
