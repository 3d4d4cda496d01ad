"""`lzn migrate`: programs in the present version of the language."""

from lzn_dsl.cli.rewriting import CheckOption, DiffOption, FilesArgument, Rewriting


def migrate(files: FilesArgument, *, check: CheckOption = False, diff: DiffOption = False) -> None:
    """Rewrite programs for the present version of the language, and state that version."""
    from lzn_dsl.migration.migrate import migrate as rewrite

    Rewriting(rewrite, "migrate", "migrated", check, diff).run(files)
