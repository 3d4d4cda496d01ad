"""Application of primitives: operands checked against what a primitive takes, and its step."""

from collections.abc import Callable, Mapping, Sequence
from math import isnan

from lzn_dsl.diagnostics.source import Span
from lzn_dsl.semantics.abilities import who_can
from lzn_dsl.semantics.names import Names, Walk
from lzn_dsl.semantics.primitives import MOST_ROWS, PRIMITIVES, OperandKind, Primitive
from lzn_dsl.semantics.program import Step
from lzn_dsl.semantics.steps import RowsError, Steps
from lzn_dsl.semantics.types import result_type
from lzn_dsl.semantics.values import Named, Operand, Together, describe

_WORDS: Mapping[OperandKind, str] = {
    "sample": "a sample",
    "latent": "a latent",
    "anchor": "an anchor",
    "modality": "a modality",
    "share": "a number from 0 to 1",
    "count": "a whole number",
    "value": "a value",
}
_FEWEST = {"interpolate": 2}


class Application:
    """Applies primitives in one walk; steps are added to `steps`."""

    def __init__(self, names: Names, steps: Steps, walk: Walk) -> None:
        self._names = names
        self._steps = steps
        self._walk = walk

    def apply(self, primitive: Primitive, operands: tuple[Operand, ...], span: Span) -> Step:
        """Return the step of a primitive; Abandoned where an operand does not fit."""
        if not primitive.takes(len(operands)):
            *first, last = [_WORDS[kind] for kind in primitive.operands] or ["nothing"]
            wanted = f"{', '.join(first)} and {last}" if first else last
            raise self._walk.fail(
                "LZN307",
                f"`{primitive.name}` takes {wanted}; here it has {count_of(operands)}",
                span,
                notes=(f"its form: `{primitive.form}`",),
                hint=_missing(primitive, len(operands)),
            )
        if primitive.name == "sample":
            value, count = operands
            return self._sample(value, count, span)
        if primitive.name == "encode" and isinstance(operands[0].value, Together):
            primitive = PRIMITIVES["meet"]
            place = operands[0].span
            operands = tuple(Operand(part, place) for part in operands[0].value.parts)
        return self._step(primitive, operands, span)

    def value(self, operand: Operand) -> Step:
        """Return the step of an operand that is used as a value."""
        value = operand.value
        if isinstance(value, Step):
            return value
        if isinstance(value, Named) and value.input is not None:
            return self._steps.input(value.input, value.modality)
        if isinstance(value, Together):
            summary = "several samples stand where one is wanted"
            hint = "`encode` draws from where the zones of several samples meet"
        elif isinstance(value, Named):
            assert self._walk.frame is not None
            summary = f"`{value.modality}` is no parameter of `{self._walk.frame.verb.name.text}`"
            hint = "a verb is given its samples by its parameters"
        else:
            summary, hint = "a number stands where a value is wanted", ""
        raise self._walk.fail("LZN307", summary, operand.span, hint=hint)

    def rows(self, make: Callable[[], Step], span: Span) -> Step:
        """Return a step that is made; Abandoned where the rows of its operands do not fit."""
        try:
            return make()
        except RowsError as failure:
            raise self._walk.fail("LZN316", str(failure), span) from failure

    def _step(self, primitive: Primitive, operands: Sequence[Operand], span: Span) -> Step:
        steps: list[Step] = []
        numbers: list[float] = []
        modality: str | None = None
        for index, operand in enumerate(operands):
            kind = primitive.kind_of(index)
            if kind == "modality":
                modality = self._told(primitive, operand)
                self._require(primitive, modality, span)
            elif kind in ("share", "count"):
                numbers.append(self._number(primitive, operand, kind))
            else:
                steps.append(self._typed(primitive, kind, operand, span))
        if primitive.name == "meet":
            self._can_meet(steps, operands[0].span.to(operands[-1].span))
        elif modality is None:
            modality = next((s.type.modality for s in steps if s.type.modality), None)
        times = 1
        if primitive.name == "interpolate" and not isnan(numbers[0]):
            times = int(numbers[0])
        assert primitive.result is not None, primitive
        result = result_type(primitive.result, modality)
        return self.rows(
            lambda: self._steps.apply(
                primitive.name, steps, modality, result, numbers=tuple(numbers), times=times
            ),
            span,
        )

    def _typed(self, primitive: Primitive, kind: OperandKind, operand: Operand, span: Span) -> Step:
        step = self.value(operand)
        if step.type.kind != kind:
            hints = {
                ("latent", "sample"): "make a latent of it: `encode x` or `center of x`",
                ("sample", "latent"): "make a sample of it: `z |> decode M`",
                ("anchor", "sample"): "make an anchor of it: `anchor of x`",
            }
            raise self._walk.fail(
                "LZN307",
                f"`{primitive.name}` takes {_WORDS[kind]}, not {step.type}",
                operand.span,
                hint=hints.get((kind, step.type.kind), ""),
            )
        if kind == "sample" and step.type.modality is not None:
            self._require(primitive, step.type.modality, span)
        return step

    def _told(self, primitive: Primitive, operand: Operand) -> str:
        value = operand.value
        if isinstance(value, Named):
            return value.modality
        if isinstance(value, Step) and value.type.kind == "sample" and self._walk.frame:
            assert value.type.modality is not None  # a parameter that a sample was given for
            return value.type.modality
        raise self._walk.fail(
            "LZN307",
            f"`{primitive.name}` must be told a modality, not {describe(value)}",
            operand.span,
            notes=(f"its form: `{primitive.form}`",),
        )

    def _number(self, primitive: Primitive, operand: Operand, kind: OperandKind) -> float:
        value = operand.value
        if not isinstance(value, float):
            raise self._walk.fail(
                "LZN307",
                f"`{primitive.name}` takes {_WORDS[kind]} here, not {describe(value)}",
                operand.span,
                notes=(f"its form: `{primitive.form}`",),
            )
        low, high = (0, 1) if kind == "share" else (_FEWEST.get(primitive.name, 1), MOST_ROWS)
        if isnan(value) or (low <= value <= high and (kind == "share" or value.is_integer())):
            return value
        shown = f"{int(value):_}" if value.is_integer() else f"{value:g}"
        what = "a number" if kind == "share" else "a whole number"
        raise self._walk.fail(
            "LZN313",
            f"`{primitive.name}` cannot have {shown} here",
            operand.span,
            label=f"expected {what} from {low} to {high:,}",
        )

    def _require(self, primitive: Primitive, modality: str, span: Span) -> None:
        known = self._names.abilities[modality]
        lacking = sorted(str(c) for c in primitive.requires if not known.has(str(c)))
        if not lacking:
            return
        word, checked = lacking[0], self._walk.checked
        if checked is not None and modality in checked.values:
            raise self._walk.fail(
                "LZN307",
                f"`{primitive.name}` needs an operand that is {word}",
                span,
                hint=f"add `{word}` to the parameter's capabilities",
            )
        raise self._walk.fail(
            "LZN301",
            f"`{primitive.name}` needs something {word}, and `{modality}` is not",
            span,
            label=known.lack(word),
            notes=(who_can(word, self._names.abilities),),
        )

    def _can_meet(self, steps: Sequence[Step], span: Span) -> None:
        """Refuse samples whose zones cannot meet, or not often enough to be found."""
        if self._walk.checked is not None:
            return
        kinds = [str(step.type.modality) for step in steps]
        discrete = {m for m in kinds if self._names.abilities[m].has("discrete")}
        twice = sorted(m for m in discrete if kinds.count(m) > 1)
        if twice:
            raise self._walk.fail(
                "LZN315",
                f"two classes of `{twice[0]}` have no latent in common",
                span,
                hint="name each modality once",
            )
        others = [m for m in kinds if m not in discrete]
        if len(others) > 1:
            names = " and of ".join(f"`{m}`" for m in dict.fromkeys(others))
            raise self._walk.fail(
                "LZN315",
                f"the zones of samples of {names} hardly ever meet",
                span,
                notes=("the zone of such a sample is about a thousandth of the space",),
                hint="name one of them, beside modalities that have classes",
            )

    def _sample(self, value: Operand, count: Operand, span: Span) -> Step:
        times = self._number(PRIMITIVES["sample"], count, "count")
        step = None if isinstance(value.value, Named) else self.value(value)
        if step is not None and step.many > 1:
            raise self._walk.fail(
                "LZN316",
                f"`sample` takes a value with one row for each row, this one has {step.many:,}",
                value.span,
            )
        drawn: Step | None = None
        if step is not None:
            try:
                drawn = self._steps.repeat(step, 1 if isnan(times) else int(times))
            except RowsError as failure:
                raise self._walk.fail("LZN316", str(failure), span) from failure
        if drawn is None:
            raise self._walk.fail(
                "LZN316",
                "`sample` would yield equal rows",
                value.span,
                label="nothing in it is drawn",
                hint="say what to draw, such as `sample 4 of (encode label)`",
            )
        return drawn


def count_of(operands: Sequence[Operand]) -> str:
    """Say how many operands there are."""
    number = len(operands)
    return {0: "no operand", 1: "one operand"}.get(number, f"{number} operands")


def _missing(primitive: Primitive, given: int) -> str:
    """Say what brings a latent to a step that lacks one."""
    if primitive.operands == ("latent", "modality") and given == 1:
        return f"the latent comes by a pipe, as in `encode x |> {primitive.name} ...`"
    return ""
