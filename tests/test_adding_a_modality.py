"""The guide to adding a modality: commands that work, code of the scaffold, every check."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry
from lzn_dsl.scaffold.write import new_modality
from lzn_dsl.testing.declaration import CHECKS as DECLARATION
from lzn_runtime.conformance.examine import CHECKS

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "adding-a-modality.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", GUIDE, re.DOTALL)


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """An environment whose `lzn`, `python` and `pip` are this checkout's; pip works offline."""
    folder, site = tmp_path / "bin", tmp_path / "site"
    folder.mkdir()
    python = shlex.quote(sys.executable)
    offline = f"-q --no-deps --no-build-isolation --no-index --target {shlex.quote(str(site))}"
    for name, command in (
        ("python", f'{python} "$@"'),
        ("lzn", f'{python} -m lzn_dsl "$@"'),
        ("pip", f'shift; {python} -m pip install {offline} "$@"'),
    ):
        (folder / name).write_text(f"#!/bin/sh\n{command}\n")
        (folder / name).chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(map(str, (site, ROOT, ROOT / "runtime"))),
    }


@pytest.mark.slow
def test_the_commands_make_install_and_test_a_package(
    shell: dict[str, str], tmp_path: Path
) -> None:
    (commands,) = blocks("bash")
    program = tmp_path / "use.lzn"
    program.write_text(blocks("lzn")[0])
    script = f"set -e\n{commands}\nlzn check {shlex.quote(str(program))}\n"
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=shell, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for line in (
        "wrote lzn-spectrum",
        "  spectrum  Vectors of real numbers.",
        f"modality `spectrum`: {len(DECLARATION) + len(CHECKS)} ok",
        "lzn-spectrum/example.lzn: no errors",
        f"{program}: no errors",
    ):
        assert line in done.stdout.splitlines()
    assert "4 passed" in done.stdout


def test_the_code_is_that_of_the_scaffold(tmp_path: Path) -> None:
    folder = new_modality("spectrum", tmp_path, Registry(builtin_entries()))
    written = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    assert len(blocks("python")) == 5
    for block in blocks("python"):
        assert any(block.strip("\n") in text for text in written), block


def test_files_of_the_guide_are_those_that_are_written(tmp_path: Path) -> None:
    folder = new_modality("spectrum", tmp_path, Registry(builtin_entries()))
    named = re.findall(r"^\| `([\w/.]+\.\w+)` \|", GUIDE, re.MULTILINE)
    assert len(named) == 4
    assert all((folder / name).is_file() for name in named)


def test_every_check_of_the_kit_is_listed_in_order() -> None:
    rows = re.findall(r"^\| `([a-z ]+)` \| (.+) \|$", GUIDE, re.MULTILINE)
    declaration = [(check.name, check.claim) for check in DECLARATION]
    assert rows == declaration + [(check.name, check.claim) for check in CHECKS]
