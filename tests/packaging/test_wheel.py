"""The built wheel, installed outside the checkout, runs the main job."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

FEW = [
    "train.steps=2",
    "train.support=50",
    "evaluate.draw.unseen.recognition.samples=20",
    "evaluate.draw.unseen.frechet.samples=20",
]


def run(*command: str | Path, cwd: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [str(c) for c in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a virtual environment with the wheel; what it depends on is this one's."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    run(*build, "-w", folder, ROOT, cwd=folder)
    place = folder / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    wheel = next(folder.glob("*.whl"))
    site = next((place / "lib").glob("python*")) / "site-packages"
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "-q"]
    run(*install, "--target", site, wheel, cwd=folder)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


@pytest.mark.slow
def test_the_wheel_runs_the_main_job(installed: Path) -> None:
    python = installed / "venv" / "bin" / "python"
    where = run(python, "-c", "import lzn_dsl; print(lzn_dsl.__file__)", cwd=installed)
    assert where.startswith(str(installed))
    run(python, "-m", "lzn_dsl", "cp", "digits", ".", cwd=installed)
    few = [word for setting in FEW for word in ("--set", setting)]
    printed = run(python, "-m", "lzn_dsl", "run", "digits.lzn", *few, cwd=installed)
    assert "report: runs/digits/report.html" in printed
    results = json.loads((installed / "runs" / "digits" / "metrics.json").read_text())["results"]
    assert {r["name"] for r in results} >= {"accuracy", "recognition", "reconstruction"}
    run(python, "-m", "lzn_dsl", "do", "runs/digits", "draw", "--label", "3", cwd=installed)
    assert (installed / "draw.png").is_file()


@pytest.mark.slow
def test_the_wheel_holds_grammar_specs_and_prelude(installed: Path) -> None:
    package = next((installed / "venv" / "lib").glob("python*")) / "site-packages" / "lzn_dsl"
    for name in (
        "grammars/lzn.lark",
        "specs/digits.lzn",
        "semantics/prelude.lzn",
        "py.typed",
        "scaffold/templates/spec/spec.lzn.template",
    ):
        assert (package / name).is_file(), name
