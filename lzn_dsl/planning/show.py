"""A plan as plain text: what is trained, why, for which tasks, at what cost."""

from collections.abc import Iterable, Mapping, Sequence

from lzn_dsl.graph.quantities import count, flop, memory
from lzn_dsl.planning.given import Stated, call, given_settings
from lzn_dsl.planning.plan import ModalityPlan, Plan, SharedOp, StepPlan, TaskPlan
from lzn_dsl.planning.tables import table
from lzn_dsl.registry.brief import Part, module_name
from lzn_dsl.registry.builtin.methods import LATENT_ZONING

_PARTS: tuple[Part, ...] = ("encoder", "decoder")
_NONE = "-"


def show_plan(plan: Plan) -> str:
    """Return a plan as plain text of at most 100 columns; estimates are rounded."""
    given = given_settings(plan)
    sections = (
        ("", [_headline(plan)]),
        ("Data", _data(plan, given)),
        ("Space", [f"  N(0, I) in {plan.dim} dimension{'s' if plan.dim != 1 else ''}"]),
        ("Modules", _modules(plan)),
        ("Objectives", _objectives(plan)),
        ("Tasks", _tasks(plan)),
        ("Training step", _step(plan)),
        ("Evaluations", _evaluations(plan, given)),
        ("Settings that were given", table([(g.path, g.value, g.origin) for g in given])),
    )
    blocks = ["\n".join([title, *body] if title else body) for title, body in sections if body]
    return "\n\n".join(blocks) + "\n"


def _headline(plan: Plan) -> str:
    tasks = f"{len(plan.tasks)} task{'s' if len(plan.tasks) != 1 else ''}"
    whole = flop(plan.train.steps * plan.cost.flops)
    return (
        f"{plan.title}: {tasks}, {count(plan.cost.parameters)} parameters, "
        f"{plan.train.steps:,} steps of {plan.train.batch:,} samples, {whole} in all"
    )


def _data(plan: Plan, given: Sequence[Stated]) -> list[str]:
    rows = []
    for dataset in plan.datasets:
        size = f"{dataset.num_samples:,} samples" if dataset.num_samples else "size unknown"
        columns = "\n".join(f"{n} ({_facts(c.facts)})" for n, c in dataset.columns.items())
        role = "trains" if dataset.name == plan.train.on else ""
        written = call(dataset.component.name, f"data.{dataset.name}", given)
        rows.append((dataset.name, written, size, role, columns))
    return table(rows, right=[2])


def _facts(facts: Mapping[str, object]) -> str:
    numbers = {name: value for name, value in facts.items() if isinstance(value, int)}
    if len(numbers) == 1:
        return " ".join(f"{value} {name}" for name, value in numbers.items())
    return " x ".join(str(value) for value in numbers.values())


def _modules(plan: Plan) -> list[str]:
    rows = [
        _module(plan, m, part) for m in plan.modalities for part in _PARTS if part in m.parameters
    ]
    return table([*rows, ("total", "", f"{plan.cost.parameters:,}", "")], right=[2])


def _module(plan: Plan, modality: ModalityPlan, part: Part) -> tuple[str, str, str, str]:
    discrete = "discrete" in modality.capabilities
    name = module_name(modality.component, part, discrete=discrete)
    told = ""
    if part == "decoder":
        lacks = "" if modality.latents else "told no latent"
        has = f"told the {modality.condition}" if modality.condition else ""
        told = ", ".join(word for word in (lacks, has) if word)
    number = modality.parameters[part]
    said = f"{modality.name}.{part}"
    trains = _trains(plan, said)
    notes = ", ".join(words for words in (told, trains) if words)
    return said, name, f"{number:,}" if number else _NONE, notes


def _trains(plan: Plan, module: str) -> str:
    """Say how a module trains, where that differs from the rest."""
    known = plan.train.modules.get(module)
    if known is None:
        return ""
    words = [] if known.lr is None else [f"lr {known.lr:g}"]
    words += [] if known.schedule == plan.train.schedule else [known.schedule.name]
    end = known.last_step(plan.train.steps)
    return ", ".join([*words, *([f"frozen after {end:,} steps"] if known.until < 1 else [])])


def _objectives(plan: Plan) -> list[str]:
    rows = [("", "weight", "alpha", "because")]
    for objective in plan.objectives:
        weight, alpha = (_number(objective.settings.get(k)) for k in ("weight", "alpha"))
        because = "\n".join(
            "stated in the program" if r == "stated" else r for r in objective.reasons
        )
        rows.append((objective.id, weight, alpha, because))
    return table(rows, right=[1, 2]) if plan.objectives else []


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else _NONE


def _tasks(plan: Plan) -> list[str]:
    lines: list[str] = []
    for task in plan.tasks:
        rows = [
            ("steps", pipe(task)),
            ("type", _type(task)),
            ("needs", ", ".join(task.needs)),
            ("trained by", ", ".join(task.trained_by) or "nothing"),
        ]
        if task.unpaired:
            rows.append(
                ("unpaired", f"by way of {', '.join(task.unpaired)}; never trained on pairs")
            )
        by = "" if task.method == LATENT_ZONING else f" using {task.method}"
        lines.append(f"  {task.name}: {task.phrase}{by}")
        lines += table(rows, indent=4)
    return lines


def _type(task: TaskPlan) -> str:
    inputs = [s for s in task.steps if s.primitive == "input"]
    given = [s.id if s.id == s.modality else f"{s.id}: {s.modality}" for s in inputs]
    rows = f" ({task.many} for each)" if task.many > 1 else ""
    return f"{', '.join(given) or 'nothing'} -> {task.output}{rows}"


def pipe(task: TaskPlan) -> str:
    """Write a task's steps as the language does: `encode label |> decode image`.

    A value that is used again is written by the name of its step.
    """
    steps = {step.id: step for step in task.steps}
    written = {step.id: step.id for step in task.steps if step.primitive == "input"}
    for step in task.steps:
        if step.id not in written:
            parts = []
            for operand in step.operands:
                parts.append(written[operand])
                written[operand] = operand
            text = _application(step, parts, steps)
            times = step.many // max((steps[o].many for o in step.operands), default=1)
            if times > 1 and step.primitive != "interpolate":
                text = f"sample {times} of ({text})"
            written[step.id] = text
    return written[task.steps[-1].id]


def _application(step: StepPlan, parts: Sequence[str], steps: Mapping[str, StepPlan]) -> str:
    if len(parts) > 1:
        operands = [f"({part})" if " |> " in part else part for part in parts]
        return f"{step.primitive}({', '.join([*operands, *(f'{n:g}' for n in step.numbers)])})"
    if not parts:
        return step.primitive
    if step.primitive in ("decode", "nearest", "rank"):
        return f"{parts[0]} |> {step.primitive} {step.modality}"
    if steps[step.operands[0]].primitive == "input":
        return f"{step.primitive} {parts[0]}"
    return f"{parts[0]} |> {step.primitive}"


def _step(plan: Plan) -> list[str]:
    costs = {part.id: part for part in plan.cost.parts}
    users = uses(plan.step)
    rows = [("", "", "cost", "share", "memory", "for")]
    for index, op in enumerate(plan.step, start=1):
        cost = costs.get(op.id)
        rows.append(
            (
                str(index),
                op.id,
                flop(cost.flops) if cost else _NONE,
                _share(cost.flops, plan.cost.flops) if cost else _NONE,
                memory(cost.memory) if cost else _NONE,
                _users(users[op.id]) if op.op != "loss" else "",
            )
        )
    kept = plan.cost.memory - sum(part.memory for part in plan.cost.parts)
    rows.append(("", "weights and what training keeps of them", "", "", memory(kept), ""))
    total = flop(plan.cost.flops), "100 %", memory(plan.cost.memory)
    lines = table([*rows, ("", "total", *total, "")], right=[0, 2, 3, 4])
    slices = plan.train.micro_batches
    if slices > 1:
        lines.append(f"  networks see the batch in {slices:,} slices, one at a time, forward twice")
    return lines


def _share(part: int, whole: int) -> str:
    if not whole:
        return _NONE
    return f"{100 * part / whole:.0f} %" if part >= 0.005 * whole else "< 1 %"


def _users(objectives: Sequence[str]) -> str:
    return objectives[0] if len(objectives) == 1 else f"{len(objectives)} objectives"


def uses(step: Iterable[SharedOp]) -> dict[str, tuple[str, ...]]:
    """Return the objectives that use each operation of a training step, by its id."""
    found: dict[str, list[str]] = {}
    ops = {op.id: op for op in step}

    def visit(op: SharedOp, objective: str) -> None:
        users = found.setdefault(op.id, [])
        if objective not in users:
            users.append(objective)
            for operand in op.operands:
                visit(ops[operand], objective)

    for op in ops.values():
        if op.objective is not None:
            visit(op, op.objective)
    return {op: tuple(found.get(op, ())) for op in ops}


def _evaluations(plan: Plan, given: Sequence[Stated]) -> list[str]:
    rows: dict[str, list[str]] = {}
    for e in plan.evaluations:
        path = f"evaluate.{e.task}.{e.data}.{e.metric.name}"
        rows.setdefault(f"{e.task} on {e.data}", []).append(call(e.metric.name, path, given))
    return table([(judged, ", ".join(metrics)) for judged, metrics in rows.items()])
