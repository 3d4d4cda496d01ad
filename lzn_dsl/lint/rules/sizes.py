"""LZNW30x: numbers of classes, samples and dimensions that do not go together."""

from collections.abc import Iterator
from math import ceil, log2

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.graph.passes.needs import sample_facts
from lzn_dsl.graph.passes.sources import uses
from lzn_dsl.lint.finding import warning
from lzn_dsl.lint.places import space_place, train_place
from lzn_dsl.lint.rule import Checked, ProgramRule
from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics.program import Program, Task

_MOST_PASSES = 10_000
_BEFORE_ZONES = ("anchor", "features")
"""Primitives that encode a sample and do not look for its zone."""


def few_samples_for_classes(checked: Checked) -> Iterator[Diagnostic]:
    """Find batches that hold fewer samples than an aligned modality has classes."""
    program, batch = checked.program, _whole(checked.program, "batch")
    for name, classes in _aligned_classes(checked):
        if batch < classes:
            yield warning(
                "LZNW301",
                f"a batch of {batch:_} cannot hold the {classes:_} classes of `{name}`",
                train_place(checked.file, "batch"),
                label=f"at least {classes - batch:_} absent from each step",
                hint=f"choose a batch of {_enough(program, classes):_} or more",
            )


def less_than_a_pass(checked: Checked) -> Iterator[Diagnostic]:
    """Find trainings that end before each sample was seen once."""
    program = checked.program
    size = program.datasets[program.on].info.num_samples
    batch, steps = _whole(program, "batch"), _whole(program, "steps")
    if size and steps * batch < size:
        yield warning(
            "LZNW304",
            f"{steps:_} steps of {batch:_} see {steps * batch:_} of the {size:_} samples",
            train_place(checked.file, "steps", "batch"),
            label=f"one pass over `{program.on}` takes {ceil(size / batch):_} steps",
            hint="train longer, or on fewer samples",
        )


def many_passes(checked: Checked) -> Iterator[Diagnostic]:
    """Find trainings that see each sample more often than anybody means."""
    program = checked.program
    size = program.datasets[program.on].info.num_samples
    batch, steps = _whole(program, "batch"), _whole(program, "steps")
    if size and steps * batch > _MOST_PASSES * size:
        yield warning(
            "LZNW305",
            f"{steps:_} steps of {batch:_} are {steps * batch // size:_} passes over the data",
            train_place(checked.file, "steps", "batch"),
            label=f"one pass over `{program.on}` takes {ceil(size / batch):_} steps",
            hint="train for fewer steps",
        )


def few_dimensions(checked: Checked) -> Iterator[Diagnostic]:
    """Find latent spaces with fewer sign patterns than classes."""
    dim = checked.program.dim
    for name, classes in _aligned_classes(checked):
        needed = ceil(log2(classes))
        if dim < needed:
            yield warning(
                "LZNW306",
                f"{dim} dimensions are few for the {classes:_} classes of `{name}`",
                space_place(checked.file),
                label=f"{2**dim:_} orthants for {classes:_} anchors: some must share one",
                hint=f"choose {needed} or more: `space gaussian(dim: {max(needed, 32)})`",
            )


def many_dimensions(checked: Checked) -> Iterator[Diagnostic]:
    """Find latent spaces of more dimensions than a batch has anchors."""
    program, batch = checked.program, _whole(checked.program, "batch")
    if program.dim > batch and checked.objectives.by_name:
        yield warning(
            "LZNW307",
            f"{program.dim:_} dimensions are more than the {batch:_} anchors of a batch",
            space_place(checked.file),
            label=f"a step's flow moves latents in {batch:_} directions at most",
            hint="choose a larger batch or a smaller `dim`",
        )


def small_support(checked: Checked) -> Iterator[Diagnostic]:
    """Find supports that leave out classes, or that are empty though tasks encode."""
    program, support = checked.program, _whole(checked.program, "support")
    encoding = [task for task in program.tasks.values() if _finds_zones(program, task)]
    if not encoding:
        return
    place = train_place(checked.file, "support")
    if support == 0:
        names = ", ".join(f"`{task.name}`" for task in encoding)
        yield warning(
            "LZNW308",
            "without support the trained model cannot encode a sample",
            place,
            label=f"needed by {names}",
            hint="leave `support` out, or set it to some hundred samples",
        )
        return
    columns = program.datasets[program.on].info.columns
    for name in columns:
        if name in program.modalities and _discrete(program, name):
            classes = sample_facts(program, name).get("classes", 0)
            if support < classes:
                yield warning(
                    "LZNW308",
                    f"a support of {support:_} leaves out classes of `{name}`",
                    place,
                    label=f"there are {classes:_} classes",
                    hint=f"choose {10 * classes:_}, ten of each class, or more",
                )


def _finds_zones(program: Program, task: Task) -> bool:
    """Whether a task looks for the zones of samples that no finite set of anchors bounds."""
    return any(
        part == "encoder" and step.primitive not in _BEFORE_ZONES and not _discrete(program, name)
        for step, name, part in uses(task.steps)
    )


def _aligned_classes(checked: Checked) -> Iterator[tuple[str, int]]:
    """Yield each discrete modality that something is aligned with, and its number of classes."""
    program = checked.program
    aligned = {o.other for o in checked.objectives.by_name.values() if o.other}
    for name in program.modalities:
        if name in aligned and _discrete(program, name):
            classes = sample_facts(program, name).get("classes")
            if classes:
                yield name, classes


def _enough(program: Program, classes: int) -> int:
    """Return a batch with four samples of each class, or what the data has."""
    size = program.datasets[program.on].info.num_samples
    return min(4 * classes, max(size or 4 * classes, classes))


def _discrete(program: Program, modality: str) -> bool:
    return Capability.DISCRETE in program.modalities[modality].capabilities


def _whole(program: Program, setting: str) -> int:
    value = program.train[setting]
    assert isinstance(value, int), setting
    return value


RULES = (
    ProgramRule("LZNW301", few_samples_for_classes),
    ProgramRule("LZNW304", less_than_a_pass),
    ProgramRule("LZNW305", many_passes),
    ProgramRule("LZNW306", few_dimensions),
    ProgramRule("LZNW307", many_dimensions),
    ProgramRule("LZNW308", small_support),
)
