"""A program with all it imports stands by itself, wherever it is put."""

from pathlib import Path

import pytest

from helpers.projects import DIGITS, write
from lzn_dsl.diagnostics.diagnostic import StorageError
from lzn_dsl.linking.bundle import Bundle, bundle, refuse_overwriting
from lzn_dsl.spec import load

FILES = {
    "project/specs/top.lzn": "# The top.\n"
    'import "../shared/base.lzn" as b { steps: 3 }  # a comment\n'
    'import "inner/base.lzn"\nimport "odd \\"name\\".lzn" as odd\n'
    "train { on: b.seen, steps: odd.n }\n",
    "project/specs/inner/base.lzn": 'import "../../shared/more.lzn"\nlet width = more.width\n',
    "project/shared/base.lzn": f'import "more.lzn"\n{DIGITS}',
    "project/shared/more.lzn": "let width = 8\n",
    'project/specs/odd "name".lzn': "let n = 9\n",
    "project/pyproject.toml": "",
}


def put(folder: Path, texts: Bundle) -> Path:
    return write(folder, {"spec.lzn": texts.text, **texts.imports})


def test_a_bundle_has_all_texts_and_imports_only_those(tmp_path: Path) -> None:
    texts = bundle(load(write(tmp_path, FILES)).linked)
    assert texts.text == (
        "# The top.\n"
        'import "imports/base.lzn" as b { steps: 3 }  # a comment\n'
        'import "imports/2/base.lzn"\nimport "imports/odd \\"name\\".lzn" as odd\n'
        "train { on: b.seen, steps: odd.n }\n"
    )
    assert texts.imports == {
        "imports/base.lzn": f'import "more.lzn"\n{DIGITS}',
        "imports/2/base.lzn": 'import "../more.lzn"\nlet width = more.width\n',
        "imports/more.lzn": "let width = 8\n",
        'imports/odd "name".lzn': "let n = 9\n",
    }


def test_a_bundle_is_the_same_program(tmp_path: Path) -> None:
    before = load(write(tmp_path, FILES))
    after = load(put(tmp_path / "elsewhere", bundle(before.linked)))
    kept = {"title": "", "origins": {}}
    assert before.plan().model_copy(update=kept) == after.plan().model_copy(update=kept)
    assert bundle(after.linked) == bundle(before.linked)


def test_a_program_without_imports_is_its_text(tmp_path: Path) -> None:
    assert bundle(load("generate image  # as it is").linked) == Bundle(
        "generate image  # as it is", {}
    )


@pytest.mark.parametrize(
    "files",
    [
        {"spec.lzn": 'import "base.lzn"\n', "base.lzn": DIGITS},
        {
            "top.lzn": 'import "base.lzn" as a\nimport "imports/base.lzn"\n',
            "imports/base.lzn": "let n = 1\n",
            "base.lzn": DIGITS,
        },
    ],
)
def test_a_run_does_not_take_the_place_of_its_own_program(
    tmp_path: Path, files: dict[str, str]
) -> None:
    linked = load(write(tmp_path, files)).linked
    with pytest.raises(StorageError, match="LZN904"):
        refuse_overwriting(linked, bundle(linked), tmp_path)
    refuse_overwriting(linked, bundle(linked), tmp_path / "run")


def test_a_run_may_go_on_in_the_folder_that_its_copy_is_in(tmp_path: Path) -> None:
    path = put(tmp_path / "run", bundle(load(write(tmp_path, FILES)).linked))
    again = load(path).linked
    refuse_overwriting(again, bundle(again), tmp_path / "run")
