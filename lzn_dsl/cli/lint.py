"""`lzn lint`: advice on specs that is not about errors, and the fixes for it."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lzn_dsl.cli.difference import difference
from lzn_dsl.cli.findings import FindingsFormat, FormatOption, print_findings
from lzn_dsl.cli.options import DataOption, JsonOption, ParamOption, SetOption, load_spec
from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, has_errors

if TYPE_CHECKING:
    from lzn_dsl.lint.mending import Mended
    from lzn_dsl.spec import Spec

_FOUND = 1
"""Exit code where the linter has something to say."""
_FIXES = "without --diff, --fix and --unsafe-fixes, each finding comes with its fixes"

SelectOption = Annotated[
    str | None,
    typer.Option(
        metavar="CODES",
        help="Run these rules only: codes or their first characters, `pedantic` or `all`, "
        "joined by commas.",
        show_default=False,
    ),
]
IgnoreOption = Annotated[
    str | None,
    typer.Option(metavar="CODES", help="Leave these rules out.", show_default=False),
]


def lint(
    specs: Annotated[
        list[str],
        typer.Argument(
            metavar="SPEC...", help="Spec files, `-`, or a program as text.", show_default=False
        ),
    ],
    *,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    pedantic: Annotated[bool, typer.Option("--pedantic", help="Pedantic rules as well.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Make the safe fixes.")] = False,
    unsafe_fixes: Annotated[
        bool,
        typer.Option(
            "--unsafe-fixes", help="Make all fixes, those that may change the program too."
        ),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what the fixes would change, and nothing else.")
    ] = False,
    data: DataOption = "digits",
    set_: SetOption = None,
    param: ParamOption = None,
    format_: FormatOption = FindingsFormat.TEXT,
    json: JsonOption = False,
) -> None:
    """Say what is likely not meant, or could be said better. Exits with 1 if there is something."""
    from lzn_dsl.lint.lint import lint as lint_spec
    from lzn_dsl.lint.mending import mend
    from lzn_dsl.lint.project import project_selection

    shown = FindingsFormat.JSON if json else format_
    found: list[Diagnostic] = []
    changed = False
    for name in specs:
        try:
            spec = load_spec(name, data, set_, param)
            chosen = project_selection(spec.folder).narrowed(
                select=_codes(select), ignore=_codes(ignore), pedantic=pedantic
            )
            if fix or unsafe_fixes or diff:
                if diff or not _is_file(name, spec):
                    _refuse_mixing(shown)
                mended = mend(spec, chosen.codes(), unsafe=unsafe_fixes)
                changed |= mended.text != spec.source.text
                _show(name, spec, mended, diff=diff)
                found.extend(d for d in mended.left if not diff or has_errors([d]))
            else:
                found.extend(lint_spec(spec, chosen.codes()))
        except SpecError as failure:
            found.extend(failure.diagnostics)
    print_findings(found, shown)
    if shown is FindingsFormat.TEXT and not found and not diff:
        typer.echo(f"{', '.join(specs)}: nothing to say", err=fix or unsafe_fixes)
    if has_errors(found):
        raise typer.Exit(SpecError.exit_code)
    if found or (diff and changed):
        raise typer.Exit(_FOUND)


def _codes(words: str | None) -> list[str]:
    return [word.strip() for word in (words or "").split(",") if word.strip()]


def _refuse_mixing(shown: FindingsFormat) -> None:
    """Refuse to print a text among findings that another program reads."""
    if shown is not FindingsFormat.TEXT:
        summary = f"what is mended is shown as text, not as {shown}"
        raise SpecError(Diagnostic("LZN902", summary, hint=_FIXES))


def _is_file(name: str, spec: "Spec") -> bool:
    return name != "-" and Path(spec.source.name).is_file()


def _show(name: str, spec: "Spec", mended: "Mended", *, diff: bool) -> None:
    """Show or keep what was mended: as a difference, in the file, or the text of a text."""
    from lzn_dsl.syntax.writing import write_text

    path = Path(spec.source.name)
    if diff:
        typer.echo(difference(spec.source, mended.text, "fixed"), nl=False)
    elif not _is_file(name, spec):
        typer.echo(mended.text, nl=not mended.text.endswith("\n"))
    elif mended.text != spec.source.text:
        write_text(path, mended.text)
        for title, times in Counter(mended.done).items():
            typer.echo(f"{path}: {title}{f' ({times} times)' if times > 1 else ''}", err=True)
