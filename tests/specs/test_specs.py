"""Every spec that comes with lzn_dsl: it has a header, no errors, and it trains."""

import json
from pathlib import Path

import pytest

from lzn_dsl.diagnostics.diagnostic import DataError, Severity
from lzn_dsl.planning.show import show_plan
from lzn_dsl.spec import load

ROOT = Path(__file__).parent.parent.parent
EVERY = sorted((ROOT / "specs").rglob("*.lzn"))
PAPER = [path for path in EVERY if path.parent.name == "paper"]
COMPARED = [path for path in EVERY if path.parent.name == "compare"]
SPECS = [path for path in EVERY if path not in PAPER]
EXAMPLES = [path for path in SPECS if path not in COMPARED]


def test_there_are_specs() -> None:
    assert {p.name for p in SPECS} >= {"digits.lzn", "fashion.lzn", "one_line.lzn"}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_a_spec_says_what_it_shows_and_what_to_expect(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = " ".join(line for line in lines[:20] if line.startswith("#"))
    for word in ("minutes", "seeds", "python tests/benchmarks/first_light.py"):
        assert word in header, f"{path.name}: the header does not say `{word}`"


@pytest.mark.parametrize("path", EVERY, ids=lambda p: p.stem)
def test_a_spec_has_no_errors(path: Path) -> None:
    assert not [d for d in load(path).check() if d.severity is Severity.ERROR]


SMALL = {"image.encoder": 49_790_260, "image.decoder": 61_906_819}
LARGE = {"image.encoder": 87_768_896, "image.decoder": 65_676_949}
COUNTS: dict[str, dict[str, int]] = {
    "cifar10": SMALL,
    "afhq_cat": LARGE,
    "celeba_hq": LARGE,
    "lsun_bedroom": LARGE,
    "cifar10_joint": {**SMALL, "image.decoder": 61_911_939, "label.encoder": 2_000},
    "imagenet_embedding": {"image.encoder": 24_032_832},
}


def test_every_configuration_of_the_paper_has_its_counts() -> None:
    assert {path.stem for path in PAPER} == set(COUNTS)


@pytest.mark.parametrize("path", PAPER, ids=lambda p: p.stem)
def test_a_plan_of_the_paper_prints_the_published_counts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 40
    rows = [line.split() for line in show_plan(load(path).plan()).splitlines()]
    for module, count in COUNTS[path.stem].items():
        assert any(row[:1] == [module] and f"{count:,}" in row for row in rows)
        assert f"{count:,}" in text


@pytest.mark.parametrize("path", PAPER, ids=lambda p: p.stem)
def test_a_plan_of_the_paper_has_the_published_numbers_of_training(path: Path) -> None:
    page = (ROOT / "docs" / "published.md").read_text(encoding="utf-8")
    rows = [[c.strip() for c in line.split("|")[1:-1]] for line in page.splitlines()]
    row = next((row for row in rows if row[:1] == [f"`{path.stem}`"]), None)
    assert row is not None, f"{path.stem} is not in docs/published.md"
    batch, steps, rates, ema, dropout = row[1:]
    plan = load(path).plan()
    train = plan.train
    assert (f"{train.batch:,}", f"{train.steps:,}") == (batch, steps)
    own = [train.modules.get(name) for name in ("image.decoder", "label.encoder")]
    found = [train.optimizer.settings["lr"], *(module.lr for module in own if module)]
    assert found == [float(rate) for rate in rates.split(",")]
    assert train.ema == float(ema)
    encoder = plan.modality("image").component.settings["encoder"]
    assert isinstance(encoder, dict)
    assert isinstance(encoder["settings"], dict)
    assert encoder["settings"].get("dropout", 0) == float(dropout)
    assert train.schedule.settings == {"warmup": 5_000}
    assert (train.clip, train.solver_steps) == (1.0, 20)
    mirrored = [{"probability": 0.5}] if "image.decoder" in train.modules else []
    assert [part.settings for part in train.augment] == mirrored


def test_the_joint_decoder_of_the_paper_is_frozen_after_its_share() -> None:
    path = ROOT / "specs" / "paper" / "cifar10_joint.lzn"
    train = load(path).plan().train
    assert train.frozen(59_999) == frozenset()
    assert train.frozen(60_000) == frozenset({"image.decoder"})


def test_the_released_embedding_has_a_head_of_two_layers() -> None:
    (path,) = (path for path in PAPER if path.stem == "imagenet_embedding")
    plan = load(path, params={"head": 2}).plan()
    assert plan.cost.parameters == 28_231_232
    assert f"{plan.cost.parameters:,}" in path.read_text(encoding="utf-8")


def test_specs_to_compare_offer_the_methods_by_a_parameter() -> None:
    methods = {
        path.stem: {
            task.method
            for method in ("latent_zoning", "rectified_flow", "simclr", "moco")
            if f"{method}" in path.read_text(encoding="utf-8").split("in [")[-1].split("]")[0]
            for task in load(path, params={"method": method}).plan().tasks
        }
        for path in COMPARED
        if "using method" in path.read_text(encoding="utf-8")
    }
    assert methods == {
        "generation": {"latent_zoning", "rectified_flow"},
        "generation_fashion": {"latent_zoning", "rectified_flow"},
        "embedding_fashion": {"latent_zoning", "simclr", "moco"},
    }


@pytest.mark.slow
@pytest.mark.parametrize("path", SPECS, ids=lambda p: p.stem)
def test_a_spec_trains_two_steps_and_reports(path: Path, tmp_path: Path) -> None:
    settings = {"train.steps": 2, "train.batch": 32, "train.support": 50}
    plan = load(path, settings=settings).plan()
    for e in plan.evaluations:  # as few samples as will do
        if "samples" in e.metric.settings:
            settings[f"evaluate.{e.task}.{e.data}.{e.metric.name}.samples"] = 20
    if any(d.component.name == "fashion_mnist" for d in plan.datasets):
        settings |= {f"data.{d.name}.limit": 200 for d in plan.datasets}
    try:
        load(path, settings=settings).run(tmp_path / "run")
    except DataError as error:
        pytest.skip(f"no data: {error}")
    results = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert len(results["results"]) + len(results["not_measured"]) == len(plan.evaluations)
    assert (tmp_path / "run" / "report.html").stat().st_size > 10_000
