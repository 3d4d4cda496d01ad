"""Drawing the samples of an evaluation once, however many metrics look at them."""

from lzn_dsl.planning.plan import TaskPlan
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.drawn import Drawn, draw
from lzn_runtime.evaluation.subject import Trained


def drawn_samples(
    trained: Trained, task: TaskPlan, dataset: Dataset, count: int, context: Context
) -> Drawn:
    """Return `count` samples of a task, with inputs like those of the dataset.

    Sample i is the same whatever the count, so that fewer are the first of more.
    """
    for (name, data, number), found in context.cache.drawn.items():
        if (name, data) == (task.name, context.data) and number >= count:
            return Drawn(found.samples[:count], {k: v[:count] for k, v in found.inputs.items()})
    made = draw(trained, task, dataset, count, seed=context.seed)
    context.cache.drawn[task.name, context.data, count] = made
    return made
