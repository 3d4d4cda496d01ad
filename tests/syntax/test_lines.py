"""Where a statement ends, and what may stand between the words."""

import pytest

from helpers.trees import mistakes, outline, read


@pytest.mark.parametrize(
    "text",
    [
        "let a = f(\n1,\n\n2\n,)\nlet b = 2",
        "let a = f(1, # one\n2) # two\nlet b = 2",
        "let a = f(1, 2)\n\n\n   \t\n# between\n\nlet b = 2\n\n",
        "\n\nlet a = f(1, 2)\r\nlet b = 2\r\n",
        "\ufefflet a = f(1, 2)\nlet b = 2",
        "\tlet a=f(1,2)\n  let b=2",
    ],
)
def test_blanks_newlines_and_comments_between_words_mean_nothing(text: str) -> None:
    assert (
        outline(read(text))
        == "File([Let(a, Call(f, [Argument(-, 1), Argument(-, 2)])), Let(b, 2)])"
    )


@pytest.mark.parametrize(
    "text",
    [
        "verb v a: b -> a = f a |> g a",
        "verb v a: b -> a = f a\n    |> g a",
        "verb v a: b -> a = f a  # first\n\n    # then\n    |> g a",
        "verb v a: b -> a = f a |>\n    g a",
        "verb v a: b -> a = f(\n a\n) |> g a",
    ],
)
def test_body_of_a_verb_goes_on_at_a_pipe(text: str) -> None:
    [statement] = read(f"{text}\n").statements
    assert outline(statement).endswith("Pipe([Apply(f, [&a], []), Apply(g, [&a], [])]))")


@pytest.mark.parametrize(
    "text",
    [
        "train { a: 1, b: 2 }",
        "train {\n a: 1\n b: 2\n}",
        "train {\n\n a: 1,\n b: 2,\n}",
        "train\n{\n a: 1 # one\n # two\n b: 2 }",
        "train {a:1\n,\n,b:2\n\n}",
    ],
)
def test_settings_are_separated_by_lines_or_commas(text: str) -> None:
    assert outline(read(text)) == "File([Train([Setting(a, 1), Setting(b, 2)])])"


def test_metrics_go_on_after_a_comma() -> None:
    [statement] = read("evaluate t on d with m(1),\n    n\n").statements
    assert outline(statement) == "Evaluate(t, d, [Call(m, [Argument(-, 1)]), Call(n, [])])"


@pytest.mark.parametrize(
    "text", ["let a\n= 1", "generate image\nfrom label", "task t =\ngenerate x"]
)
def test_statement_does_not_go_on_elsewhere(text: str) -> None:
    assert mistakes(text)


def test_carriage_return_alone_is_no_line_end() -> None:
    [finding] = mistakes("let a = 1\rlet b = 2\n")
    assert finding.code == "LZN110"
    assert "line feed" in finding.hint


def test_a_body_of_several_lines_may_begin_on_its_own_line() -> None:
    [statement] = read(
        "verb v a: b -> c\n{\n    let d = encode a\n    d |> decode c\n}\n"
    ).statements
    assert outline(statement) == outline(
        read("verb v a: b -> c {\n    let d = encode a\n    d |> decode c\n}\n").statements[0]
    )
