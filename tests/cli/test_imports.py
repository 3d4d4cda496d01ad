"""The half of the language left of the plan never imports torch, whatever the command."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SPEC = str(ROOT / "specs" / "digits.lzn")
HEAVY = ("torch", "torchvision", "matplotlib", "sklearn", "scipy", "safetensors", "lzn_runtime")

PROBE = """
import json, sys
sys.argv = ["lzn", *json.loads(sys.argv[1])]
from lzn_dsl.cli.app import main
try:
    main()
except SystemExit as stop:
    code = stop.code or 0
else:
    code = 0
print(json.dumps([code, sorted(m for m in sys.modules if "." not in m)]))
"""


def imported(*arguments: str) -> set[str]:
    """Run a command in a process of its own; return the top-level modules it imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PATH": "", "PYTHONPATH": f"{ROOT}:{ROOT / 'runtime'}"},
    )
    code, modules = json.loads(done.stdout.strip().splitlines()[-1])
    assert code == 0, done.stderr
    return set(modules)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", SPEC),
        ("lint", SPEC, "--pedantic", "--ignore", "LZNW9"),
        ("plan", SPEC),
        ("plan", SPEC, "--json"),
        ("graph", SPEC),
        ("graph", SPEC, "--format", "mermaid"),
        ("graph", SPEC, "--format", "json"),
        ("show", SPEC),
        ("diff", SPEC, SPEC),
        ("check", SPEC, "--format", "sarif"),
        ("explain", "LZN201"),
        ("ls",),
        ("new", "spec", "--help"),
        ("test-modality", "--help"),
        ("--help",),
        ("run", "--help"),
        ("eval", "--help"),
        ("compare", "--help"),
    ],
    ids=" ".join,
)
def test_command_imports_no_torch(arguments: tuple[str, ...]) -> None:
    assert not imported(*arguments) & set(HEAVY)


def test_compare_imports_no_torch(tiny_run: Path) -> None:
    assert not imported("compare", str(tiny_run)) & (set(HEAVY) - {"lzn_runtime"})


def test_help_and_explain_import_neither_networkx_nor_the_parser_generator() -> None:
    assert not imported("--help") & {"networkx", "lark", "numpy"}
    assert not imported("explain", "LZN201") & {"networkx", "lark", "numpy"}


def test_check_imports_neither_networkx_nor_the_parser_generator() -> None:
    assert not imported("check", SPEC) & {"networkx", "lark", "numpy"}


def test_check_of_several_files_imports_no_more(tmp_path: Path) -> None:
    base = tmp_path / "base.lzn"
    base.write_text("task draw = generate image from label\n", encoding="utf-8")
    top = tmp_path / "top.lzn"
    top.write_text('import "base.lzn"\ntask mine = base.draw label\n', encoding="utf-8")
    assert not imported("check", str(top)) & {*HEAVY, "networkx", "lark", "numpy"}


def test_lint_imports_neither_networkx_nor_the_parser_generator() -> None:
    assert not imported("lint", SPEC) & {"networkx", "lark", "numpy"}


def test_fmt_imports_neither_networkx_nor_the_parser_generator() -> None:
    assert not imported("fmt", "--check", SPEC) & {*HEAVY, "networkx", "lark", "numpy"}


def test_the_formatter_needs_the_parser_only() -> None:
    code = (
        "import sys, lzn_dsl.formatting.format;"
        "print({m.split('.')[1] for m in sys.modules if m.startswith('lzn_dsl.')},"
        "'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    packages, pydantic = done.stdout.strip().rsplit(" ", 1)
    assert pydantic == "False"
    assert "registry" not in packages
    assert "semantics" not in packages
