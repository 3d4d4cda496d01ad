"""LZNW4xx: numbers of training with which little would be learned."""

from collections.abc import Iterator
from math import floor

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.lint.finding import warning
from lzn_dsl.lint.places import find_setting, learn_statement, train_block, train_place
from lzn_dsl.lint.rule import Checked, ProgramRule
from lzn_dsl.registry.entry import Capability
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.objectives import objective_name
from lzn_dsl.semantics.program import Program, Step

_ADAM = ("adam", "adamw")
_HIGHEST_OF_ADAM = 0.03
_SHORTEST_WAY = 0.01
_HIGHEST_OF_SGD = 10.0
_NEARLY_FULL_NOISE = 0.9
_FEW_STEPS = 4
_FEW_STEPS_BACK = 30
_DIRECTED = frozenset({"digits", "mnist"})


def all_warmup(checked: Checked) -> Iterator[Diagnostic]:
    """Find schedules that are still rising when training ends."""
    steps = _number(checked.program.train["steps"])
    schedule = _component(checked.program, "schedule")
    warmup = _number(schedule.settings.get("warmup"))
    if warmup >= steps:
        yield warning(
            "LZNW401",
            f"a warm-up of {int(warmup):_} steps takes up all {int(steps):_}",
            train_place(checked.file, "schedule", "steps"),
            label="the learning rate never gets to its value",
            hint="choose a warm-up of a tenth of the steps or less",
        )


def high_rate(checked: Checked) -> Iterator[Diagnostic]:
    """Find learning rates with which a single step undoes what was learned."""
    program = checked.program
    optimizer = _component(program, "optimizer")
    clip = _number(program.train["clip"])
    rates = [(_number(optimizer.settings.get("lr")), train_place(checked.file, "optimizer"))]
    own = [m for m in program.modules.values() if m.span.source == checked.file.span.source]
    rates += [(_number(m.settings["lr"]), m.span) for m in own]
    for rate, place in dict.fromkeys(rates):
        yield from _high_rate(optimizer, rate, clip, place)


def _high_rate(optimizer: Component, rate: float, clip: float, place: Span) -> Iterator[Diagnostic]:
    if optimizer.name in _ADAM and rate > _HIGHEST_OF_ADAM:
        yield warning(
            "LZNW402",
            f"a learning rate of {rate:g} is high for `{optimizer.name}`",
            place,
            label=f"every weight moves by about {rate:g} a step",
            hint=f"usual are 1e-4 to 4e-3: `{optimizer.name}(lr: 1e-3)`",
        )
    elif optimizer.name == "sgd" and rate * clip > _HIGHEST_OF_SGD:
        yield warning(
            "LZNW402",
            f"a learning rate of {rate:g} is high for `sgd`",
            place,
            label=f"a step may move the weights by {rate * clip:g}, momentum aside",
            hint="usual are 0.01 to 0.3: `sgd(lr: 0.1)`",
        )


def low_rate(checked: Checked) -> Iterator[Diagnostic]:
    """Find learning rates with which the weights end near where they start."""
    program = checked.program
    optimizer = _component(program, "optimizer")
    rate, steps = _number(optimizer.settings.get("lr")), _number(program.train["steps"])
    place = train_place(checked.file, "optimizer", "steps")
    if optimizer.name in _ADAM and rate * steps < _SHORTEST_WAY:
        yield warning(
            "LZNW403",
            f"{int(steps):_} steps of `{optimizer.name}` at {rate:g} change next to nothing",
            place,
            label=f"each weight moves by about {rate * steps:.1g} at most",
            hint="raise the learning rate, or train longer",
        )
    elif optimizer.name == "sgd":
        momentum = _number(optimizer.settings.get("momentum"))
        way = rate * _number(program.train["clip"]) * steps / (1 - momentum)
        if way < 1:
            yield warning(
                "LZNW403",
                f"{int(steps):_} steps of `sgd` at {rate:g} change next to nothing",
                place,
                label=f"all weights together move by {way:.1g} at most",
                hint="raise the learning rate (`adam` takes far smaller ones), or train longer",
            )


def one_step_counts(checked: Checked) -> Iterator[Diagnostic]:
    """Find alignments whose `cutoff` and `until` leave a single step of the flow."""
    program = checked.program
    steps = _number(program.train["solver_steps"])
    for objective in checked.objectives.by_name.values():
        if objective.kind != "align":
            continue
        cutoff, until = (_number(objective.settings[key]) for key in ("cutoff", "until"))
        # As the loss counts them, `lzn_runtime.latent.alignment`: 0.29 of 100 steps are 29.
        first, last = floor(steps * cutoff + 1e-9), floor(steps * until + 1e-9)
        if last - first <= 1 < steps:
            yield warning(
                "LZNW404",
                f"`{objective.name}` looks at a single step of the flow's {int(steps)}",
                _learn_place(checked, objective.name, "until", "cutoff"),
                label=f"from the share {cutoff:g} to {until:g}",
                hint="raise `solver_steps`, or the distance between `cutoff` and `until`",
            )


def full_noise(checked: Checked) -> Iterator[Diagnostic]:
    """Find alignments with classes that are trained with all or nearly all of their noise."""
    program = checked.program
    for objective in checked.objectives.by_name.values():
        if objective.kind != "align" or objective.other is None:
            continue
        if _number(objective.settings["alpha"]) < _NEARLY_FULL_NOISE:
            continue
        if Capability.DISCRETE in program.modalities[objective.other].capabilities:
            yield warning(
                "LZNW405",
                f"`{objective.name}` trains with nearly all of its noise",
                _learn_place(checked, objective.name, "alpha"),
                label="the default is 0.3",
                hint="choose an `alpha` from 0.1 to 0.5, or leave it out",
            )


def few_sampler_steps(checked: Checked) -> Iterator[Diagnostic]:
    """Find Euler samplers with too few steps for what a task does."""
    for task in checked.program.tasks.values():
        running = [s for s in task.steps if s.primitive in ("invert", "decode") and s.modality]
        back = any(step.primitive == "invert" for step in running)
        samplers = [_sampler(checked.program, step) for step in running]
        steps = [_number(s.settings["steps"]) for s in samplers if s and s.name == "euler"]
        if steps and min(steps) < (_FEW_STEPS_BACK if back else _FEW_STEPS):
            way = "goes back and forth" if back else "draws samples"
            yield warning(
                "LZNW406",
                f"`{task.name}` {way} in {int(min(steps))} Euler steps",
                task.span,
                hint="set its sampler: `{ sampler: euler(steps: 50) }`, or `dopri5`",
            )


def mirrored_digits(checked: Checked) -> Iterator[Diagnostic]:
    """Find digits that are mirrored in training."""
    program = checked.program
    data = program.datasets[program.on].component.name
    augment = program.train["augment"]
    listed = augment if isinstance(augment, list) else []
    if data in _DIRECTED and any(Component.model_validate(a).name == "flip" for a in listed):
        yield warning(
            "LZNW407",
            f"`flip` mirrors the digits of `{program.on}`",
            train_place(checked.file, "augment"),
            label="a mirrored digit is none, or another one",
            hint="use `shift` alone",
        )


def decay_not_reached(checked: Checked) -> Iterator[Diagnostic]:
    """Find decays of the averaged weights that the warm-up of the average keeps from being used."""
    program, block = checked.program, train_block(checked.file)
    stated = find_setting(block.settings, "ema") if block else None
    decay, steps = _number(program.train["ema"]), _number(program.train["steps"])
    highest = steps / (steps + 9)  # that of the last step, `lzn_runtime.training.ema`
    if stated is not None and decay > highest:
        yield warning(
            "LZNW903",
            f"a decay of {decay:g} is not reached in {int(steps):_} steps",
            stated.value.span,
            label=f"the average's own warm-up ends at {highest:.4g}",
            hint="leave `ema` out: any value above does the same",
        )


def _learn_place(checked: Checked, name: str, *keys: str) -> Span:
    for learn in checked.program.learns:
        if objective_name(learn.kind, learn.modality, learn.other) != name:
            continue
        statement = learn_statement(checked.file, learn.span)
        if statement is not None:
            settings = (find_setting(statement.settings, key) for key in keys)
            return next((s.value.span for s in settings if s), learn.span)
    return train_place(checked.file)


def _sampler(program: Program, step: Step) -> Component | None:
    """Return the sampler of a step: its own, else that of the decoder of its modality."""
    if step.sampler is not None:
        return step.sampler
    decoder = program.modalities[str(step.modality)].component.settings.get("decoder")
    if not isinstance(decoder, dict):
        return None
    sampler = Component.model_validate(decoder).settings.get("sampler")
    return Component.model_validate(sampler) if isinstance(sampler, dict) else None


def _component(program: Program, setting: str) -> Component:
    return Component.model_validate(program.train[setting])


def _number(value: JsonValue) -> float:
    return value if isinstance(value, int | float) else 0.0


RULES = (
    ProgramRule("LZNW401", all_warmup),
    ProgramRule("LZNW402", high_rate),
    ProgramRule("LZNW403", low_rate),
    ProgramRule("LZNW404", one_step_counts),
    ProgramRule("LZNW405", full_noise),
    ProgramRule("LZNW406", few_sampler_steps),
    ProgramRule("LZNW407", mirrored_digits),
    ProgramRule("LZNW903", decay_not_reached, pedantic=True),
)
