"""The metric `reconstruction`: how far a sample is from what the model makes of it.

Samples are compared as the dataset holds them, pictures scaled to [0, 1]:
L2 = |x - y|, its mean over samples; PSNR = 10 log10(1 / mean squared error of all pixels).
"""

import math

import torch
from jaxtyping import Float
from pydantic import JsonValue
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import ReconstructionSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained, run_on


def evaluate(
    settings: ReconstructionSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the mean L2 distance of samples to what the task makes of them; lower is better.

    Raises EvaluationError: LZN802 for no samples, LZN803 for outputs that are not finite.
    """
    name = str(task.output.modality)
    rows = shuffled(dataset, context.seed)[: settings.samples]
    if len(rows) == 0:
        raise evaluation_error("LZN802", f"`{context.data}` has no samples")
    parts = [
        squared_error(columns[name], result.value.cpu())
        for columns, result in run_on(trained, task, dataset, rows, seed=context.seed)
    ]
    error = torch.cat(parts)  # (n,)
    if not bool(error.isfinite().all()):
        raise evaluation_error("LZN803", f"outputs of `{task.name}` are not finite")
    size = dataset.__getitems__([0])[name][0].numel()
    mean_squared = float(error.mean()) / size
    distance = error.sqrt()
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "samples": len(rows),
        "numbers_per_sample": size,
        "scale": "[0, 1]",
        "l2_median": float(distance.median()),
        "l2_worst": float(distance.max()),
        "mean_squared_error": mean_squared,
        "psnr_db": -10 * math.log10(mean_squared) if mean_squared > 0 else None,
        "exact": int((error == 0).sum()),
    }
    return MetricResult(
        name="reconstruction",
        task=task.name,
        data=context.data,
        value=float(distance.mean()),
        unit="mean L2 distance",
        better="lower",
        details=details,
    )


def squared_error(samples: Tensor, rebuilt: Tensor) -> Float[Tensor, " n"]:
    """Return |x - y|^2 of each sample in float64; bytes count as 0 to 1."""
    return (_unit(samples) - _unit(rebuilt)).flatten(1).square().sum(1)


def _unit(values: Tensor) -> Tensor:
    return values.double() / 255 if values.dtype == torch.uint8 else values.double()
