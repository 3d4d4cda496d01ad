"""Components of other packages, found by entry points."""

import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from lzn_dsl.diagnostics.diagnostic import PluginError
from lzn_dsl.registry.builtin import samplers
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.plugins import GROUPS, builtin_entries, default_registry, with_plugins
from lzn_dsl.registry.registry import Registry
from lzn_dsl.spec import load

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


def test_what_a_package_prints_is_no_result(tmp_path: Path) -> None:
    install(tmp_path, "lzn_chatty", "print('hello')\nENTRY = []", "lzn_chatty:ENTRY")
    done = lzn("check", "generate image", "--json", packages=tmp_path)
    assert (done.stdout, done.stderr) == ("[]\n", "hello\n")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("lzn_dsl.version:__version__", "expected an Entry"),
        ("lzn_dsl.registry.builtin.samplers:ENTRIES", "exists already, in `lzn_dsl`"),
        ("lzn_dsl.registry.builtin.metrics:ENTRIES", "in the group of a sampler"),
        ("lzn_dsl.nowhere:X", "No module named"),
        ("a b c", "its entry point is not `module:attribute`"),
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


BAD_MODULES = {
    "def (": "invalid syntax",
    "raise SystemExit('goodbye')": "it ends the program when it is imported (goodbye)",
    "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute": "Mute",
    "raise KeyError": "KeyError",
    "ENTRY = 3": "expected an Entry, got int",
    "ENTRY = [3]": "expected an Entry, got int",
    "x = 1": "has no attribute 'ENTRY'",
}


@pytest.mark.parametrize("text", BAD_MODULES)
def test_a_module_that_cannot_be_used_is_left_out(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = plugin(text, Kind.SAMPLER, tmp_path, monkeypatch)
    assert registry.entries == builtin_entries()
    assert [w.code for w in registry.warnings] == ["LZN901"]
    assert BAD_MODULES[text] in registry.warnings[0].summary
    found = load("generate image", registry=registry).check()
    assert [(d.code, str(d.severity)) for d in found] == [("LZN901", "warning")]


def test_an_unknown_name_is_explained_by_the_plugin_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = plugin("raise OSError('no disk')", Kind.SAMPLER, tmp_path, monkeypatch)
    text = "modality image = image(decoder: flow(sampler: midpoint))\ngenerate image"
    found = {d.code: d for d in load(text, registry=registry).check()}
    assert "the plugin `odd` cannot be used: no disk" in found["LZN206"].notes


FAILING = """
from lzn_dsl.registry.entry import *
from lzn_dsl.registry.settings import Settings
from pydantic import Field, model_validator

def capabilities(settings):
    return frozenset({Capability.ENCODABLE, Capability.DECODABLE})

def costs(settings, sizes, registry):
    return {"encoder": Cost()}

def describe(settings, folder):
    return DatasetInfo({"wave": Column("wave", {}), "label": Column("label", {"classes": 3})}, 999)

class Plain(Settings):
    gain: float = Field(default=1.0, ge=0, le=1, description="Gain.")

REPLACED

WAVE = Entry(Kind.MODALITY, "wave", "Waves.", Plain, "odd_plugin:build",
             capabilities=capabilities, costs=costs)
WAVES = Entry(Kind.DATASET, "waves", "Waves.", Plain, "odd_plugin:open", describe=describe)
ENTRY = [WAVE]
"""
FAILURES = {
    "def capabilities(settings): raise KeyError('gain')": "its capabilities raised KeyError",
    "def capabilities(settings): return ['encodable']": "must return a frozenset of Capability",
    "def costs(settings, sizes, registry): return 1 / 0": "its costs raised ZeroDivisionError",
    "def costs(settings, sizes, registry): return {}": 'the Cost of "encoder"',
    "def describe(settings, folder): raise SystemExit(3)": "its describe raised SystemExit",
    "def describe(settings, folder): return {}": "it must return a DatasetInfo, got dict",
    "class Plain(Plain):\n"
    "    @model_validator(mode='after')\n"
    "    def check(self): raise RuntimeError('oh')": "its settings raised RuntimeError: oh",
}


def waves(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registry with the modality `wave` and the dataset `waves`, changed by a line of code."""
    text = FAILING.replace("REPLACED", change)
    first = plugin(text, Kind.MODALITY, tmp_path, monkeypatch)
    assert first.warnings == ()
    point = EntryPoint("odd", "odd_plugin:WAVES", GROUPS[Kind.DATASET])
    return with_plugins(first.entries, [(Kind.DATASET, point)])


def plugin(text: str, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The built-in components and those of a module of this text."""
    (tmp_path / "odd_plugin.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "odd_plugin", raising=False)
    point = EntryPoint("odd", "odd_plugin:ENTRY", GROUPS[kind])
    return with_plugins(builtin_entries(), [(kind, point)])


def test_a_sound_plugin_is_used_without_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = waves("", tmp_path, monkeypatch)
    assert load("data d = waves\ngenerate wave from label", registry=registry).check() == ()


@pytest.mark.parametrize("change", FAILURES)
def test_a_plugin_that_fails_at_check_time_is_named_and_others_run(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = waves(change, tmp_path, monkeypatch)
    found = load("data d = waves\ngenerate wave from label", registry=registry).check()
    assert {d.code for d in found} == {"LZN905"}, found
    assert "of the package `odd` fails" in found[0].summary
    assert FAILURES[change] in found[0].summary
    assert found[0].span is not None
    assert load("generate image from label", registry=registry).check() == ()


def test_a_plugin_that_fails_inside_a_built_in_component_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
from lzn_dsl.registry.entry import Entry, Kind
from lzn_dsl.registry.settings import Settings
ENTRY = Entry(Kind.ENCODER, "odd", "Odd.", Settings, "odd_plugin:build", cost=lambda *a: a.size)
"""
    registry = plugin(text, Kind.ENCODER, tmp_path, monkeypatch)
    program = "modality image = image(encoder: odd)\ngenerate image from label"
    found = load(program, registry=registry).check()
    assert [d.code for d in found] == ["LZN905"]
    assert "the encoder `odd` of the package `odd` fails: its cost raised" in found[0].summary


TORCH_HALVES = {
    "": "has no attribute 'build'",
    "def build(*arguments): raise ImportError('libwave')": "ImportError: libwave",
    "build = 3": "must be callable, got int",
}


@pytest.mark.parametrize("half", TORCH_HALVES)
def test_a_torch_half_that_cannot_be_loaded_is_named(
    half: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lzn_dsl.registry.entry import Sizes
    from lzn_dsl.registry.settings import Component
    from lzn_runtime.modalities.build import build_modality

    registry = waves(half, tmp_path, monkeypatch)
    sizes = Sizes(latent_dim=2, sample={"classes": 3})
    with pytest.raises(PluginError) as failed:
        build_modality("wave", Component(name="wave"), sizes, registry, seed=0)
    (found,) = failed.value.diagnostics
    assert found.code == "LZN905"
    assert TORCH_HALVES[half] in found.summary
    assert "the modality `wave` of the package `odd` fails: its factory" in found.summary
    build_modality("label", Component(name="label"), sizes, registry, seed=0)


def test_a_run_with_a_failing_torch_half_ends_with_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = MIDPOINT.replace("MIDPOINT = ", "ENTRY = ")
    registry = plugin(text, Kind.SAMPLER, tmp_path, monkeypatch)
    program = (
        "modality image = image(decoder: flow(sampler: midpoint))\n"
        "train { steps: 1, batch: 8, support: 8 }\ntask draw = generate image"
    )
    spec = load(program, registry=registry)
    assert spec.check() == ()
    with pytest.raises(PluginError, match="the sampler `midpoint` of the package `odd` fails"):
        spec.run(tmp_path / "run")
