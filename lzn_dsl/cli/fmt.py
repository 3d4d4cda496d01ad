"""`lzn fmt`: programs in their one layout."""

from lzn_dsl.cli.rewriting import CheckOption, DiffOption, FilesArgument, Rewriting


def fmt(files: FilesArgument, *, check: CheckOption = False, diff: DiffOption = False) -> None:
    """Lay programs out in the one way; what they say and their comments stay."""
    from lzn_dsl.formatting.format import format_source

    Rewriting(format_source, "format", "formatted", check, diff).run(files)
