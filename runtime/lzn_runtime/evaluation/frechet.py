"""The metrics `frechet` and `spatial_frechet`: distance of the features of drawn to real samples.

By features of a whole picture it is what FID is with another network, by spatial features of an
earlier layer what sFID is. The number means something only beside others of the same extractor,
data and counts, which is why the result names them. As a landmark it also holds the distance of as
many training samples; where the extractor has learned from just these, that is no lower bound.
Sources: arXiv:1706.08500; arXiv:2103.03841, appendix.
"""

from typing import Literal

from jaxtyping import Float
from pydantic import JsonValue
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import FrechetSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.extractor import Judgement
from lzn_runtime.evaluation.gaussians import fit_gaussian, frechet_distance
from lzn_runtime.evaluation.judging import judge_drawn, judge_real
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained

_REAL = 10_000
"""Real samples that are compared with, at most, unless more are drawn."""


def evaluate(
    settings: FrechetSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the distance by features of whole pictures; see `_measure`."""
    return _measure("frechet", "features", settings, trained, task, dataset, context)


def evaluate_spatial(
    settings: FrechetSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the distance by spatial features; see `_measure`."""
    return _measure("spatial_frechet", "spatial", settings, trained, task, dataset, context)


def _measure(
    name: str,
    part: Literal["features", "spatial"],
    settings: FrechetSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the Frechet distance of a task's samples to those of a dataset; lower is better.

    Raises EvaluationError: LZN802 for fewer than two real samples, LZN803 for features that are
    not finite; and what making an extractor raises.
    """
    extractor = context.extractor(settings.extractor, str(task.output.modality))
    count, device = settings.samples, context.device
    if len(dataset) < 2:
        raise evaluation_error(
            "LZN802", f"`{context.data}` has {len(dataset)} samples; a distance needs two or more"
        )

    def seen(judgement: Judgement) -> Float[Tensor, "n f"]:
        features: Tensor | None = getattr(judgement, part)
        if features is None or not bool(features.isfinite().all()):
            raise evaluation_error("LZN803", f"features of `{task.name}` are not finite")
        return features

    fake = seen(judge_drawn(extractor, trained, task, dataset, count, context))
    real = seen(judge_real(extractor, dataset, context.data, max(_REAL, count), context))
    target = fit_gaussian(real, device=device)
    ridge = settings.ridge * float(target.covariance.diagonal().mean())
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "samples": len(fake),
        "real_samples": len(real),
        "features": fake.shape[1],
        "ridge": ridge,
        "extractor": context.identity(extractor),
    }
    train, data = context.train_data, context.plan.train.on
    if context.data != data and len(train) > 1:
        known = fit_gaussian(
            seen(judge_real(extractor, train, data, count, context)), device=device
        )
        details["training_data"] = {
            "distance": frechet_distance(known, target, ridge=ridge),
            "samples": min(count, len(train)),
        }
    return MetricResult(
        name=name,
        task=task.name,
        data=context.data,
        value=frechet_distance(fit_gaussian(fake, device=device), target, ridge=ridge),
        unit="squared distance of features",
        better="lower",
        details=details,
    )
