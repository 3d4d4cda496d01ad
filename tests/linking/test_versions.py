"""The version line: first, and of a version that is known."""

from pathlib import Path

import pytest

from helpers.projects import codes, linked


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("generate image\n", []),
        ("lzn 1\ngenerate image\n", []),
        ("\n# A comment.\n\nlzn 1\n", []),
        ("generate image\nlzn 1\n", ["LZN250"]),
        ("lzn 1\nlzn 1\n", ["LZN250"]),
        ("lzn 2\n", ["LZN251"]),
        ("lzn 0\n", ["LZN251"]),
        ("lzn -1\n", ["LZN251"]),
        ("lzn 1.0\n", ["LZN251"]),
        ("lzn 1e0\n", ["LZN251"]),
    ],
)
def test_a_version_line(tmp_path: Path, text: str, found: list[str]) -> None:
    assert codes(linked(tmp_path, {"top.lzn": text}).found) == found


def test_each_file_has_its_own_version_line(tmp_path: Path) -> None:
    files = {"top.lzn": 'import "new.lzn"\nimport "now.lzn"\n', "now.lzn": "lzn 1\n"}
    found = linked(tmp_path, files | {"new.lzn": "lzn 99\n"}).found
    assert codes(found) == ["LZN251"]
    assert found[0].span is not None
    assert Path(found[0].span.source.name).name == "new.lzn"
    assert "newer" in found[0].hint
