"""Whatever a path leads to: a text, or one finding, and no waiting."""

import os
import socket
from pathlib import Path

import pytest

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError
from lzn_dsl.syntax.limits import DEFAULT_LIMITS
from lzn_dsl.syntax.reading import decode_source, read_source


def refusal(path: Path | str) -> Diagnostic:
    with pytest.raises(SpecError) as caught:
        read_source(path)
    [finding] = caught.value.diagnostics
    return finding


def test_file_gives_its_text_and_the_name_it_was_asked_by(tmp_path: Path) -> None:
    path = tmp_path / "a.lzn"
    path.write_bytes('\ufefflet s = "\u65e5"\r\n'.encode())
    source = read_source(path)
    assert (source.name, source.text) == (str(path), 'let s = "\u65e5"\r\n')


def test_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.lzn").write_text("let a = 1")
    (tmp_path / "b.lzn").symlink_to("a.lzn")
    assert read_source(tmp_path / "b.lzn").text == "let a = 1"


def test_missing_file_is_said_with_the_nearest_name(tmp_path: Path) -> None:
    for name in ("digits.lzn", "clothes.lzn", "notes.txt"):
        (tmp_path / name).touch()
    finding = refusal(tmp_path / "digit.lzn")
    assert finding.code == "LZN101"
    assert finding.hint == f"did you mean `{tmp_path / 'digits.lzn'}`?"
    assert finding.notes == ("programs there: `clothes.lzn`, `digits.lzn`",)
    assert refusal(tmp_path / "digits").hint == f"did you mean `{tmp_path / 'digits.lzn'}`?"


def test_missing_folder_is_said(tmp_path: Path) -> None:
    finding = refusal(tmp_path / "none" / "a.lzn")
    assert (finding.code, finding.summary) == (
        "LZN101",
        f"there is no folder `{tmp_path / 'none'}`",
    )


@pytest.mark.parametrize("special", ["folder", "pipe", "socket", "device"])
def test_what_is_no_file_is_refused_at_once(
    special: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s"
    if special == "folder":
        path.mkdir()
    elif special == "pipe":
        os.mkfifo(path)
    elif special == "device":
        path = Path("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as server:
            monkeypatch.chdir(tmp_path)  # the path of a socket must be short
            server.bind("s")
    finding = refusal(path)
    assert (finding.code, finding.summary) == ("LZN102", f"`{path}` is a {special}, not a file")


def test_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.lzn").symlink_to("a.lzn")
    assert refusal(tmp_path / "a.lzn").code == "LZN103"


def test_link_to_nothing_says_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "a.lzn").symlink_to("gone.lzn")
    finding = refusal(tmp_path / "a.lzn")
    assert (finding.code, finding.hint) == ("LZN101", "it leads to `gone.lzn`")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.lzn"
    path.touch(mode=0)
    assert refusal(path).code == "LZN103"


@pytest.mark.parametrize("name", ["a\0b.lzn", "n" * 300])
def test_path_that_no_file_can_have_is_refused(name: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / name).code == "LZN103"


def test_size_is_limited_before_the_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.lzn"
    path.write_bytes(b"#" * DEFAULT_LIMITS.file_bytes)
    assert len(read_source(path).text) == DEFAULT_LIMITS.file_bytes
    with path.open("ab") as file:
        file.truncate(2**33)  # sparse: 8 GiB that take no room
    assert refusal(path).code == "LZN104"


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"let a = 1\nlet \xff", "LZN105", "byte 0xff at line 2, column 5"),
        ("\u65e5".encode() + b"\xe6\x97", "LZN105", "byte 0xe6 at line 1, column 2"),
        (b"\xed\xa0\x80", "LZN105", "byte 0xed at line 1, column 1"),
        ("let a = 1".encode("utf-16"), "LZN105", "it is UTF-16"),
        (b"let a\n = \x001", "LZN106", "line 2, column 4"),
        (b"\xef\xbb\xbf\x00", "LZN106", "line 1, column 1"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_place(
    data: bytes, code: str, said: str
) -> None:
    with pytest.raises(SpecError) as caught:
        decode_source(data, "a.lzn")
    [finding] = caught.value.diagnostics
    assert finding.code == code
    assert said in finding.summary


def test_message_quotes_nothing_of_a_file_that_is_no_program(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"password = hunter2 \xff\n")
    assert "hunter2" not in str(refusal(path))
