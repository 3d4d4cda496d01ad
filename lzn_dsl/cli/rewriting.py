"""Commands that rewrite files: files, folders and standard input, `--check` and `--diff`."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lzn_dsl.cli.console import print_diagnostics
from lzn_dsl.cli.difference import difference
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.diagnostics.source import Source

_STDIN = "-"
_PLAN = "plan.json"
"""What makes a folder a run folder."""
_WOULD_CHANGE = 1

FilesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE...",
        help="Spec files, folders of them, or `-` for standard input.",
        show_default=False,
    ),
]
CheckOption = Annotated[
    bool, typer.Option("--check", help="Write nothing; exit 1 if a file would change.")
]
DiffOption = Annotated[bool, typer.Option("--diff", help="Write nothing; print what would change.")]


@dataclass
class Rewriting:
    """What is done with each file, and how it went.

    Attributes:
        rewrite: Returns the text that a file should have; SpecError where it has mistakes.
        verb: What is done, as in `would format`.
        done: What has been done, as in `formatted`.
    """

    rewrite: Callable[[Source], str]
    verb: str
    done: str
    check: bool
    diff: bool
    seen: int = 0
    changed: int = 0
    failed: bool = False

    def run(self, names: Iterable[str]) -> None:
        """Rewrite files, say what was done, and exit with what it means."""
        for name in names:
            for path in _paths(name):
                self._file(path)
        self._finish()

    def _file(self, path: str) -> None:
        """Rewrite a file, or standard input; one with mistakes is left as it is."""
        from lzn_dsl.syntax.writing import write_text

        self.seen += 1
        try:
            source = _read(path)
            text = self.rewrite(source)
        except SpecError as failure:
            print_diagnostics(failure.diagnostics)
            self.failed = True
            return
        differs = text != source.text
        self.changed += differs
        if self.diff:
            typer.echo(difference(source, text, self.done), nl=False)
        elif path == _STDIN and not self.check:
            typer.echo(text, nl=False)
        elif differs and self.check:
            typer.echo(f"would {self.verb} {path}", err=True)
        elif differs:
            write_text(Path(path), text)
            typer.echo(f"{self.done} {path}", err=True)

    def _finish(self) -> None:
        if self.failed:
            raise typer.Exit(SpecError.exit_code)
        if self.check and self.changed:
            raise typer.Exit(_WOULD_CHANGE)
        if not self.changed and not self.diff:
            what = "1 file is" if self.seen == 1 else f"{self.seen} files are"
            typer.echo(f"{what} {self.done} already", err=True)


def _paths(name: str) -> Iterator[str]:
    """Return the files that an argument stands for: itself, or the specs in a folder.

    Hidden folders are left out, and run folders, whose programs tell what was trained.
    """
    folder = Path(name)
    if name in ("", _STDIN) or not folder.is_dir():
        yield name
        return
    paths = (path for path in folder.rglob("*.lzn") if path.is_file())
    found = sorted(path for path in paths if not _is_hidden(path.relative_to(folder), folder))
    if not found:
        raise SpecError(Diagnostic("LZN101", f"there is no `.lzn` file in `{name}`"))
    yield from map(str, found)


def _is_hidden(path: Path, folder: Path) -> bool:
    """Whether a path below a folder leads through a hidden folder or a run folder."""
    inner = [part for part in path.parents if part != Path()]
    return any(part.name.startswith(".") or (folder / part / _PLAN).exists() for part in inner)


def _read(path: str) -> Source:
    from lzn_dsl.syntax.reading import decode_source, read_source

    if path == _STDIN:
        return decode_source(sys.stdin.buffer.read(), "<stdin>")
    return read_source(path)
