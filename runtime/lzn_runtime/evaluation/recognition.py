"""The metric `recognition`: does a separate classifier see in a sample what was asked for?"""

from pydantic import JsonValue

from lzn_dsl.planning.plan import Plan, TaskPlan
from lzn_dsl.registry.builtin.metrics import RecognitionSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.classes import class_table, confusion_matrix
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.drawing import drawn_samples
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.judging import judge_drawn
from lzn_runtime.evaluation.labels import class_names
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained, task_inputs


def evaluate(
    settings: RecognitionSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the share of samples that the extractor takes for the class they were drawn from.

    Classes are asked for as often as they occur in the dataset.

    Raises EvaluationError LZN801 where the extractor has no labels to learn from, LZN803 where its
    answers are not finite.
    """
    label = discrete_input(context.plan, task)
    if label is None:
        raise evaluation_error(
            "LZN801", f"`{task.name}` is given no classes: it has no input of them"
        )
    extractor = context.extractor(settings.extractor, str(task.output.modality), label=label)
    drawn = drawn_samples(trained, task, dataset, settings.samples, context)
    judgement = judge_drawn(extractor, trained, task, dataset, settings.samples, context)
    log_probs = judgement.log_probs
    if log_probs is None or bool(log_probs.isnan().any()):
        raise evaluation_error(
            "LZN803", f"the extractor's answers for `{task.name}` are not finite"
        )
    seen, asked = log_probs.argmax(1), drawn.inputs[label].long()
    count = max(log_probs.shape[1], int(asked.max()) + 1)
    matrix = confusion_matrix(asked, seen, num_classes=count)
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "samples": len(seen),
        **class_table(matrix, class_names(context.plan, label, count, data=context.data)),
        "extractor": context.identity(extractor),
    }
    return MetricResult(
        name="recognition",
        task=task.name,
        data=context.data,
        value=int(matrix.diagonal().sum()) / len(seen),
        unit="share",
        better="higher",
        details=details,
    )


def discrete_input(plan: Plan, task: TaskPlan) -> str | None:
    """Return the first input of a task that is a discrete modality, or None."""
    for modality in task_inputs(task).values():
        if "discrete" in plan.modality(modality).capabilities:
            return modality
    return None
