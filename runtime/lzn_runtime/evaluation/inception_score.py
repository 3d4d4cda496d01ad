"""The metric `inception_score`: are samples clearly of a class each, and of many classes together?

    IS = exp(mean over samples x of KL(p(y | x) || p(y)))      from 1 to the number of classes

The number means something only beside others of the same extractor and count. As a landmark it
also holds the score of as many real samples. Source: arXiv:1606.03498, section 4.

Dimensions: n samples, c classes.
"""

import itertools
import statistics

import torch
from jaxtyping import Float
from pydantic import JsonValue
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import InceptionScoreSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.extractor import Judgement
from lzn_runtime.evaluation.judging import judge_drawn, judge_real
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained


def evaluate(
    settings: InceptionScoreSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the Inception Score of a task's samples, its mean over splits; higher is better.

    Raises EvaluationError: LZN802 for fewer samples than splits, LZN803 for probabilities that are
    not finite; and what making an extractor raises.
    """
    splits, count = settings.splits, settings.samples
    if count < splits:
        raise evaluation_error("LZN802", f"{count} samples make no {splits} splits")
    extractor = context.extractor(settings.extractor, str(task.output.modality))
    drawn = _log_probs(judge_drawn(extractor, trained, task, dataset, count, context), task)
    scores = split_scores(drawn, splits=splits)
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "samples": len(drawn),
        "extractor_classes": drawn.shape[1],
        "splits": splits,
        "deviation": statistics.pstdev(scores),
        "extractor": context.identity(extractor),
    }
    real = _log_probs(judge_real(extractor, dataset, context.data, count, context), task)
    if len(real) >= splits:
        value = statistics.fmean(split_scores(real, splits=splits))
        details["real"] = {"value": value, "samples": len(real)}
    return MetricResult(
        name="inception_score",
        task=task.name,
        data=context.data,
        value=statistics.fmean(scores),
        unit="classes, as it were",
        better="higher",
        details=details,
    )


def split_scores(log_probs: Float[Tensor, "n c"], *, splits: int) -> list[float]:
    """Return the score of each of a number of splits, whose sizes differ by one at most."""
    count = len(log_probs)
    cuts = [i * count // splits for i in range(splits + 1)]
    return [inception_score(log_probs[low:high]) for low, high in itertools.pairwise(cuts)]


def inception_score(log_probs: Float[Tensor, "n c"]) -> float:
    """Return the score of samples whose classes have these log-probabilities."""
    logs = log_probs.double().log_softmax(1)  # float32 rows sum to one to seven digits only
    probs = logs.exp()
    # A class that no sample can be of has p = 0 everywhere, and adds nothing.
    marginal = probs.mean(0).clamp(min=torch.finfo(torch.float64).tiny).log()
    return float((probs * (logs.clamp(min=-1e4) - marginal)).sum(1).mean().exp())


def _log_probs(judgement: Judgement, task: TaskPlan) -> Float[Tensor, "n c"]:
    found = judgement.log_probs
    if found is None or bool(found.isnan().any()):
        raise evaluation_error(
            "LZN803", f"the extractor's probabilities for `{task.name}` are not finite"
        )
    return found
