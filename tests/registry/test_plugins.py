"""Components of other packages, found by entry points."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from lzn_dsl.registry.builtin import samplers
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.plugins import GROUPS, builtin_entries, default_registry, with_plugins

ROOT = Path(__file__).parent.parent.parent

MIDPOINT = """
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings

class MidpointSettings(Settings):
    steps: int = 10

MIDPOINT = Entry(
    kind=Kind.SAMPLER,
    name="midpoint",
    help="Two evaluations a step.",
    settings=MidpointSettings,
    factory="lzn_midpoint.torch_half:build",
)
"""


def install(folder: Path, name: str, module: str, value: str) -> None:
    """Lay out an installed package with one entry point for a sampler."""
    (folder / f"{name}.py").write_text(module)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[lzn_dsl.samplers]\n{name} = {value}\n")


def lzn(*arguments: str, packages: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(packages), str(ROOT), str(ROOT / "runtime")])
    return subprocess.run(
        [sys.executable, "-m", "lzn_dsl", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installed_package_adds_a_component(tmp_path: Path) -> None:
    install(tmp_path, "lzn_midpoint", MIDPOINT, "lzn_midpoint:MIDPOINT")
    done = lzn("ls", "samplers", packages=tmp_path)
    assert "midpoint" in done.stdout
    spec = "modality image = image(decoder: flow(sampler: midpoint(steps: 3)))\ngenerate image"
    assert lzn("check", spec, packages=tmp_path).returncode == 0


def test_a_broken_package_is_a_warning_and_stops_no_program(tmp_path: Path) -> None:
    install(tmp_path, "lzn_broken", "1 / 0", "lzn_broken:ENTRY")
    done = lzn("check", "generate image", packages=tmp_path)
    assert done.returncode == 0
    assert (
        "warning[LZN901]: the plugin `lzn_broken` cannot be used: division by zero" in done.stderr
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("lzn_dsl.version:__version__", "expected an Entry"),
        ("lzn_dsl.registry.builtin.samplers:ENTRIES", "exists already"),
        ("lzn_dsl.registry.builtin.metrics:ENTRIES", "in the group of a sampler"),
        ("lzn_dsl.nowhere:X", "No module named"),
    ],
)
def test_an_entry_point_that_is_no_new_component_is_left_out(value: str, reason: str) -> None:
    point = EntryPoint("odd", value, GROUPS[Kind.SAMPLER])
    registry = with_plugins(builtin_entries(), [(Kind.SAMPLER, point)])
    assert registry.entries == builtin_entries()
    assert [w.code for w in registry.warnings] == ["LZN901"]
    assert reason in registry.warnings[0].summary


def test_entries_are_one_of_a_name_and_have_what_their_kind_needs() -> None:
    registry = default_registry()
    names = [(e.kind, e.name) for e in registry.entries]
    assert len(names) == len(set(names))
    for entry in registry.entries:
        assert isinstance(entry, Entry)
        assert (entry.describe is not None) == (entry.kind == Kind.DATASET)
        assert (entry.capabilities is not None) == (entry.kind == Kind.MODALITY)
        assert bool(entry.measures) == (entry.kind == Kind.METRIC)
        assert all(f.description for f in entry.settings.model_fields.values()), entry.name
    assert samplers.ENTRIES[0] in registry.entries
