"""The metric `cmmd`: maximum mean discrepancy between features of drawn and of real samples.

Published for the embeddings of CLIP (ViT-L/14 at 336 pixels, sigma 10, times 1,000); by another
extractor it is another number, which is why the result names it. Source: arXiv:2401.09603.
"""

from pydantic import JsonValue
from torch.nn import functional

from lzn_dsl.planning.plan import TaskPlan
from lzn_dsl.registry.builtin.metrics import CmmdSettings
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.discrepancy import squared_discrepancy
from lzn_runtime.evaluation.errors import evaluation_error
from lzn_runtime.evaluation.judging import judge_drawn, judge_real
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained

_SCALE = 1000
_REAL = 10_000
"""Real samples that are compared with, at most, unless more are drawn."""


def evaluate(
    settings: CmmdSettings,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    context: Context,
) -> MetricResult:
    """Measure the discrepancy of a task's samples to those of a dataset; lower is better.

    Raises EvaluationError: LZN802 for no real samples, LZN803 for features that are not finite;
    and what making an extractor raises.
    """
    extractor = context.extractor(settings.extractor, str(task.output.modality))
    count = settings.samples
    if len(dataset) == 0:
        raise evaluation_error("LZN802", f"`{context.data}` has no samples")
    drawn = judge_drawn(extractor, trained, task, dataset, count, context).features
    real = judge_real(extractor, dataset, context.data, max(_REAL, count), context).features
    if not bool(drawn.isfinite().all() and real.isfinite().all()):
        raise evaluation_error("LZN803", f"features of `{task.name}` are not finite")
    value = squared_discrepancy(
        functional.normalize(drawn.double()),
        functional.normalize(real.double()),
        sigma=settings.sigma,
        device=context.device,
    )
    details: dict[str, JsonValue] = {
        **conditions(context.plan, task, seed=context.seed),
        "samples": len(drawn),
        "real_samples": len(real),
        "features": drawn.shape[1],
        "unit_length": True,
        "sigma": settings.sigma,
        "scale": _SCALE,
        "estimator": "all pairs, those of a sample with itself included",
        "extractor": context.identity(extractor),
    }
    return MetricResult(
        name="cmmd",
        task=task.name,
        data=context.data,
        value=_SCALE * value,
        unit="squared discrepancy, times 1,000",
        better="lower",
        details=details,
    )
