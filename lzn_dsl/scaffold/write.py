"""Writing starting points from the templates of this package; all of one, or nothing of it."""

import shutil
import tempfile
from pathlib import Path
from string import Template

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.registry.registry import Registry
from lzn_dsl.scaffold.names import check_modality_name, check_spec_name, demo_name

TEMPLATES = Path(__file__).parent / "templates"
_SUFFIX = ".template"


def new_modality(name: str, dest: Path, registry: Registry) -> Path:
    """Write a package with a modality into a new folder of `dest`; return the folder.

    Raises:
        SpecError: The name cannot be used (LZN907).
        StorageError: The folder exists, or cannot be written (LZN904).
    """
    check_modality_name(name, registry)
    words = {
        "name": name,
        "demo": demo_name(name),
        "cls": "".join(word.capitalize() for word in name.split("_")),
        "package": f"lzn_{name}",
        "project": f"lzn-{name.replace('_', '-')}",
    }
    target = dest / words["project"]
    _refuse_existing(target)
    try:
        dest.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=dest, prefix=".new-") as folder:
            made = Path(folder) / target.name
            for path, text in render("modality", words).items():
                file = made / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            shutil.move(made, target)
    except OSError as failure:
        raise _unwritable(target, failure) from failure
    return target


def new_spec(name: str, dest: Path) -> Path:
    """Write a spec to start from into `dest`; return the file.

    Raises:
        SpecError: The name cannot be used (LZN907).
        StorageError: The file exists, or cannot be written (LZN904).
    """
    name = name.removesuffix(".lzn")
    check_spec_name(name)
    target = dest / f"{name}.lzn"
    _refuse_existing(target)
    text = render("spec", {"name": name})[Path("spec.lzn")]
    try:
        dest.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as failure:
        raise _unwritable(target, failure) from failure
    return target


def render(template: str, words: dict[str, str]) -> dict[Path, str]:
    """Return the files of a template by path, each `${word}` of its text replaced.

    `PACKAGE` and `NAME` in a path stand for the words `package` and `name`.
    """
    root = TEMPLATES / template
    files: dict[Path, str] = {}
    for path in sorted(root.rglob(f"*{_SUFFIX}")):
        name = path.relative_to(root).as_posix().removesuffix(_SUFFIX)
        for word in ("package", "name"):
            name = name.replace(word.upper(), words.get(word, ""))
        files[Path(name)] = Template(path.read_text(encoding="utf-8")).substitute(words)
    return files


def _refuse_existing(target: Path) -> None:
    if target.parent.exists() and not target.parent.is_dir():
        hint = "name a folder by `--dest`"
        raise StorageError(Diagnostic("LZN904", f"`{target.parent}` is no folder", hint=hint))
    if target.exists() or target.is_symlink():
        hint = "nothing was changed: choose another name, or another folder by `--dest`"
        raise StorageError(Diagnostic("LZN904", f"`{target}` exists", hint=hint))


def _unwritable(target: Path, failure: OSError) -> StorageError:
    return StorageError(
        Diagnostic("LZN904", f"cannot write `{target}`: {failure.strerror or failure}")
    )
