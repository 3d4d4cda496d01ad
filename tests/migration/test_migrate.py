"""`migrate`: edits of the rewrites are made, all else stays, and what is up to date is left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.golden import golden_programs
from lzn_dsl.diagnostics.diagnostic import Edit, SpecError
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.linking.versions import PRESENT, check_version
from lzn_dsl.migration.migrate import migrate
from lzn_dsl.migration.rewrites import REWRITES, Rewrites
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse


def migrated(text: str, rewrites: Rewrites = REWRITES, present: int = PRESENT) -> str:
    return migrate(Source("test.lzn", text), rewrites, present)


def steps_to_updates(file: tree.File) -> Iterator[Edit]:
    """A made-up change: `train { steps: ... }` is `train { updates: ... }` from version 2 on."""
    for statement in file.statements:
        if isinstance(statement, tree.Train):
            for setting in statement.settings:
                if setting.key.text == "steps":
                    yield Edit(setting.key.span, "updates")


def updates_to_rounds(file: tree.File) -> Iterator[Edit]:
    """A made-up change from version 2 to 3, which builds on the one before."""
    for statement in file.statements:
        if isinstance(statement, tree.Train):
            for setting in statement.settings:
                if setting.key.text == "updates":
                    yield Edit(setting.key.span, "rounds")


MADE_UP: Rewrites = {1: (steps_to_updates,), 2: (updates_to_rounds,)}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("generate image\n", "lzn 1\n\ngenerate image\n"),
        ("# Head.\n# More.\n\nlet a = 1\n", "# Head.\n# More.\n\nlzn 1\n\nlet a = 1\n"),
        ("# Of a.\nlet a = 1\n", "lzn 1\n\n# Of a.\nlet a = 1\n"),
        ("\n\nlet a = 1", "lzn 1\n\n\nlet a = 1"),
        ("# Head.\n\n\nlet a = 1\n", "# Head.\n\nlzn 1\n\nlet a = 1\n"),
        ("", "lzn 1\n"),
        ("# Head.\n\n", "# Head.\n\nlzn 1\n"),
        ("let a = 1\r\n", "lzn 1\r\n\r\nlet a = 1\r\n"),
    ],
)
def test_the_version_line_is_put_below_the_comment_that_heads_the_file(
    text: str, wanted: str
) -> None:
    assert migrated(text) == wanted
    assert migrated(wanted) == wanted


@pytest.mark.parametrize("path", golden_programs("syntax_right"), ids=lambda p: p.stem)
def test_a_migrated_program_says_the_same(path: Path) -> None:
    text = path.read_text("utf-8")
    before, after = (parse(Source("test.lzn", t))[0].statements for t in (text, migrated(text)))
    kept = [s for s in after if not isinstance(s, tree.Version)]
    assert [s.span.text for s in kept] == [
        s.span.text for s in before if not isinstance(s, tree.Version)
    ]
    assert not list(check_version(parse(Source("test.lzn", migrated(text)))[0]))


def test_the_rewrites_of_all_versions_since_are_made_in_order() -> None:
    text = "lzn 1  # of old\ntrain {\n    steps:   5   # five\n}\nlet steps = 3  # no setting\n"
    assert migrated(text, MADE_UP, 2) == text.replace("lzn 1", "lzn 2").replace(
        "steps:  ", "updates:  "
    )
    twice = migrated(text, MADE_UP, 3)
    assert twice == text.replace("lzn 1", "lzn 3").replace("steps:  ", "rounds:  ")
    assert migrated(migrated(text, MADE_UP, 2), MADE_UP, 3) == twice
    assert migrated(twice, MADE_UP, 3) == twice


def test_a_program_without_a_version_is_of_the_present_one() -> None:
    assert migrated("train { steps: 5 }\n", MADE_UP, 3) == "lzn 3\n\ntrain { steps: 5 }\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("let a 1\n", "LZN120"),
        ("lzn 9\n", "LZN251"),
        ("lzn 0\n", "LZN251"),
        ("let a = 1\nlzn 1\n", "LZN250"),
    ],
)
def test_a_program_with_mistakes_is_left_as_it_is(text: str, code: str) -> None:
    with pytest.raises(SpecError) as refused:
        migrated(text)
    assert [d.code for d in refused.value.diagnostics] == [code]


def test_a_program_of_an_earlier_version_is_told_what_to_do() -> None:
    (found,) = check_version(parse(Source("test.lzn", "lzn 1\n"))[0], 2)
    assert found.hint == "`lzn migrate test.lzn` rewrites it"


def test_each_version_before_the_present_has_its_place_in_the_table() -> None:
    assert set(REWRITES) <= set(range(1, PRESENT))
