"""How much a program may import: counted, and what is reached twice is counted once."""

import time
from pathlib import Path

import pytest

from helpers.projects import codes, linked
from lzn_dsl.linking.limits import LinkLimits


def chain(length: int) -> dict[str, str]:
    """Files that import one another in a row, the first not counted."""
    files = {f"f{i}.lzn": f'import "f{i + 1}.lzn" as next\n' for i in range(length)}
    return files | {f"f{length}.lzn": "let n = 1\n"}


def test_a_row_of_eight_is_imported_and_one_of_nine_is_not(tmp_path: Path) -> None:
    assert linked(tmp_path, chain(8)).found == ()
    found = linked(tmp_path, chain(9)).found
    assert codes(found) == ["LZN235"]
    assert found[0].span is not None
    assert found[0].span.source.name.endswith("f8.lzn")


def test_a_row_of_a_thousand_stops_at_the_limit(tmp_path: Path) -> None:
    result = linked(tmp_path, chain(1000))
    assert codes(result.found) == ["LZN235"]
    assert len(result.units) == 9


@pytest.mark.parametrize(("count", "found"), [(64, []), (65, ["LZN235"]), (90, ["LZN235"])])
def test_at_most_64_files_are_imported(tmp_path: Path, count: int, found: list[str]) -> None:
    top = "".join(f'import "f{i}.lzn"\n' for i in range(count))
    files = {"top.lzn": top} | {f"f{i}.lzn": f"let n = {i}\n" for i in range(count)}
    assert codes(linked(tmp_path, files).found) == found


def test_a_file_with_other_parameters_counts_again(tmp_path: Path) -> None:
    """So that eight files, each imported twice with other parameters, are not 256."""
    files = {}
    for i in range(7):
        uses = (f'import "f{i + 1}.lzn" as x{j} {{ n: {j} }}\n' for j in range(3))
        files[f"f{i}.lzn"] = f"param n: integer = 0\n{''.join(uses)}"
    files["f7.lzn"] = "param n: integer = 0\n"
    result = linked(tmp_path, files, LinkLimits(files=12))
    assert codes(result.found) == ["LZN235"]
    assert len(result.units) == 13


def test_all_files_together_may_have_so_many_bytes(tmp_path: Path) -> None:
    text = f"let n = 1  # {'-' * 100}\n"
    files = {"top.lzn": "".join(f'import "f{i}.lzn"\n' for i in range(4))}
    files |= {f"f{i}.lzn": text for i in range(4)}
    most = len(files["top.lzn"]) + 3 * len(text)
    assert codes(linked(tmp_path, files, LinkLimits(total_bytes=most)).found) == ["LZN235"]
    assert linked(tmp_path, files, LinkLimits(total_bytes=most + len(text))).found == ()


def test_all_files_together_may_have_as_many_words_as_one(tmp_path: Path) -> None:
    files = {"top.lzn": "".join(f'import "f{i}.lzn"\n' for i in range(4))}
    files |= {f"f{i}.lzn": "let n = 1\n" * 10 for i in range(4)}
    assert codes(linked(tmp_path, files, LinkLimits(total_tokens=150)).found) == ["LZN235"]
    assert "LZN235" not in codes(linked(tmp_path, files, LinkLimits(total_tokens=250)).found)


def test_a_diamond_is_one_file(tmp_path: Path) -> None:
    result = linked(
        tmp_path,
        {
            "top.lzn": 'import "left.lzn"\nimport "right.lzn"\n'
            "let a = left.base.n\nlet b = right.base.n\n",
            "left.lzn": 'import "base.lzn"\n',
            "right.lzn": 'import "base.lzn"\n',
            "base.lzn": "let n = 1\ntrain { steps: n }\n",
        },
    )
    assert result.found == ()
    assert [unit.prefix for unit in result.units] == ["", "left.", "left.base.", "right."]
    top = result.units[0]
    assert [d.name for d in top.find("right.base.n")] == ["left.base.n"]
    assert [str(s.span.text) for s in result.file.statements] == [
        "let n = 1",
        "let a = left.base.n",
        "let b = right.base.n",
        "train { steps: n }",
    ]


def test_a_fan_of_diamonds_is_linked_in_no_time(tmp_path: Path) -> None:
    files = {}
    for i in range(8):
        names = "".join(f'import "f{i + 1}.lzn" as x{j}\n' for j in range(50))
        files[f"f{i}.lzn"] = names
    files["f8.lzn"] = "let n = 1\n"
    start = time.perf_counter()
    result = linked(tmp_path, files)
    assert result.found == ()
    assert len(result.units) == 9
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "files",
    [
        {"a.lzn": 'import "a.lzn"\n'},
        {"a.lzn": 'import "./b/../a.lzn" as c\n', "b/x.lzn": ""},
        {"a.lzn": 'import "b.lzn"\n', "b.lzn": 'import "a.lzn"\n'},
        {"a.lzn": 'import "b.lzn"\n', "b.lzn": 'import "c.lzn"\n', "c.lzn": 'import "b.lzn"\n'},
        {
            "a.lzn": 'import "b.lzn" { n: 1 }\n',
            "b.lzn": 'param n: integer = 0\nimport "c.lzn" { n: n }\n',
            "c.lzn": 'param n: integer = 0\nimport "b.lzn" { n: 2 }\n',
        },
    ],
)
def test_a_circle_is_shown(tmp_path: Path, files: dict[str, str]) -> None:
    found = linked(tmp_path, files).found
    assert codes(found) == ["LZN234"]
    shown = [Path(name.strip("`")).name for name in found[0].notes[0].split(" imports ")]
    assert shown[0] == shown[-1]
    assert set(shown) <= {Path(name).name for name in files}


def test_a_program_that_is_reached_by_a_link_does_not_import_itself(tmp_path: Path) -> None:
    (tmp_path / "link.lzn").symlink_to("a.lzn")
    files = {"a.lzn": 'import "b.lzn"\n', "b.lzn": 'import "link.lzn"\n'}
    assert codes(linked(tmp_path, files).found) == ["LZN234"]


def test_many_failing_imports_are_reported_up_to_the_limit(tmp_path: Path) -> None:
    top = "".join(f'import "no{i}.lzn"\n' for i in range(500))
    assert codes(linked(tmp_path, {"top.lzn": top}).found) == ["LZN232"] * 50
