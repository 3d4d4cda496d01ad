"""Each limit holds: at it a text is read, beyond it one finding says so."""

import time

import pytest

from helpers.trees import mistakes, read
from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.limits import DEFAULT_LIMITS, Limits
from lzn_dsl.syntax.parser import parse


def nested(opener: str, closer: str, depth: int) -> str:
    return f"let deep = {opener * depth}{closer * depth}\n"


@pytest.mark.parametrize(("opener", "closer"), [("[", "]"), ("f(", ")"), ("f(a: [", "])")])
def test_nesting_is_limited(opener: str, closer: str) -> None:
    depth = DEFAULT_LIMITS.nesting // (opener.count("(") + opener.count("["))
    assert read(nested(opener, closer, depth))
    assert [f.code for f in mistakes(nested(opener, closer, depth + 1))] == ["LZN140"]


@pytest.mark.parametrize("text", ["[" * 900_000, "(" * 50_000, "{" * 50_000, "f(" * 40_000])
def test_any_nesting_is_answered(text: str) -> None:
    start = time.process_time()
    findings = mistakes(f"let deep = {text}")
    assert "LZN140" in [finding.code for finding in findings]
    assert len(findings) <= 2
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        (f"let {'n' * 128} = 1", f"let {'n' * 129} = 1", "LZN142"),
        (f'let s = "{"s" * 4096}"', f'let s = "{"s" * 4097}"', "LZN143"),
        (f"let n = 0.{'1' * 38}", f"let n = 0.{'1' * 39}", "LZN144"),
        (f"let n = {'1' * 40}", f"let n = {'1' * 100_000}", "LZN144"),
        (f"let n = [{'1,' * 10_000}]", f"let n = [{'1,' * 10_001}]", "LZN145"),
        (f"let n = f({'1,' * 10_000})", f"let n = f({'1,' * 10_001})", "LZN145"),
    ],
    ids=["name", "string", "number", "many digits", "list", "arguments"],
)
def test_lengths_are_limited(right: str, wrong: str, code: str) -> None:
    assert read(right)
    [finding] = mistakes(wrong)
    assert finding.code == code
    assert finding.span is not None


def test_malformed_number_of_any_length_is_one_short_finding() -> None:
    [finding] = mistakes(f"let n = {'1_x' * 50_000}")
    assert finding.code == "LZN144"
    assert len(finding.summary) < 100


def test_number_of_tokens_is_limited() -> None:
    limits = Limits(tokens=20)
    assert _findings("let a = 1\n" * 4, limits) == []
    file, findings = parse(Source("test.lzn", "let a = 1\n" * 400), limits)
    assert [finding.code for finding in findings] == ["LZN141"]
    assert len(file.statements) == 4


def test_size_of_a_text_is_limited() -> None:
    assert _findings("#" * 100, Limits(file_bytes=100)) == []
    assert [f.code for f in _findings("#" * 101, Limits(file_bytes=100))] == ["LZN104"]


def test_number_of_findings_is_limited_and_said() -> None:
    assert len(mistakes("let a 1\n" * 50)) == 50
    findings = mistakes("let a 1\n" * 10_000)
    assert [f.code for f in findings] == ["LZN120"] * 50 + ["LZN149"]


def test_statements_before_the_last_finding_are_kept() -> None:
    file, _ = parse(Source("test.lzn", "let a = 1\n" + "let b 1\n" * 100))
    assert len(file.statements) == 1


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 1_000_000,
        "let a = f(1, 2)\n" * 60_000,
        '"' * 1_000_000,
        "?" * 1_000_000,
        "a " * 500_000,
        "} " * 500_000,
        "trian { a = 1 }\n" * 60_000,
        "let x = [\n" * 90_000,
        "1" * 1_000_000 + "x",
        "#" + "\u202e" * 300_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_largest_texts_are_answered_in_time(text: str) -> None:
    start = time.process_time()
    parse(Source("large.lzn", text))
    assert time.process_time() - start < 4  # about 1 s on a machine at rest


def _findings(text: str, limits: Limits) -> list[Diagnostic]:
    return list(parse(Source("test.lzn", text), limits)[1])
