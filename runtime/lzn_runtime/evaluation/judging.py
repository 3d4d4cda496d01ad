"""Judging pictures once, however many metrics use what the extractor sees.

Kept are numbers, not pictures: of 50,000 with 2,048 features and as many spatial ones, 0.8 GB.
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.evaluation.context import Context
from lzn_runtime.evaluation.drawing import drawn_samples
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.extractor import Extractor, Judgement, join
from lzn_runtime.evaluation.subject import Trained

_BATCH = 1000


def judge_drawn(
    extractor: Extractor,
    trained: Trained,
    task: TaskPlan,
    dataset: Dataset,
    count: int,
    context: Context,
) -> Judgement:
    """Return what an extractor sees in `count` samples that a task draws."""
    drawn = drawn_samples(trained, task, dataset, count, context).samples

    def more(known: int) -> Iterable[Tensor]:
        return torch.split(drawn[known:], _BATCH)

    return _judge(extractor, (task.name, context.data), count, context, more)


def judge_real(
    extractor: Extractor, dataset: Dataset, data: str, count: int, context: Context
) -> Judgement:
    """Return what an extractor sees in `count` samples of a dataset called `data`, or in all."""
    rows = shuffled(dataset, context.seed)[:count]

    def more(known: int) -> Iterable[Tensor]:
        for chosen in torch.split(rows[known:], _BATCH):
            yield dataset.__getitems__(chosen.tolist())[extractor.image]

    return _judge(extractor, ("", data), len(rows), context, more)


def _judge(
    extractor: Extractor,
    what: tuple[str, str],
    count: int,
    context: Context,
    more: Callable[[int], Iterable[Tensor]],
) -> Judgement:
    """Return the first `count` rows; `more(known)` yields the pictures that follow the known."""
    key = (str(extractor.identity["sha256"]), *what)
    known = context.cache.judged.get(key)
    parts = [] if known is None else [known]
    have = 0 if known is None else len(known.features)
    if have < count:
        parts += [extractor.judge(batch) for batch in more(have)]
    found = join(parts)
    context.cache.judged[key] = found
    return found.first(count)
