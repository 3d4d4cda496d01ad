"""The page of the linter, made from its rules: `python -m lzn_dsl.lint.page > docs/lint.md`."""

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby

from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.rule import Rule, title_of
from lzn_dsl.lint.selection import rules
from lzn_dsl.spec import load

_FAMILIES = {
    "LZNW0": "Comments to the linter",
    "LZNW1": "Names",
    "LZNW2": "Tasks and modalities",
    "LZNW3": "Numbers of samples, classes and dimensions",
    "LZNW4": "Training and samplers",
    "LZNW9": "Pedantic: wording",
}
_HEAD = """# The linter

Made by `python -m lzn_dsl.lint.page > docs/lint.md`.

`lzn check` says what is wrong with a program. `lzn lint SPEC...` says what is right and likely not
what was meant, or could be said better. It exits with 1 if it has something to say, and with 2 if a
program has errors; those are shown first, and then only rules about the text itself run.
`lzn explain CODE` gives the reason of a rule, with a wrong and a right program.

| option | meaning |
|---|---|
| `--select CODES` | run these rules only: codes or their beginnings (`LZNW3`), `all`, `pedantic` |
| `--ignore CODES` | leave these rules out |
| `--pedantic` | run the pedantic rules as well |
| `--fix` | make the safe fixes: those that cannot change what the program does |
| `--unsafe-fixes` | make all fixes, such as the likeliest word for a name that is not known |
| `--diff` | show what would be fixed; write nothing |
| `--format` | `text`, `json`, `sarif` or `github` |

Several codes are joined by commas. A fix is not made if the program would then have an error that
it has not now. Files are written as a whole or not at all.

## Silencing a finding

```lzn
generate image { alpha: 0 } # lzn: ignore[LZNW206]
```

A comment at the end of a line counts for that line, after a statement for all of its lines; on a
line of its own, for the statement that follows. `# lzn: ignore-file[CODE, ...]` counts for the
whole file. Codes are never left out, errors cannot be silenced, and a comment that silences nothing
is reported.

## Settings of a project

The nearest `pyproject.toml`, of the spec's folder or of one above it, may hold

```toml
[tool.lzn.lint]
select = ["LZNW1", "LZNW3"]   # only these; without it, all but the pedantic ones
extend-select = ["LZNW902"]   # these as well
ignore = ["LZNW304"]          # not these
```

The command line's `--select` takes the place of both lists; its `--ignore` is added.

## Rules
"""


def page() -> str:
    """Return the page in Markdown."""
    parts = [_HEAD]
    for family, members in groupby(rules().values(), key=lambda rule: rule.code[:5]):
        parts += [f"### {_FAMILIES[family]}\n", *_table(members)]
    return "\n".join(parts)


def _table(members: Iterable[Rule]) -> Iterator[str]:
    yield "| code | finds that | fix |\n|---|---|---|"
    for rule in members:
        yield f"| {rule.code} | {title_of(rule)} | {_fix(rule)} |"
    yield ""


def _fix(rule: Rule) -> str:
    """Say whether the rule's example has a fix: `safe`, `unsafe` or nothing."""
    found = lint(load(CODES[rule.code].wrong), frozenset({rule.code}))
    fixes = [fix for finding in found for fix in finding.fixes]
    if rule.code == "LZNW105":  # its example would be two files
        return "unsafe"
    return "" if not fixes else "safe" if all(fix.safe for fix in fixes) else "unsafe"


if __name__ == "__main__":
    sys.stdout.write(page())
