"""What is known of datasets, modalities and tasks, in a few words: `28 x 28 x 1`, `10 classes`."""

from collections.abc import Mapping

from lzn_dsl.registry.entry import DatasetInfo
from lzn_dsl.semantics.program import Modality, Program, Task


def size(facts: Mapping[str, object]) -> str:
    """Say how large a sample is, from the whole numbers among what is known of it."""
    numbers = {
        name: value
        for name, value in facts.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
    if len(numbers) == 1:
        return " ".join(f"{value:,} {name}" for name, value in numbers.items())
    return " x ".join(str(value) for value in numbers.values())


def dataset(info: DatasetInfo) -> str:
    """Say how many samples a dataset has, and its columns."""
    count = f"{info.num_samples:,} samples" if info.num_samples else "samples not counted"
    columns = [f"{name} {size(column.facts)}".rstrip() for name, column in info.columns.items()]
    return ", ".join([count, *columns])


def classes(modality: Modality) -> str:
    """List the names of a modality's classes, the first ten; empty where it has none."""
    names = modality.component.settings.get("names")
    if not isinstance(names, list) or not names:
        return ""
    return ", ".join(map(str, names[:10])) + (", ..." if len(names) > 10 else "")


def task(known: Task) -> str:
    """Say what a task takes and what it yields: `label -> image`."""
    given = [s.id if s.id == s.modality else f"{s.id}: {s.modality}" for s in known.inputs]
    output = known.output
    yielded = output.modality if output.kind == "sample" else output.describe()
    return f"{', '.join(given) or 'nothing'} -> {yielded}"


def objectives(program: Program) -> list[str]:
    """Return the objectives of a program, stated and inferred; empty where they have errors."""
    from lzn_dsl.graph.passes.needs import find_needs

    needs = find_needs(program, [])
    return list(needs.objectives.by_name) if needs else []
