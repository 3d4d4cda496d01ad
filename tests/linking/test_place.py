"""Where an import may lead: into the project, and nowhere else."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.projects import codes, linked, write
from lzn_dsl.diagnostics.render import render_text
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.linking.library import Library
from lzn_dsl.linking.link import link
from lzn_dsl.linking.place import open_inside, project_root
from lzn_dsl.spec import load

SECRET = "task hidden_treasure = embed image\n"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths that are opened during a test, as the interpreter itself tells them."""
    paths: list[str] = []
    active = [True]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if active and event == "open":
            paths.append(str(arguments[0]))

    sys.addaudithook(hook)
    yield paths
    active.clear()  # a hook cannot be taken away


def programs(opened: list[str]) -> list[str]:
    """Return the names of the programs that were opened, the built-in verbs left out."""
    names = [Path(path).name for path in opened]
    return [name for name in names if name.endswith(".lzn") and name != "prelude.lzn"]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("../../etc/passwd", "LZN230"),
        ("../../secret.lzn", "LZN231"),
        ("inner/../../../secret.lzn", "LZN231"),
        ("/etc/passwd.lzn", "LZN230"),
        ("//server/share/base.lzn", "LZN230"),
        ("~/base.lzn", "LZN230"),
        ("file:///etc/base.lzn", "LZN230"),
        ("http://example.org/base.lzn", "LZN230"),
        ("C:/base.lzn", "LZN230"),
        ("C:base.lzn", "LZN230"),
        (r"\\\\server\\base.lzn", "LZN230"),
        (r"inner\\base.lzn", "LZN230"),
        (r"base\n.lzn", "LZN230"),
        ("base", "LZN230"),
        ("base.lzn.txt", "LZN230"),
        (".lzn", "LZN230"),
        ("", "LZN230"),
        (" ", "LZN230"),
    ],
)
def test_a_path_that_leaves_the_project_is_refused_unopened(
    tmp_path: Path, opened: list[str], written: str, code: str
) -> None:
    write(tmp_path, {"secret.lzn": SECRET})
    path = write(tmp_path, {"a/project/top.lzn": f'import "{written}" as base\ngenerate image\n'})
    opened.clear()
    found = load(path).check()
    assert codes(found) == [code]
    assert "treasure" not in render_text(found)
    assert programs(opened) == ["top.lzn"]


@pytest.mark.parametrize("linked_part", ["file", "folder"])
def test_a_link_out_of_the_project_is_refused_unopened(
    tmp_path: Path, opened: list[str], linked_part: str
) -> None:
    write(tmp_path, {"outside/secret.lzn": SECRET})
    path = write(tmp_path, {"project/top.lzn": 'import "in/secret.lzn"\ngenerate image\n'})
    if linked_part == "folder":
        (path.parent / "in").symlink_to(tmp_path / "outside")
    else:
        (path.parent / "in").mkdir()
        (path.parent / "in" / "secret.lzn").symlink_to(tmp_path / "outside" / "secret.lzn")
    opened.clear()
    found = load(path).check()
    assert codes(found) == ["LZN231"]
    assert "treasure" not in render_text(found)
    assert programs(opened) == ["top.lzn"]


def test_a_link_inside_the_project_is_followed(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"top.lzn": 'import "link.lzn"\ntrain { steps: link.n }\n', "real.lzn": "let n = 3\n"},
    )
    (tmp_path / "link.lzn").symlink_to("real.lzn")
    assert load(path, settings={"let.link.n": 5}).linked.found == ()


def test_links_without_an_end_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {"top.lzn": 'import "a.lzn"\ngenerate image\n'})
    (tmp_path / "a.lzn").symlink_to("b.lzn")
    (tmp_path / "b.lzn").symlink_to("a.lzn")
    assert codes(load(path).check()) in (["LZN231"], ["LZN233"])


def test_no_link_is_followed_when_a_file_is_opened(tmp_path: Path) -> None:
    """What was found to be a file may be a link by the time it is opened."""
    write(tmp_path, {"outside/secret.lzn": SECRET, "project/in/base.lzn": "let n = 1\n"})
    root = tmp_path / "project"
    (root / "link.lzn").symlink_to(tmp_path / "outside" / "secret.lzn")
    (root / "folder").symlink_to(tmp_path / "outside")
    os.close(open_inside(root / "in" / "base.lzn", root))
    for name in ("link.lzn", "folder/secret.lzn"):
        with pytest.raises(OSError):  # noqa: PT011  # which one depends on the system
            open_inside(root / name, root)


@pytest.mark.parametrize("kind", ["folder", "pipe", "not text", "zero byte", "too large"])
def test_what_is_not_a_program_cannot_be_imported_and_is_not_shown(
    tmp_path: Path, kind: str
) -> None:
    path = write(tmp_path, {"top.lzn": 'import "odd.lzn"\ntask t = odd.draw label\n'})
    odd = tmp_path / "odd.lzn"
    if kind == "folder":
        odd.mkdir()
    elif kind == "pipe":
        os.mkfifo(odd)
    else:
        data = {"not text": b"treasure \xe9", "zero byte": b"treasure \0"}
        odd.write_bytes(data.get(kind, b"# treasure\n" * 100_000))
    found = load(path).check()
    assert codes(found) == ["LZN233"]
    assert "treasure" not in render_text(found)


def test_the_project_is_the_nearest_folder_with_a_mark(tmp_path: Path) -> None:
    files = {
        "project/specs/deep/top.lzn": 'import "../../shared/base.lzn"\ntask t = base.draw label\n',
        "project/shared/base.lzn": "task draw = generate image from label\n",
    }
    path = write(tmp_path, files)
    assert project_root(path.parent) == path.parent
    assert codes(load(path).check()) == ["LZN231"]
    write(tmp_path, {"project/pyproject.toml": ""})
    assert project_root(path.parent) == tmp_path / "project"
    assert codes(load(path).check()) == []


def test_a_text_imports_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"base.lzn": "task draw = generate image from label\n"})
    monkeypatch.chdir(tmp_path)
    spec = load('import "base.lzn"\nevaluate base.draw on unseen with frechet\n')
    assert codes(spec.check()) == []
    assert [source.name for source in spec.linked.sources] == ["<text>", "base.lzn"]


def test_a_file_is_named_as_one_would_write_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "a/top.lzn": 'import "b/inner.lzn"\n',
        "a/b/inner.lzn": 'import "../c.lzn"\n',
        "a/c.lzn": "",
    }
    write(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    names = [source.name for source in load("a/top.lzn").linked.sources]
    assert names == ["a/top.lzn", "a/b/inner.lzn", "a/c.lzn"]


def test_a_program_without_imports_looks_for_no_project(tmp_path: Path) -> None:
    assert linked(tmp_path, {"top.lzn": "generate image\n"}).complete


def test_a_closed_library_reads_no_file(tmp_path: Path, opened: list[str]) -> None:
    source = Source("<request>", 'import "base.lzn"\ntask mine = base.draw label\n')
    write(tmp_path, {"base.lzn": SECRET})
    opened.clear()
    found = link(Library(source, tmp_path, closed=True)).found
    assert codes(found) == ["LZN244"]
    assert programs(opened) == []
