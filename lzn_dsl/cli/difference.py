"""The difference between a program and what a command would make of it."""

from lzn_dsl.diagnostics.source import Source


def difference(source: Source, text: str, what: str) -> str:
    """Return the lines that differ, as `diff -u` shows them; `what` says what would be done."""
    from difflib import unified_diff

    before, after = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    lines = unified_diff(before, after, source.name, f"{source.name} ({what})")
    unended = "\n\\ No newline at end of file\n"
    return "".join(line if line.endswith("\n") else f"{line}{unended}" for line in lines)
