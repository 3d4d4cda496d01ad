"""The metric `frechet`: distance between the features of drawn and of real samples.

The number means something only beside others of the same extractor, data and counts, which is why
the result names them. As a landmark it also holds the distance of as many training samples; that is
no lower bound, for the extractor has learned from just these.
"""

from collections.abc import Iterable

import torch
from jaxtyping import Float
from pydantic import JsonValue
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import FrechetSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.drawing import drawn_samples
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.extractor import Extractor
from lzn_runtime.evaluation.gaussians import fit_gaussian, frechet_distance
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained

_REAL = 10_000
"""Real samples that are compared with, at most, unless more are drawn."""
_BATCH = 1000


def evaluate(
    settings: FrechetSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the Frechet distance of a task's samples to those of a dataset; lower is better.

    Raises EvaluationError: LZN801 where the extractor has no labels to learn from, LZN802 for
    fewer than two real samples, LZN803 for features that are not finite.
    """
    image = str(task.output.modality)
    extractor = context.extractor(settings.extractor, image)
    if len(dataset) < 2:
        raise evaluation_error(
            "LZN802", f"`{context.data}` has {len(dataset)} samples; a distance needs two or more"
        )
    drawn = drawn_samples(trained, task, dataset, settings.samples, context)
    fake = _features(extractor, torch.split(drawn.samples, _BATCH))
    rows = shuffled(dataset, context.seed)[: max(_REAL, settings.samples)]
    real = _features(extractor, _images(dataset, rows, image))
    if not bool(fake.isfinite().all() and real.isfinite().all()):
        raise evaluation_error("LZN803", f"features of `{task.name}` are not finite")
    target = fit_gaussian(real)
    ridge = settings.ridge * float(target.covariance.diagonal().mean())
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "samples": len(fake),
        "real_samples": len(real),
        "features": fake.shape[1],
        "ridge": ridge,
        "extractor": context.identity(extractor),
    }
    if context.data != context.plan.train.on and len(context.train_data) > 1:
        rows = shuffled(context.train_data, context.seed)[: settings.samples]
        seen = _features(extractor, _images(context.train_data, rows, image))
        details["training_data"] = {
            "distance": frechet_distance(fit_gaussian(seen), target, ridge=ridge),
            "samples": len(seen),
        }
    return MetricResult(
        name="frechet",
        task=task.name,
        data=context.data,
        value=frechet_distance(fit_gaussian(fake), target, ridge=ridge),
        unit="squared distance of features",
        better="lower",
        details=details,
    )


def _features(extractor: Extractor, images: Iterable[Tensor]) -> Float[Tensor, "n f"]:
    return torch.cat([extractor.judge(batch).features for batch in images])


def _images(dataset: Dataset, rows: Tensor, column: str) -> Iterable[Tensor]:
    for chosen in torch.split(rows, _BATCH):
        yield dataset.__getitems__(chosen.tolist())[column]
