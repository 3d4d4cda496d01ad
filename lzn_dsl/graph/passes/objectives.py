"""Which objectives a program needs, and why.

A decoder with a loss of its own needs it; a task from one modality to another needs the two
aligned along a path of paired data; a decoder that is told classes needs them readable off the
latent; an encoder that nothing else trains aligns two views of its samples. A task by another
method has that method's objective. `learn` statements add to these or weigh them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.graph.passes.pairing import path_between
from lzn_dsl.graph.passes.sources import crossings, modules
from lzn_dsl.registry.builtin.methods import LATENT_ZONING
from lzn_dsl.registry.entry import Capability, Kind, ObjectiveKind
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.objectives import has_views, objective_name, order_pair
from lzn_dsl.semantics.program import Program, Task

_Key = tuple[ObjectiveKind, str, str | None]
"""Kind of an objective, its modality, and the other one."""


@dataclass(frozen=True)
class Objective:
    """An objective with its complete settings and the reasons for it."""

    name: str
    kind: ObjectiveKind
    modality: str
    other: str | None
    settings: dict[str, JsonValue]
    reasons: tuple[str, ...]
    method: str = LATENT_ZONING

    @property
    def trains(self) -> tuple[str, ...]:
        """Modules whose parameters it trains."""
        if self.kind == "decode":
            decoder = f"{self.modality}.decoder"
            latents = self.method == LATENT_ZONING
            return (f"{self.modality}.encoder", decoder) if latents else (decoder,)
        others = (self.other,) if self.other else ()
        return tuple(dict.fromkeys(f"{name}.encoder" for name in (self.modality, *others)))


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

    @property
    def blind(self) -> frozenset[str]:
        """Modalities whose decoder is told no latents."""
        decodes = (o for o in self.by_name.values() if o.kind == "decode")
        return frozenset(o.modality for o in decodes if o.method != LATENT_ZONING)


@dataclass
class _Inference:
    program: Program
    found: list[Diagnostic]
    reasons: dict[_Key, list[str]] = field(default_factory=dict)
    methods: dict[_Key, Task] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def need(
        self,
        kind: ObjectiveKind,
        modality: str,
        other: str | None,
        reason: str,
        task: Task | None = None,
    ) -> None:
        """Ask for an objective; `task` is the one whose method it is of."""
        if other is not None:
            modality, other = order_pair(modality, other, self.program.modalities)
        key = (kind, modality, other)
        reasons = self.reasons.setdefault(key, [])
        if reason not in reasons:
            reasons.append(reason)
        if task is not None:
            self._by_one_method(key, task)

    def _by_one_method(self, key: _Key, task: Task) -> None:
        """Refuse two tasks that want one objective by different methods (LZN407)."""
        first = self.methods.setdefault(key, task)
        if first.method == task.method:
            return
        self.found.append(
            Diagnostic(
                "LZN407",
                f"`{first.name}` and `{task.name}` train `{key[1]}` by methods that exclude "
                "each other",
                task.span,
                label=f"by `{task.method.name}`",
                hint="use one method, with the same settings, or write two programs",
                related=(Related(first.span, f"by `{first.method.name}`"),),
            )
        )

    def discrete(self, modality: str) -> bool:
        return Capability.DISCRETE in self.program.modalities[modality].capabilities

    def align(self, one: str, other: str, reason: str, span: Span) -> tuple[str, ...]:
        """Ask for the alignments that lead from one modality to another."""
        path = path_between(self.program, one, other)
        if path is None:
            self._unpaired(f"no paired data aligns `{one}` with `{other}`", one, other, span)
            return ()
        for left, right in pairwise(path):
            self.need("align", left, right, reason)
        return tuple(path)

    def _unpaired(self, summary: str, one: str, other: str, span: Span) -> None:
        data = self.program.datasets[self.program.on]
        columns = ", ".join(f"`{c}`" for c in data.info.columns)
        self.found.append(
            Diagnostic(
                "LZN401",
                summary,
                span,
                notes=(f"`{data.name}`, on which the program trains, holds: {columns}",),
                hint=f"train on a dataset with both `{one}` and `{other}`",
            )
        )

    def task(self, task: Task) -> None:
        """Ask for what a task needs, by its method."""
        objective = self.program.registry.get(Kind.METHOD, task.method.name).objective
        if objective == "contrast":
            for modality, _ in modules(task.steps):
                self._contrast(modality, task)
            return
        for modality in dict.fromkeys(_decoded(task)):
            if not self.discrete(modality):
                reason = f"`{task.name}` decodes `{modality}`"
                self.need("decode", modality, None, reason, task)
        for source, target in crossings(task.steps):
            if objective == "decode":
                self.told.setdefault(target, source)
                continue
            if objective == "classify":
                self._classify(source, target, task)
                continue
            reason = f"`{task.name}` goes from `{source}` to `{target}`"
            path = self.align(source, target, reason, task.span)
            if len(path) > 2:
                self.paths[task.name] = path[1:-1]

    def _contrast(self, modality: str, task: Task) -> None:
        if not has_views(self.program.modalities[modality]):
            self._unsuited(task, f"no augmentations make two views of `{modality}`")
            return
        reason = f"`{task.name}` embeds `{modality}` by `{task.method.name}`"
        self.need("contrast", modality, None, reason, task)

    def _classify(self, source: str, target: str, task: Task) -> None:
        if {source, target} <= set(self.program.datasets[self.program.on].info.columns):
            reason = f"`{task.name}` says which `{target}` a sample of `{source}` is"
            self.need("classify", source, target, reason, task)
        else:
            summary = f"no data says which `{target}` a sample of `{source}` is"
            self._unpaired(summary, source, target, task.span)

    def _unsuited(self, task: Task, why: str) -> None:
        self.found.append(
            Diagnostic(
                "LZN319",
                f"`{task.method.name}` cannot train `{task.name}`: {why}",
                task.span,
                hint="leave `using` out",
            )
        )

    def require_told(self, conditions: Mapping[str, str]) -> None:
        """Refuse decoders without latents that are to decode what nothing tells them (LZN319)."""
        for task in self.program.tasks.values():
            if self.program.registry.get(Kind.METHOD, task.method.name).objective != "decode":
                continue
            for source, target in crossings(task.steps):
                if conditions.get(target) != source and not self.discrete(target):
                    why = f"it tells the decoder of `{target}` nothing of the `{source}`"
                    self._unsuited(task, why)

    def conditions(self) -> dict[str, str]:
        """Choose the class vector of each decoder and ask for its alignment."""
        chosen: dict[str, str] = {}
        decoded = [m for kind, m, _ in self.reasons if kind == "decode"]
        for modality in decoded:
            stated = _stated_condition(self.program, modality)
            aligned = [o for kind, m, o in self.reasons if kind == "align" and m == modality and o]
            aligned += [self.told[modality]] if modality in self.told else []
            discrete = [o for o in aligned if self.discrete(o)]
            name = discrete[0] if stated == "auto" and discrete else stated
            if name in (None, "auto", "none"):
                continue
            assert name is not None
            if self._may_condition(modality, name):
                chosen[modality] = name
                if self._without_latents(modality):
                    continue
                span = self.program.modalities[modality].span
                self.align(modality, name, f"the decoder of `{modality}` is told `{name}`", span)
        return chosen

    def _without_latents(self, modality: str) -> bool:
        task = self.methods.get(("decode", modality, None))
        return task is not None and task.method.name != LATENT_ZONING

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

    def views(self) -> None:
        """Ask for the alignment of two views where nothing else trains a task's encoder."""
        trained = {
            name
            for kind, modality, other in self.reasons
            if kind != "decode" or not self._without_latents(modality)
            for name in (modality, other)
        }
        for task in self.program.tasks.values():
            for modality, part in modules(task.steps):
                known = self.program.modalities[modality]
                alone = part == "encoder" and modality not in trained and has_views(known)
                if alone and task.method.name == LATENT_ZONING:
                    reason = f"nothing else trains the encoder that `{task.name}` uses"
                    self.need("align", modality, modality, reason)

    def objective(self, key: _Key, reasons: list[str]) -> Objective:
        """Return an objective with its settings."""
        kind, modality, other = key
        name = objective_name(kind, modality, other)
        task = self.methods.get(key)
        method = task.method if task else Component(name=LATENT_ZONING)
        if kind in ("contrast", "classify"):
            settings = method.settings
        else:
            learns = self.program.learns
            stated = {objective_name(s.kind, s.modality, s.other): s.settings for s in learns}
            settings = stated.get(name) or self.program.unstated[name]
        return Objective(name, kind, modality, other, settings, tuple(reasons), method.name)


def infer_objectives(program: Program, found: list[Diagnostic]) -> Objectives:
    """Return what a program needs to learn; findings are added to `found`."""
    work = _Inference(program, found)
    for task in program.tasks.values():
        work.task(task)
    work.stated()
    conditions = work.conditions()
    work.require_told(conditions)
    work.views()
    made = (work.objective(key, reasons) for key, reasons in work.reasons.items())
    by_name = {o.name: o for o in made if o.settings["weight"] != 0}
    return Objectives(by_name, conditions, work.paths)


def _decoded(task: Task) -> Iterator[str]:
    return (s.modality for s in task.steps if s.primitive == "decode" and s.modality)


def _stated_condition(program: Program, modality: str) -> str | None:
    decoder = program.modalities[modality].component.settings.get("decoder")
    settings = decoder.get("settings") if isinstance(decoder, dict) else None
    stated = settings.get("classes") if isinstance(settings, dict) else None
    return stated if isinstance(stated, str) else None
