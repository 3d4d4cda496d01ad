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
        ("plan", SPEC),
        ("plan", SPEC, "--json"),
        ("graph", SPEC),
        ("graph", SPEC, "--format", "mermaid"),
        ("graph", SPEC, "--format", "json"),
        ("explain", "LZN201"),
        ("ls",),
        ("--help",),
        ("run", "--help"),
    ],
    ids=" ".join,
)
def test_command_imports_no_torch(arguments: tuple[str, ...]) -> None:
    assert not imported(*arguments) & set(HEAVY)


def test_help_and_explain_import_neither_networkx_nor_the_parser_generator() -> None:
    assert not imported("--help") & {"networkx", "lark", "numpy"}
    assert not imported("explain", "LZN201") & {"networkx", "lark", "numpy"}


def test_check_imports_neither_networkx_nor_the_parser_generator() -> None:
    assert not imported("check", SPEC) & {"networkx", "lark", "numpy"}
