"""What to measure, and all of it in one call."""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import torch

from lzn_runtime.benchmarks.latent import tables
from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.benchmarks.latent.timing import Clock, product_rate


class Table(StrEnum):
    """A table of the benchmark."""

    COST = "cost"
    PUBLISHED = "published"
    ACCURACY = "accuracy"
    MEMORY = "memory"


@dataclass(frozen=True)
class Settings:
    """Which tables, and at which sizes. `steps` and `dim` are those of cost and memory."""

    tables: Sequence[Table] = tuple(Table)
    largest: int = 2048  # cost and memory: 256, 512, ... up to this
    published: int = 256  # n of the comparison with the published formulation
    anchors: int = 256  # in accuracy
    draws: int = 4  # of noise for each of these anchors
    fine: int = 300  # steps of the reference
    steps: int = 20
    dim: int = 256
    published_dim: int = 200
    threads: int | None = None
    clock: Clock = "wall"

    @property
    def sizes(self) -> list[int]:
        """Powers of two from 256."""
        return [256 << i for i in range((self.largest // 256).bit_length())]


QUICK = Settings(
    largest=512,
    published=64,
    anchors=64,
    draws=1,
    fine=40,
    steps=4,
    dim=64,
    published_dim=32,
)


@dataclass(frozen=True)
class Found:
    """What was measured and under which conditions."""

    conditions: Row
    tables: dict[str, list[Row]]
    exponent: float | None  # of seconds over n, where costs were measured


def measure(settings: Settings, report: Callable[[str, list[Row]], None]) -> Found:
    """Measure; `report` is called with each table as it is found."""
    before = torch.get_num_threads()
    torch.set_num_threads(settings.threads or before)
    try:
        return _measure(settings, report)
    finally:
        torch.set_num_threads(before)


def _measure(settings: Settings, report: Callable[[str, list[Row]], None]) -> Found:
    dim, steps, clock = settings.dim, settings.steps, settings.clock
    makers: dict[Table, Callable[[], list[Row]]] = {
        Table.COST: lambda: tables.cost(settings.sizes, dim=dim, steps=steps, clock=clock),
        Table.PUBLISHED: lambda: tables.against_published(
            settings.published, dim=settings.published_dim, steps=steps, clock=clock
        ),
        Table.ACCURACY: lambda: tables.accuracy(
            settings.anchors, draws=settings.draws, fine=settings.fine
        ),
        Table.MEMORY: lambda: tables.memory(settings.sizes, dim=dim, steps=steps),
    }
    conditions: Row = {
        "machine": platform.machine(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "clock": clock,
        "q": dim,
        "steps": steps,
        "product GFLOP/s": product_rate(2048, dim, clock) / 1e9,
        "baseline": f"published Euler at n = {settings.published}, q = {settings.published_dim}",
        "counted FLOP": "14 n^2 q steps",
    }
    report("conditions", [conditions])
    found: dict[str, list[Row]] = {}
    for table in settings.tables:
        found[str(table)] = makers[table]()
        report(str(table), found[str(table)])
    costs = found.get(str(Table.COST))
    return Found(conditions, found, tables.exponent(costs) if costs else None)
