"""One mistake is said once, and what is right around it is read."""

import pytest

from helpers.trees import mistakes, outline, read
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.parser import parse

WRONG = [
    "let a 1",
    "let b: 2",
    "let c =",
    "space gaussian(dim = 1)",
    "space gaussian(dim: [1, 2",
    "data d = mnist { split: train }",
    "modality image = image(encoder: conv(3)",
    "task t = = 5",
    "task train = generate image",
    "trian { a: 1 }",
    "train { a = 1 }",
    "train { a: f(1 }",
    "train { a: }",
    "evaluate t on",
    "evaluate t on d with m,",
    "learn align image label",
    "generate image form label",
    "verb v a: b -> a = f a |>",
    "verb v a: b -> a = f g a",
    'let s = "open',
    "let n = 5K",
    "let n = 2 * 3",
    "}",
    "let x = (1]",
]


@pytest.mark.parametrize("wrong", WRONG)
def test_each_mistake_is_said_once_between_right_statements(wrong: str) -> None:
    text = f"let before = 1\n{wrong}\nlet after = 2\n"
    file, findings = parse(Source("test.lzn", text))
    assert [finding.span.line for finding in findings if finding.span] == [2]
    kept = [outline(statement) for statement in file.statements]
    assert (kept[0], kept[-1]) == ("Let(before, 1)", "Let(after, 2)")


def test_all_mistakes_of_a_file_are_said_in_order() -> None:
    text = "\n".join(f"let good = 1\n{wrong}" for wrong in WRONG)
    findings = mistakes(text)
    assert [f.span.line for f in findings if f.span] == [2 * n + 2 for n in range(len(WRONG))]


def test_every_wrong_setting_of_a_block_is_said_and_the_others_are_kept() -> None:
    text = "train {\n a = 1\n b: 2\n c 3\n d: f(1]\n e: 5K\n g: [1\n h: 8\n}\nlet after = 2\n"
    file, findings = parse(Source("test.lzn", text))
    assert [finding.span.line for finding in findings if finding.span] == [2, 4, 5, 6, 7]
    block = outline(file.statements[0])
    assert "Setting(b, 2)" in block
    assert "Setting(h, 8)" in block
    assert outline(file.statements[1]) == "Let(after, 2)"


def test_wrong_settings_of_one_line_are_said_when_they_are_keyed() -> None:
    findings = mistakes("train { a = 1, b: 2, c: , d: 4 }\n")
    assert [finding.span.column for finding in findings if finding.span] == [11, 25]


def test_settings_may_be_named_like_statements() -> None:
    assert read("train {\n data: a\n task: b\n learn: c\n}\n")
    [finding] = mistakes("train {\n data = a\n steps: 1\n}\nlet a = 1\n")
    assert finding.code == "LZN124"
    [finding] = mistakes("train {\n data a\n steps: 1\n}\nlet a = 1\n")
    assert finding.code == "LZN120"


def test_bracket_left_open_does_not_swallow_the_phrase_below() -> None:
    file, findings = parse(Source("test.lzn", "space gaussian(dim: 64\ngenerate image\n"))
    assert [finding.code for finding in findings] == ["LZN122"]
    assert len(file.statements) == 2


def test_expectations_are_exact() -> None:
    cases = {
        "let a = f": "LZN120: expected `(` or the end of the line, found `1`",
        "let a = [1": "LZN120: expected `,` or `]`, found `1`",
        "train": "LZN120: expected `{`, found `1`",
        "evaluate a on b with c": "LZN120: expected `,`, `(` or the end of the line, found `1`",
    }
    for text, said in cases.items():
        finding = mistakes(f"{text} 1]\n" if "[" in text else f"{text} 1\n")[0]
        assert f"{finding.code}: {finding.summary}" == said
