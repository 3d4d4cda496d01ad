"""Which objectives a program needs, and why.

A decoder with a loss of its own needs it; a task from one modality to another needs the two
aligned along a path of paired data; a decoder that is told classes needs them readable off the
latent. `learn` statements add to these or weigh them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.graph.passes.pairing import path_between
from lzn_dsl.graph.passes.sources import crossings, modules
from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics.objectives import objective_name, order_pair
from lzn_dsl.semantics.program import Program, Task


@dataclass(frozen=True)
class Objective:
    """An objective with its complete settings and the reasons for it."""

    name: str
    kind: str
    modality: str
    other: str | None
    settings: dict[str, JsonValue]
    reasons: tuple[str, ...]

    @property
    def trains(self) -> tuple[str, ...]:
        """Modules whose parameters it trains."""
        if self.kind == "decode":
            return (f"{self.modality}.encoder", f"{self.modality}.decoder")
        return (f"{self.modality}.encoder", f"{self.other}.encoder")


@dataclass(frozen=True)
class Objectives:
    """What is to be learned.

    Attributes:
        by_name: The objectives, in order of need.
        conditions: The discrete modality that a modality's decoder is told, by modality.
        paths: Chains of alignment of tasks whose modalities no data pairs directly.
    """

    by_name: dict[str, Objective]
    conditions: dict[str, str]
    paths: dict[str, tuple[str, ...]]


@dataclass
class _Inference:
    program: Program
    found: list[Diagnostic]
    reasons: dict[tuple[str, str, str | None], list[str]] = field(default_factory=dict)
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def need(self, kind: str, modality: str, other: str | None, reason: str) -> None:
        if other is not None:
            modality, other = order_pair(modality, other, self.program.modalities)
        reasons = self.reasons.setdefault((kind, modality, other), [])
        if reason not in reasons:
            reasons.append(reason)

    def discrete(self, modality: str) -> bool:
        return Capability.DISCRETE in self.program.modalities[modality].capabilities

    def align(self, one: str, other: str, reason: str, span: Span) -> tuple[str, ...]:
        """Ask for the alignments that lead from one modality to another."""
        path = path_between(self.program, one, other)
        if path is None:
            data = self.program.datasets[self.program.on]
            columns = ", ".join(f"`{c}`" for c in data.info.columns)
            self.found.append(
                Diagnostic(
                    "LZN401",
                    f"no paired data aligns `{one}` with `{other}`",
                    span,
                    notes=(f"`{data.name}`, on which the program trains, holds: {columns}",),
                    hint=f"train on a dataset with both `{one}` and `{other}`",
                )
            )
            return ()
        for left, right in pairwise(path):
            self.need("align", left, right, reason)
        return tuple(path)

    def task(self, task: Task) -> None:
        for step in task.steps:
            if step.primitive == "decode" and step.modality and not self.discrete(step.modality):
                self.need("decode", step.modality, None, f"`{task.name}` decodes `{step.modality}`")
        for source, target in crossings(task.steps):
            reason = f"`{task.name}` goes from `{source}` to `{target}`"
            path = self.align(source, target, reason, task.span)
            if len(path) > 2:
                self.paths[task.name] = path[1:-1]

    def conditions(self) -> dict[str, str]:
        """Choose the class vector of each decoder and ask for its alignment."""
        chosen: dict[str, str] = {}
        decoded = [m for kind, m, _ in self.reasons if kind == "decode"]
        for modality in decoded:
            stated = _stated_condition(self.program, modality)
            aligned = [o for kind, m, o in self.reasons if kind == "align" and m == modality and o]
            discrete = [o for o in aligned if self.discrete(o)]
            name = discrete[0] if stated == "auto" and discrete else stated
            if name in (None, "auto", "none"):
                continue
            assert name is not None
            if self._may_condition(modality, name):
                chosen[modality] = name
                span = self.program.modalities[modality].span
                self.align(modality, name, f"the decoder of `{modality}` is told `{name}`", span)
        return chosen

    def _may_condition(self, modality: str, name: str) -> bool:
        if name in self.program.modalities and self.discrete(name):
            return True
        discrete = [f"`{m}`" for m in self.program.modalities if self.discrete(m)]
        self.found.append(
            Diagnostic(
                "LZN302",
                f"`classes` of the decoder of `{modality}` cannot be `{name}`",
                self.program.modalities[modality].span,
                label=f"expected a discrete modality, `auto` or `none`: {', '.join(discrete)}",
            )
        )
        return False

    def stated(self) -> None:
        for learn in self.program.learns:
            if learn.other is not None:
                self.align(learn.modality, learn.other, "stated", learn.span)
            else:
                self.need("decode", learn.modality, None, "stated")


def infer_objectives(program: Program, found: list[Diagnostic]) -> Objectives:
    """Return what a program needs to learn; findings are added to `found`."""
    work = _Inference(program, found)
    for task in program.tasks.values():
        work.task(task)
    work.stated()
    conditions = work.conditions()
    settings = {objective_name(s.kind, s.modality, s.other): s.settings for s in program.learns}
    by_name: dict[str, Objective] = {}
    for (kind, modality, other), reasons in work.reasons.items():
        name = objective_name(kind, modality, other)
        given = settings.get(name) or program.unstated[name]
        if given["weight"] != 0:
            by_name[name] = Objective(name, kind, modality, other, given, tuple(reasons))
    objectives = Objectives(by_name, conditions, work.paths)
    found.extend(_untrained(program, objectives))
    return objectives


def modules_of(task: Task, conditions: Mapping[str, str]) -> tuple[str, ...]:
    """Return the modules that a task uses, such as `image.encoder`."""
    needs: dict[str, None] = {}
    for modality, part in modules(task.steps):
        needs[f"{modality}.{part}"] = None
        if part == "decoder" and modality in conditions:
            needs[f"{conditions[modality]}.decoder"] = None
    return tuple(needs)


def trainers(module: str, program: Program, objectives: dict[str, Objective]) -> list[str]:
    """Return the names of the objectives that train a module, such as `image.encoder`."""
    modality = module.removesuffix(".decoder")
    # The decoder of a discrete modality reads the flow of its anchors: its encoder is all it has.
    if modality != module and Capability.DISCRETE in program.modalities[modality].capabilities:
        module = f"{modality}.encoder"
    return [name for name, objective in objectives.items() if module in objective.trains]


def _untrained(program: Program, objectives: Objectives) -> list[Diagnostic]:
    found = []
    for task in program.tasks.values():
        needs = modules_of(task, objectives.conditions)
        lacking = [m for m in needs if not trainers(m, program, objectives.by_name)]
        if lacking:
            names = " and ".join(f"`{m}`" for m in lacking)
            found.append(
                Diagnostic(
                    "LZN402",
                    f"nothing trains {names}, which `{task.name}` uses",
                    task.span,
                    hint=_cure(lacking[0], program),
                )
            )
    return found


def _cure(module: str, program: Program) -> str:
    """Say what would train a module."""
    modality, part = module.rsplit(".", 1)
    discrete = Capability.DISCRETE in program.modalities[modality].capabilities
    if part == "decoder" and not discrete:
        return f"give `learn decode {modality}` a weight above 0"
    others = [m for m in program.datasets[program.on].info.columns if m != modality]
    if not others:
        return "add a task that trains it, or train on data that pairs it with something else"
    pair = " with ".join(order_pair(modality, others[0], program.modalities))
    return f"add a task that trains it, or `learn align {pair}` with a weight above 0"


def _stated_condition(program: Program, modality: str) -> str | None:
    decoder = program.modalities[modality].component.settings.get("decoder")
    settings = decoder.get("settings") if isinstance(decoder, dict) else None
    stated = settings.get("classes") if isinstance(settings, dict) else None
    return stated if isinstance(stated, str) else None
