"""The findings: their programs, their formats, and what a page says of runs that are not there."""

from pathlib import Path

import pytest

from lzn_dsl.diagnostics.diagnostic import StorageError
from lzn_dsl.planning.plan import Plan
from lzn_dsl.resources import resource_folder
from lzn_dsl.spec import load
from lzn_runtime.benchmarks.findings.ablations import against
from lzn_runtime.benchmarks.findings.page import Page, percent, plain
from lzn_runtime.benchmarks.findings.series import SECTIONS, SEEDS, Series
from lzn_runtime.benchmarks.findings.write import findings
from lzn_runtime.comparison.spread import spread

ALL = [series for section in SECTIONS.values() for series in section]


def plan_of(series: Series) -> Plan:
    path = resource_folder("specs") / "compare" / f"{series.spec}.lzn"
    return load(path, params=dict(series.parameters)).plan()


@pytest.mark.parametrize("series", ALL, ids=[series.name for series in ALL])
def test_each_series_is_a_program_without_errors(series: Series) -> None:
    assert plan_of(series).evaluations


def test_no_two_series_share_a_folder(tmp_path: Path) -> None:
    folders = [series.folder(tmp_path, seed) for series in ALL for seed in SEEDS]
    assert len(set(folders)) == len(folders)


@pytest.mark.parametrize("section", ["generation", "embedding"])
def test_what_is_compared_differs_in_the_method_alone(section: str) -> None:
    groups: dict[str, list[Plan]] = {}
    for series in SECTIONS[section]:
        groups.setdefault(series.spec, []).append(plan_of(series))
    for plans in groups.values():
        trains = {plan.train.model_dump_json() for plan in plans}
        encoders = {str(plan.modality("image").component) for plan in plans}
        judged = {str([(e.task, e.metric) for e in plan.evaluations]) for plan in plans}
        assert len(trains) == len(encoders) == len(judged) == 1
        methods = {tuple(objective.method for objective in plan.objectives) for plan in plans}
        assert len(methods) == len(plans)


def test_joint_and_alone_have_the_same_nets_and_steps() -> None:
    joint, named, classes = (plan_of(series) for series in SECTIONS["joint"])
    drawn = plan_of(SECTIONS["generation"][-1])
    encoders = {
        str(plan.modality("image").component.settings["encoder"])
        for plan in (joint, named, classes, drawn)
    }
    assert len(encoders) == 1
    assert len({(p.train.steps, p.train.batch) for p in (joint, named, classes, drawn)}) == 1


def test_what_chance_may_explain_stands_in_brackets() -> None:
    found = {
        "first": spread([0.88, 0.881, 0.882]),
        "lower": spread([0.83, 0.831, 0.832]),
        "as good": spread([0.88, 0.885, 0.881]),
        "one seed": spread([0.87]),
    }
    assert [against(s, found) for s in found.values()] == ["", "-5.0", "(+0.1)", "-1.1"]


def test_numbers_say_their_spread_and_how_many_seeds_they_are_of() -> None:
    assert percent(spread([0.9, 0.91, 0.92])) == "91.0 % (90.0 to 92.0)"
    assert percent(spread([0.9, 0.92])) == "91.0 % (90.0 to 92.0) (2 seeds)"
    assert percent(spread([0.9])) == "90.0 % (one seed)"
    assert plain(spread([1.0, 2.0, 3.0])) == "2 +- 1"
    assert plain(spread([1.0])) == "1 (one seed)"


def test_a_bar_that_is_missed_is_said_plainly(tmp_path: Path) -> None:
    page = Page(tmp_path)
    page.bar("something", "3", "below 1", met=False)
    assert page.bars == [("something", "below 1", "3", "**missed**")]


def test_a_page_of_no_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"LZN708.*no run of `generation_flow` is done"):
        findings(tmp_path)
    (tmp_path / "generation_flow" / "seed-0").mkdir(parents=True)  # begun
    with pytest.raises(StorageError, match=r"LZN708.*no run of `generation_flow` is done"):
        findings(tmp_path)
