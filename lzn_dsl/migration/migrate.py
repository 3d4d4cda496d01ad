"""Brings a program to the present version of the language."""

from collections.abc import Iterable

from lzn_dsl.diagnostics.diagnostic import Edit, SpecError, has_errors
from lzn_dsl.diagnostics.edits import apply_edits
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.linking.versions import PRESENT, check_version
from lzn_dsl.migration.rewrites import REWRITES, Rewrites
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse


def migrate(source: Source, rewrites: Rewrites = REWRITES, present: int = PRESENT) -> str:
    """Return a program's text in the present version, with the version line; the rest stays.

    A program without a version line is of the present version. Raises SpecError for one with
    mistakes of form, or of a version that is not known.
    """
    file = _parse(source)
    if problems := tuple(check_version(file, present, earlier=True)):
        raise SpecError(problems)
    line = _version_line(file)
    stated = line.number.value if line else present
    assert isinstance(stated, int), stated
    for version in range(stated, present):
        for rewrite in rewrites.get(version, ()):
            file = _edited(file, rewrite(file))
    line = _version_line(file)
    if line is None:
        return _edited(file, (_stated(file, present),)).span.source.text
    return _edited(file, (Edit(line.number.span, str(present)),)).span.source.text


def _parse(source: Source) -> tree.File:
    file, found = parse(source)
    if has_errors(found):
        raise SpecError(found)
    return file


def _edited(file: tree.File, edits: Iterable[Edit]) -> tree.File:
    source = file.span.source
    return _parse(Source(source.name, apply_edits(source.text, edits)))


def _version_line(file: tree.File) -> tree.Version | None:
    return next((s for s in file.statements if isinstance(s, tree.Version)), None)


def _stated(file: tree.File, present: int) -> Edit:
    """Return the edit that states the version: below the comment that heads the file, if any."""
    source = file.span.source
    end = "\r\n" if "\r\n" in source.text else "\n"
    lines = source.text.splitlines(keepends=True)
    header = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    below = 0 < header < len(lines) and not lines[header].strip()
    place = sum(map(len, lines[: header + 1])) if below else 0
    more = source.text[place:].lstrip(" \t")
    gap = end if more and not more.startswith(("\n", "\r")) else ""
    return Edit(Span(source, place, place), f"lzn {present}{end}{gap}")
