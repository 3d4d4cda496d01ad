"""Programs and trained models in a notebook, by the shell that notebooks run."""

import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

import lzn_dsl
from lzn_dsl.notebook.display import findings_html, model_html
from lzn_dsl.spec import Spec

DOCS = (Path(__file__).parent.parent.parent / "docs" / "editors.md").read_text("utf-8")
RIGHT = "task draw = generate image from label\n"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    config = Config()
    config.HistoryManager.enabled = False
    folder = str(tmp_path_factory.mktemp("ipython"))
    shell = InteractiveShell.instance(config=config, ipython_dir=folder)
    shell.run_line_magic("load_ext", "lzn_dsl")
    yield shell
    shell.run_line_magic("unload_ext", "lzn_dsl")
    assert "lzn" not in shell.magics_manager.magics["cell"]
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, cell: str) -> list[dict[str, Any]]:
    """Run a cell; return what it shows, by media type."""
    with capture_output() as shown:
        done = shell.run_cell(cell)  # type: ignore[no-untyped-call]  # IPython's
    done.raise_error()
    return [output.data for output in shown.outputs]


def test_a_cell_is_bound_to_its_name_and_its_graph_is_shown(shell: InteractiveShell) -> None:
    (shown,) = run(shell, f"%%lzn drawing\n{RIGHT}")
    assert shown["image/svg+xml"].lstrip().startswith("<svg")
    found = re.search(r"base64,([^\"]+)", shown["text/html"])
    assert found is not None
    assert b64decode(found[1]).decode() == shown["image/svg+xml"]
    assert shown["text/plain"] == "<Spec <text>: no errors>"
    spec = shell.user_ns["drawing"]
    assert isinstance(spec, Spec)
    assert [task.name for task in spec.plan().tasks] == ["draw"]


def test_a_cell_without_a_name_is_bound_to_program(shell: InteractiveShell) -> None:
    run(shell, f"%%lzn\n{RIGHT}")
    assert shell.user_ns["program"].check() == ()


def test_the_cell_of_the_docs_is_a_program(shell: InteractiveShell) -> None:
    found = re.search(r"```text\n(%%lzn (\w+)\n.+?)```", DOCS, re.DOTALL)
    assert found is not None
    run(shell, found[1])
    assert shell.user_ns[found[2]].check() == ()


def test_mistakes_are_shown_and_the_program_is_bound_all_the_same(shell: InteractiveShell) -> None:
    (shown,) = run(shell, "%%lzn wrong\ngenerate imge from label")
    assert "image/svg+xml" not in shown
    assert "error[LZN201]: unknown modality `imge`" in shown["text/html"]
    assert shown["text/html"].startswith("<pre")
    assert "did you mean" in shown["text/plain"]
    with pytest.raises(lzn_dsl.LznError):
        shell.user_ns["wrong"].plan()


def test_a_name_that_cannot_be_bound_is_told(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_cell(f"%%lzn two words\n{RIGHT}")  # type: ignore[no-untyped-call]  # IPython's
    assert "`two words` is no name" in "".join(capsys.readouterr())
    assert "two words" not in shell.user_ns


def test_a_program_is_shown_where_a_cell_ends_with_it(shell: InteractiveShell) -> None:
    bundle, _ = shell.display_formatter.format(lzn_dsl.load(RIGHT))  # type: ignore[union-attr]
    assert {"text/html", "image/svg+xml", "text/plain"} <= set(bundle)


def test_what_a_program_says_cannot_reach_the_page() -> None:
    spec = lzn_dsl.load("generate `<script>alert(1)</script>` from label")
    html = findings_html(spec.check())
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_trained_model_is_shown_as_a_table(tiny_run: Path) -> None:
    model = lzn_dsl.open_run(tiny_run)
    html = model._repr_html_()
    assert html == model_html(model.plan, 6)
    assert "6 training steps" in html
    assert html.count("<tr>") == 1 + len(model.plan.tasks)
    assert "generate image from label" in html


def test_a_cell_of_names_alone_has_no_errors_and_no_graph(shell: InteractiveShell) -> None:
    (shown,) = run(shell, "%%lzn\nverb again x: image -> x = encode x |> decode x")
    assert shown["text/html"] == "&lt;Spec &lt;text&gt;: no errors&gt;"
    assert "image/svg+xml" not in shown
