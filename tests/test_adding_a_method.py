"""The guide to adding a method: its package is found, checks programs and trains."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "adding-a-method.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", GUIDE, re.DOTALL)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of packages with that of the guide, as an installer would leave it."""
    folder = tmp_path / "site"
    for block in blocks("python"):
        file = folder / block.partition("\n")[0].removeprefix("# ")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block)
    (folder / "my_methods" / "__init__.py").touch()
    (about := folder / "my_methods-1.0.dist-info").mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my-methods\nVersion: 1.0\n")
    (declared,) = blocks("toml")
    found = re.fullmatch(r'\[project\.entry-points\."(.+)"\]\n(.+)\n', declared)
    assert found is not None
    group, line = found.groups()
    (about / "entry_points.txt").write_text(f"[{group}]\n{line.replace(chr(34), '')}\n")
    return folder


def lzn(site: Path, *words: str) -> str:
    path = os.pathsep.join(map(str, (site, ROOT, ROOT / "runtime")))
    command = [sys.executable, "-m", "lzn_dsl", *words]
    done = subprocess.run(
        command,
        cwd=site.parent,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_method_of_the_guide_is_listed(site: Path) -> None:
    assert "barlow  " in lzn(site, "ls", "methods")


@pytest.mark.slow
def test_the_program_of_the_guide_trains_by_its_method_and_is_used(site: Path) -> None:
    (site.parent / "gist.lzn").write_text(blocks("lzn")[0])
    assert "loss contrast image" in lzn(site, "plan", "gist.lzn")
    assert "linear_probe" in lzn(site, "run", "gist.lzn", "--out", "run", "--quiet") + (
        site.parent / "run" / "metrics.json"
    ).read_text(encoding="utf-8")
    assert "barlow" in lzn(site, "show", "gist.lzn")
