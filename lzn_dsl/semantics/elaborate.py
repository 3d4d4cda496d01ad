"""Elaboration: from a verb's body to typed steps, for given modalities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.registry.entry import Capability
from lzn_dsl.semantics.primitives import PRIMITIVES, Primitive
from lzn_dsl.semantics.program import Step
from lzn_dsl.semantics.types import LATENT, ValueType
from lzn_dsl.syntax import tree

Capabilities = Callable[[str], frozenset[Capability]]


class _Abandoned(Exception):  # noqa: N818
    """The body has an error, which is already in `found`."""


@dataclass
class _Elaboration:
    """State of one elaboration: steps so far, equal steps merged."""

    verb: tree.Verb
    bindings: Mapping[str, str]
    capabilities: Capabilities
    found: list[Diagnostic]
    steps: dict[str, Step] = field(default_factory=dict)
    known: dict[tuple[object, ...], str] = field(default_factory=dict)

    def evaluate(self, body: tree.Expression, piped: Step | None = None) -> Step:
        if isinstance(body, tree.Pipe):
            value = piped
            for stage in body.stages:
                value = self.evaluate(stage, value)
            assert value is not None
            return value
        if isinstance(body, tree.Reference):
            if body.name.text in self.bindings and piped is None:
                return self._input(body.name.text)
            return self._apply(body.name, (), body.span, piped)
        if isinstance(body, tree.Apply):
            return self._apply(body.head, _applied(body), body.span, piped)
        raise self._fail("LZN307", "a number cannot stand alone as a step", body.span)

    def _apply(
        self,
        name: tree.Name,
        operands: tuple[tree.Expression, ...],
        span: Span,
        piped: Step | None,
    ) -> Step:
        primitive = PRIMITIVES.get(name.text)
        if primitive is None:
            known = [*PRIMITIVES, *self.bindings]
            raise self._fail(
                "LZN211",
                f"unknown step `{name.text}` in a verb",
                name.span,
                notes=(
                    f"primitives: {', '.join(f'`{p}`' for p in PRIMITIVES)}",
                    f"parameters: {', '.join(f'`{p}`' for p in self.bindings)}",
                ),
                hint=suggest(name.text, known),
            )
        given = len(operands) + (piped is not None)
        if given != len(primitive.operands):
            wanted = ", ".join(_article(kind) for kind in primitive.operands) or "no operand"
            raise self._fail(
                "LZN307",
                f"`{primitive.name}` takes {wanted}; here it has {given or 'none'}",
                span,
                hint=primitive.help,
            )
        return self._typed(primitive, operands, span, piped)

    def _typed(
        self,
        primitive: Primitive,
        operands: tuple[tree.Expression, ...],
        span: Span,
        piped: Step | None,
    ) -> Step:
        values: list[str] = []
        modality: str | None = None
        rest = list(operands)
        for index, kind in enumerate(primitive.operands):
            if kind == "modality":
                modality = self._modality(primitive, rest.pop(0))
                continue
            if index == 0 and piped is not None:
                step, place = piped, span
            else:
                operand = rest.pop(0)
                step, place = self.evaluate(operand), operand.span
            if step.type.kind != kind:
                raise self._fail(
                    "LZN307",
                    f"`{primitive.name}` takes {_article(kind)}, not {step.type.describe()}",
                    place,
                )
            modality = step.type.modality or modality
            values.append(step.id)
        self._require(primitive, modality, span)
        result = LATENT if primitive.result == "latent" else ValueType(primitive.result, modality)
        return self._step(primitive.name, tuple(values), modality, result)

    def _modality(self, primitive: Primitive, operand: tree.Expression) -> str:
        if isinstance(operand, tree.Reference) and operand.name.text in self.bindings:
            return self.bindings[operand.name.text]
        raise self._fail(
            "LZN307",
            f"`{primitive.name}` must be told a parameter to decode to",
            operand.span,
            notes=(f"parameters: {', '.join(f'`{p}`' for p in self.bindings)}",),
        )

    def _require(self, primitive: Primitive, modality: str | None, span: Span) -> None:
        if modality is None:
            return
        for capability in sorted(primitive.requires - self.capabilities(modality)):
            raise self._fail(
                "LZN307",
                f"`{primitive.name}` needs an operand that is {capability}",
                span,
                hint=f"add `{capability}` to the parameter's capabilities",
            )

    def _input(self, parameter: str) -> Step:
        modality = self.bindings[parameter]
        values = _values(self.verb.body, self.bindings)
        shared = sum(self.bindings[p] == modality for p in values) > 1
        name = parameter if shared else modality
        return self._step("input", (), modality, ValueType("sample", modality), name)

    def _step(
        self,
        primitive: str,
        operands: tuple[str, ...],
        modality: str | None,
        result: ValueType,
        name: str = "",
    ) -> Step:
        key = (primitive, operands, modality, name)
        if key not in self.known:
            base = name or (f"{primitive}_{modality}" if modality else primitive)
            step_id = base
            while step_id in self.steps:
                step_id += "_"
            self.steps[step_id] = Step(step_id, primitive, operands, modality, result)
            self.known[key] = step_id
        return self.steps[self.known[key]]

    def _fail(
        self,
        code: str,
        summary: str,
        span: Span,
        notes: tuple[str, ...] = (),
        hint: str = "",
    ) -> _Abandoned:
        self.found.append(Diagnostic(code, summary, span, notes=notes, hint=hint))
        return _Abandoned()


def elaborate(
    verb: tree.Verb,
    bindings: Mapping[str, str],
    capabilities: Capabilities,
    found: list[Diagnostic],
) -> tuple[Step, ...] | None:
    """Return the steps of a verb's body, the last its result; None where it has errors.

    Args:
        verb: The verb as defined.
        bindings: The modality of each parameter.
        capabilities: What a modality can do.
        found: Findings are added here.
    """
    work = _Elaboration(verb, bindings, capabilities, found)
    try:
        result = work.evaluate(verb.body)
    except _Abandoned:
        return None
    promised = _promised(verb, bindings)
    if (result.type.kind, result.type.modality if promised.kind == "sample" else None) != (
        promised.kind,
        promised.modality,
    ):
        found.append(
            Diagnostic(
                "LZN307",
                f"`{verb.name.text}` promises {promised} and yields {result.type}",
                verb.result.span,
            )
        )
        return None
    others = tuple(s for s in work.steps.values() if s.id != result.id)
    return (*others, result)


def _values(body: tree.Expression, parameters: Mapping[str, str]) -> set[str]:
    """Return the parameters that a body uses as values, not as the modality to decode to."""
    if isinstance(body, tree.Pipe):
        return set().union(*(_values(stage, parameters) for stage in body.stages))
    if isinstance(body, tree.Reference):
        return {body.name.text} & set(parameters)
    if isinstance(body, tree.Apply):
        primitive = PRIMITIVES.get(body.head.text)
        told = primitive is not None and primitive.operands[-1:] == ("modality",)
        operands = _applied(body)[:-1] if told else _applied(body)
        return set().union(*(_values(operand, parameters) for operand in operands))
    return set()


def _applied(body: tree.Apply) -> tuple[tree.Expression, ...]:
    return (*body.operands, *(c.operand for c in body.complements))


def _promised(verb: tree.Verb, bindings: Mapping[str, str]) -> ValueType:
    word = verb.result.text
    if word == "latent":
        return LATENT
    if word == "features":
        return ValueType("features")
    return ValueType("sample", bindings.get(word, word))


def _article(kind: str) -> str:
    return {"sample": "a sample", "latent": "a latent", "modality": "a modality"}[kind]
