import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor

from helpers.judging import REGISTRY, Held, StandIn, judged_plan, quarters
from lzn_dsl.diagnostics.codes.evaluation import CODES
from lzn_dsl.diagnostics.diagnostic import DataError, Diagnostic, Severity, StorageError
from lzn_dsl.planning.plan import DatasetPlan
from lzn_dsl.registry.entry import Kind
from lzn_runtime.compile.result import TaskResult
from lzn_runtime.evaluation.context import Datasets
from lzn_runtime.evaluation.evaluate import evaluate
from lzn_runtime.evaluation.observer import QuietEvaluation
from lzn_runtime.evaluation.record import read_results, write_results
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.flow.sampler import SamplerError
from lzn_runtime.loading import load_factory


class Notes(QuietEvaluation):
    def __init__(self) -> None:
        self.metrics: list[tuple[int, int, str]] = []
        self.results: list[MetricResult] = []
        self.messages: list[Diagnostic] = []

    def on_metric(self, number: int, total: int, name: str) -> None:
        self.metrics.append((number, total, name))

    def on_result(self, result: MetricResult) -> None:
        self.results.append(result)

    def on_message(self, message: Diagnostic) -> None:
        self.messages.append(message)


def perfect(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    labels = index % 10
    return TaskResult(labels, scores=torch.eye(10)[labels])


def same(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    return TaskResult(inputs["image"])


def gives_up(inputs: Mapping[str, Tensor], index: Tensor) -> TaskResult:
    raise SamplerError("too many evaluations")


def test_evaluations_run_in_order_and_a_failed_one_does_not_stop_the_others() -> None:
    plan = judged_plan(("name", "accuracy"), ("draw", "recognition"), ("rebuild", "reconstruction"))
    trained = StandIn(plan, name=perfect, draw=gives_up, rebuild=same)
    notes = Notes()
    data = Held(plan, digits=quarters(60), unseen=quarters(40))
    results = evaluate(plan, trained, REGISTRY, Path(), notes, datasets=data)
    assert [(r.name, r.task, r.value) for r in results] == [
        ("accuracy", "name", 1.0),
        ("reconstruction", "rebuild", 0.0),
    ]
    assert notes.results == results
    assert notes.metrics == [
        (1, 3, "accuracy of name on unseen"),
        (2, 3, "recognition of draw on unseen"),
        (3, 3, "reconstruction of rebuild on unseen"),
    ]
    [message] = notes.messages
    assert (message.code, message.severity) == ("LZN804", Severity.WARNING)
    assert "too many evaluations" in message.summary
    assert message.notes == ("not measured: recognition of draw on unseen",)
    assert all(float(str(r.details["seconds"])) >= 0 for r in results)


def test_missing_data_stops_the_evaluation(tmp_path: Path) -> None:
    plan = judged_plan(("name", "accuracy"))
    elsewhere = DatasetPlan(
        name="unseen",
        component=REGISTRY.complete(Kind.DATASET, "mnist", {"root": "nowhere"}),
        columns=plan.datasets[0].columns,
    )
    plan = plan.model_copy(update={"datasets": (plan.datasets[0], elsewhere)})
    with pytest.raises(DataError):
        evaluate(plan, StandIn(plan, name=perfect), REGISTRY, tmp_path)


def test_a_dataset_is_opened_once() -> None:
    data = Datasets(judged_plan(), REGISTRY, Path())
    assert data.get("unseen") is data.get("unseen")


def test_every_metric_and_extractor_has_its_torch_half() -> None:
    halves = [e for e in REGISTRY.entries if e.kind in (Kind.METRIC, Kind.EXTRACTOR)]
    assert {e.name for e in halves} >= {"accuracy", "frechet", "recognition", "classifier"}
    for entry in halves:
        assert callable(load_factory(entry))
        assert entry.measures or entry.kind is Kind.EXTRACTOR


@pytest.mark.parametrize("code", ["LZN801", "LZN802", "LZN803", "LZN804"])
def test_every_code_is_explained(code: str) -> None:
    assert code in {c.code for c in CODES}


RESULT = MetricResult(
    name="accuracy", task="name", data="unseen", value=0.5, unit="share", better="higher"
)


def test_results_come_back_from_the_file(tmp_path: Path) -> None:
    problem = Diagnostic("LZN801", "no labels", notes=("not measured: x",))
    path = write_results(tmp_path, [RESULT], problems=[problem])
    assert path.name == "metrics.json"
    assert read_results(tmp_path) == [RESULT]
    assert json.loads(path.read_text())["not_measured"] == [
        {"code": "LZN801", "summary": "no labels", "notes": ["not measured: x"]}
    ]


def test_no_file_means_no_results_and_a_broken_one_is_told(tmp_path: Path) -> None:
    assert read_results(tmp_path) == []
    (tmp_path / "metrics.json").write_text('{"results": [{"name": 3')
    with pytest.raises(StorageError, match="LZN708"):
        read_results(tmp_path)


def test_a_value_that_is_not_finite_is_no_result() -> None:
    with pytest.raises(ValueError, match="finite"):
        MetricResult(
            name="a", task="b", data="c", value=float("nan"), unit="share", better="higher"
        )
