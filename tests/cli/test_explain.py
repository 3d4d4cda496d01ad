"""`lzn explain`: one code, a list of all, all explained, and the page of the documentation."""

from pathlib import Path

from helpers.shell import Shell
from lzn_dsl.diagnostics.codes import CODES

ROOT = Path(__file__).parent.parent.parent


def test_the_page_of_codes_is_current(lzn: Shell) -> None:
    page = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")
    made = lzn("explain", "--all", "--format", "md")
    assert page == made, "run: lzn explain --all --format md > docs/codes.md"


def test_the_page_explains_every_code_once(lzn: Shell) -> None:
    page = lzn("explain", "--all", "--format", "md")
    for code in CODES.values():
        assert page.count(f"\n### {code.code}\n") == 1
        assert page.count(f"](#{code.code.lower()})") == 1
        assert code.explanation in page


def test_all_codes_as_text(lzn: Shell) -> None:
    text = lzn("explain", "--all")
    assert all(f"{code.code}: {code.title}\n" in text for code in CODES.values())


def test_one_code_in_markdown(lzn: Shell) -> None:
    assert lzn("explain", "LZN201", "--format", "md").startswith("### LZN201\n\n**No modality")


def test_a_code_and_all_of_them_is_refused(lzn: Shell) -> None:
    lzn("explain", "LZN201", "--all", code=2)
    assert "not both" in lzn.err
