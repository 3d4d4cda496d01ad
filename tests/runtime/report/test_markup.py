import pytest

from lzn_runtime.report.markup import Html, escape, join, prose, table, tag


def test_text_is_escaped_and_markup_is_not() -> None:
    inner = tag("b", "a < b & c")
    assert inner == "<b>a &lt; b &amp; c</b>"
    assert tag("p", inner, "<i>") == "<p><b>a &lt; b &amp; c</b>&lt;i&gt;</p>"


def test_attributes_are_escaped_and_named_as_in_html() -> None:
    made = tag("td", class_="a b", aria_label='"<x>"', title=None, width=3)
    assert made == '<td class="a b" aria-label="&quot;&lt;x&gt;&quot;" width="3"></td>'


def test_an_attribute_may_be_called_name() -> None:
    assert tag("meta", name="viewport", content="x") == '<meta name="viewport" content="x">'


def test_nothing_is_left_of_none() -> None:
    assert tag("p", None, "x", None) == "<p>x</p>"
    assert join("a", None, Html("<b>"), between=" & ") == "a &amp; <b>"


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\ud800"])
def test_characters_that_no_page_may_hold_become_spaces(character: str) -> None:
    assert escape(f"a{character}b") == "a b"
    assert escape("a\n\tb") == "a\n\tb"


def test_table_sets_whole_numbers_with_commas() -> None:
    made = table(("name", "count"), [("<a>", 3_000)])
    assert '<td>&lt;a&gt;</td><td class="num">3,000</td>' in made
    assert '<th scope="col">name</th>' in made


def test_names_between_backticks_become_code() -> None:
    assert prose("`a<b` is `c`") == "<code>a&lt;b</code> is <code>c</code>"
    assert prose("a lone ` stays") == "a lone ` stays"
