"""LZNW30x: evaluations that say less than they seem to."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.lint.deletion import delete_statement
from lzn_dsl.lint.finding import warning
from lzn_dsl.lint.places import evaluate_statement
from lzn_dsl.lint.rule import Checked, ProgramRule
from lzn_dsl.registry.entry import Kind
from lzn_dsl.semantics.program import Dataset, Evaluation
from lzn_dsl.syntax import tree

_CUTS = ("holdout", "split_seed")
"""Settings of a dataset that decide which of its samples are held out."""


def on_training_data(checked: Checked) -> Iterator[Diagnostic]:
    """Find evaluations on the samples that the program trains on."""
    program = checked.program
    trained = program.datasets[program.on]
    for evaluation in program.evaluations:
        judged = program.datasets[evaluation.data]
        if not _same_samples(trained, judged):
            continue
        itself = judged.name == trained.name
        same = "it" if itself else f"`{trained.name}`, which has the same samples"
        yield warning(
            "LZNW302",
            f"`{evaluation.task}` is judged on what it was trained on",
            _data_place(checked.file, evaluation),
            label=f"the program trains on {same}",
            hint="judge on held-out data: `data unseen = ...(split: test)`",
        )


def leaking_split(checked: Checked) -> Iterator[Diagnostic]:
    """Find held-out data that was held out in another way than the training data."""
    program = checked.program
    trained = program.datasets[program.on]
    for name in dict.fromkeys(e.data for e in program.evaluations):
        judged = program.datasets[name]
        differing = _differing(trained, judged)
        if differing:
            keys = " and ".join(f"`{key}`" for key in differing)
            yield warning(
                "LZNW303",
                f"`{name}` holds samples that `{trained.name}` trains on",
                judged.span,
                label=f"its split is made with another {keys}",
                hint=f"give both datasets the same {keys}",
            )


def few_for_features(checked: Checked) -> Iterator[Diagnostic]:
    """Find Frechet distances from no more samples than there are features."""
    for evaluation in checked.program.evaluations:
        if evaluation.metric.name != "frechet":
            continue
        features = _num_features(checked, evaluation.metric.settings.get("extractor"))
        drawn = _number(evaluation.metric.settings.get("samples"))
        real = checked.program.datasets[evaluation.data].info.num_samples
        counts = [(drawn, "drawn")] if drawn else []
        counts += [(real, "real")] if real else []
        for number, what in counts:
            if features and number <= features:
                yield warning(
                    "LZNW309",
                    f"{number:_} {what} samples are too few for {features:_} features",
                    evaluation.span,
                    label="their covariance has no full rank",
                    hint=f"take at least {10 * features:_} samples, or fewer features",
                )
                break


def repeated(checked: Checked) -> Iterator[Diagnostic]:
    """Find metrics that judge the same task on the same data in the same way again."""
    first: dict[tuple[str, str, str], Evaluation] = {}
    for evaluation in checked.program.evaluations:
        key = (evaluation.task, evaluation.data, repr(evaluation.metric))
        earlier = first.setdefault(key, evaluation)
        if earlier is evaluation:
            continue
        statement = evaluate_statement(checked.file, evaluation.span)
        alone = statement is not None and len(statement.metrics) == 1
        yield warning(
            "LZNW310",
            f"`{evaluation.metric.name}` judges `{evaluation.task}` on `{evaluation.data}` twice",
            evaluation.span,
            notes=(f"first at {earlier.span}",),
            fix=delete_statement(statement, "remove the second", safe=True)
            if statement is not None and alone
            else None,
        )


def _data_place(file: tree.File, evaluation: Evaluation) -> Span:
    statement = evaluate_statement(file, evaluation.span)
    return statement.data.span if statement else evaluation.span


def _same_samples(one: Dataset, other: Dataset) -> bool:
    """Whether two datasets hold samples of the same split of the same files."""
    splits = {str(d.component.settings.get("split")) for d in (one, other)}
    if one.name == other.name:
        return True
    return _same_files(one, other) and (len(splits) == 1 or "all" in splits)


def _differing(one: Dataset, other: Dataset) -> list[str]:
    """Return the settings by which two splits of the same files were cut differently."""
    if _same_samples(one, other) or not _same_files(one, other):
        return []
    cuts = ((key, one.component.settings, other.component.settings) for key in _CUTS)
    return [key for key, left, right in cuts if left.get(key) != right.get(key)]


def _same_files(one: Dataset, other: Dataset) -> bool:
    left, right = one.component, other.component
    return left.name == right.name and left.settings.get("root") == right.settings.get("root")


def _num_features(checked: Checked, extractor: JsonValue) -> int:
    """Return how many features an extractor gives; 0 where that is not known."""
    stated = _number(_inner(extractor).get("features"))
    if stated or not isinstance(extractor, dict):
        return stated
    return checked.program.registry.get(Kind.EXTRACTOR, str(extractor.get("name"))).features


def _inner(value: JsonValue) -> Mapping[str, JsonValue]:
    settings = value.get("settings") if isinstance(value, dict) else None
    return settings if isinstance(settings, dict) else {}


def _number(value: JsonValue) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


RULES = (
    ProgramRule("LZNW302", on_training_data),
    ProgramRule("LZNW303", leaking_split),
    ProgramRule("LZNW309", few_for_features),
    ProgramRule("LZNW310", repeated),
)
