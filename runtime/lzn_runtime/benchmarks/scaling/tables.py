"""All tables of `lzn bench scaling`: of the model, and on request counted and measured ones."""

from collections.abc import Sequence
from pathlib import Path

from lzn_dsl.resources import resource_folder
from lzn_dsl.spec import Spec, load
from lzn_runtime.benchmarks.latent.tables import Row
from lzn_runtime.benchmarks.scaling.answers import answers
from lzn_runtime.benchmarks.scaling.counts import counts
from lzn_runtime.benchmarks.scaling.measured import Sizes, measured_tables
from lzn_runtime.benchmarks.scaling.model import Model, model_tables


def paper_specs() -> list[Spec]:
    """Return the shipped programs of the paper's configurations, in the order of their names."""
    return [load(path) for path in paper_paths()]


def paper_paths() -> list[Path]:
    """Return their files."""
    return sorted((resource_folder("specs") / "paper").glob("*.lzn"))


def all_tables(
    model: Model, specs: Sequence[Spec], *, measure: Sizes | None = None, count: bool = False
) -> dict[str, list[Row]]:
    """Return the tables of a model of some programs by name.

    Args:
        model: The model.
        specs: Its programs, at least one.
        measure: Sizes of what is measured on this machine; None measures nothing.
        count: Whether to build their networks on the meta device and count what they do.
    """
    found = {"answers": answers(model), **model_tables(model, specs[0].registry)}
    if count:
        found["counts"] = counted(specs)
    if measure is not None:
        found |= measured_tables(measure)
    return found


def counted(specs: Sequence[Spec]) -> list[Row]:
    """Return the counts of the programs' networks, those of equal networks once."""
    rows: dict[object, Row] = {}
    for spec in specs:
        for row in counts(spec.plan(), spec.registry):
            part = str(row["network"]).split()[-1]
            key = (part, row["parameters, plan"], row["GFLOP, plan"])
            rows.setdefault(key, row)
    return list(rows.values())
