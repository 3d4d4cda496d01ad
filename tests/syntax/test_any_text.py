"""Whatever the text: a tree, findings of this stage within the text, and no exception."""

import re

import pytest
from hypothesis import given, settings

from helpers.program_texts import PAPER, mutants, soups, texts
from helpers.trees import outline, spans
from lzn_dsl.diagnostics.formats.records import to_json
from lzn_dsl.diagnostics.render import render_text
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.syntax.parser import parse, parse_expression, parse_value


def check(text: str) -> None:
    source = Source("any.lzn", text)
    file, findings = parse(source)
    for finding in findings:
        assert re.fullmatch(r"LZN1\d\d", finding.code)
        assert finding.span is None or 0 <= finding.span.start <= finding.span.end <= len(text)
    for span in spans(file):
        assert 0 <= span.start <= span.end <= len(text)
    report = render_text(findings, color=True)
    assert not re.search(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\u202e\ud800]", report)
    assert len(to_json(findings)) == len(findings)
    for parse_alone in (parse_value, parse_expression):
        alone, mistakes = parse_alone(source)
        assert (alone is None) == bool(mistakes)


@given(texts)
@settings(max_examples=100, deadline=None)
def test_any_text_is_answered(text: str) -> None:
    check(text)


@given(soups)
@settings(max_examples=200, deadline=None)
def test_any_soup_of_words_is_answered(text: str) -> None:
    check(text)


@given(mutants())
@settings(max_examples=60, deadline=None)
def test_any_mutant_of_a_program_is_answered(text: str) -> None:
    check(text)


@given(soups)
@settings(max_examples=200, deadline=None)
def test_a_statement_after_any_mistake_is_read(text: str) -> None:
    file, _ = parse(Source("any.lzn", f"{text}\nlet last = 1\n"))
    assert outline(file.statements[-1:]) == "[Let(last, 1)]"


@given(soups)
@settings(max_examples=100, deadline=None)
def test_what_was_read_among_mistakes_reads_the_same_alone(text: str) -> None:
    file, _ = parse(Source("any.lzn", text))
    for statement in file.statements:
        alone, findings = parse(Source("alone.lzn", statement.span.text))
        if not findings:
            assert outline(alone.statements) == outline((statement,))


@pytest.mark.parametrize("end", range(0, len(PAPER), 23))
def test_any_beginning_of_a_program_is_answered(end: int) -> None:
    check(PAPER[:end])
