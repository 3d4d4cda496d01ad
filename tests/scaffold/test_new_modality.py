"""A package from `lzn new modality`: installed, found in a fresh process, sound, and of use."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from lzn_dsl.registry.entry import Entry
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry
from lzn_dsl.scaffold.write import new_modality
from lzn_dsl.spec import load
from lzn_dsl.testing import check_modality
from lzn_runtime.use.outputs import check_format, write_result

ROOT = Path(__file__).parent.parent.parent
BUILTIN = Registry(builtin_entries())


def run(*command: str | Path, packages: Path, cwd: Path) -> str:
    path = os.pathsep.join([str(packages), str(ROOT), str(ROOT / "runtime")])
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        env={**os.environ, "PYTHONPATH": path},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """The built-in components and those of a new package in `tmp_path`, importable."""
    folder = new_modality("spectrum", tmp_path, BUILTIN)
    monkeypatch.syspath_prepend(str(folder))
    from lzn_spectrum import entries  # type: ignore[import-not-found]

    added: tuple[Entry, ...] = (entries.MODALITY, entries.DEMO)
    yield Registry((*builtin_entries(), *added))
    for name in [n for n in sys.modules if n.partition(".")[0] == "lzn_spectrum"]:
        del sys.modules[name]


def test_a_new_modality_conforms(registry: Registry) -> None:
    few: dict[str, JsonValue] = {"name": "euler", "settings": {"steps": 8}}
    check_modality("spectrum", registry=registry, settings={"sampler": few})


def test_its_example_has_no_findings_and_trains(registry: Registry, tmp_path: Path) -> None:
    few = {"train.steps": 2, "train.batch": 32, "train.support": 20}
    spec = load(tmp_path / "lzn-spectrum" / "example.lzn", settings=few, registry=registry)
    assert spec.check() == ()
    model = spec.run(tmp_path / "run")
    drawn = model.draw(label=["inner", "outer"], seed=1)
    assert drawn.value.shape == (2, 2)
    for ending in (".csv", ".json", ".npy"):
        path = tmp_path / f"points{ending}"
        check_format(model.plan.task("draw"), model.plan, path)
        assert write_result(drawn, path, ["inner", "outer"]) == [path]


def test_a_package_on_the_path_is_found_in_a_fresh_process(tmp_path: Path) -> None:
    folder = new_modality("spectrum", tmp_path, BUILTIN)
    info = folder / "lzn_spectrum-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lzn-spectrum\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(
        "[lzn_dsl.modalities]\nspectrum = lzn_spectrum.entries:MODALITY\n"
        "[lzn_dsl.datasets]\nspectrum_demo = lzn_spectrum.entries:DEMO\n"
    )
    listed = run("-m", "lzn_dsl", "ls", packages=folder, cwd=tmp_path)
    assert re.search(r"^  spectrum +Vectors of real numbers\.$", listed, re.MULTILINE)
    assert re.search(r"^  spectrum_demo +Points in the plane", listed, re.MULTILINE)
    healthy = run("-m", "lzn_dsl", "doctor", "--quick", packages=folder, cwd=tmp_path)
    assert "plugin       lzn-spectrum: modality spectrum\n" in healthy
    checked = run("-m", "lzn_dsl", "check", folder / "example.lzn", packages=folder, cwd=tmp_path)
    assert checked.endswith("no errors\n")
