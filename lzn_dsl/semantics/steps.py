"""Steps of a task while it is put together: typed, equal ones merged."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.primitives import MOST_ROWS, PRIMITIVES
from lzn_dsl.semantics.program import Step
from lzn_dsl.semantics.types import ValueType


class RowsError(ValueError):
    """The numbers of rows of two values do not fit, or are too large."""


class Steps:
    """The steps so far. Two with the same primitive, operands and settings are one.

    Args:
        discrete: Whether a modality has finitely many samples, whose decoder then draws nothing.
        alpha: Scale of own noise of steps that draw from a zone.
        sampler: Sampler of steps that run a decoder, in place of the decoder's own.
    """

    def __init__(
        self,
        discrete: Callable[[str], bool],
        *,
        alpha: float = 1.0,
        sampler: Component | None = None,
    ) -> None:
        self._discrete = discrete
        self._alpha = alpha
        self._sampler = sampler
        self._by_id: dict[str, Step] = {}
        self._known: dict[tuple[object, ...], Step] = {}
        self._names: dict[str, int] = {}

    def input(self, name: str, modality: str) -> Step:
        """Return the input of that name."""
        return self._add("input", (), modality, ValueType("sample", modality), name=name)

    def apply(
        self,
        primitive: str,
        operands: Sequence[Step],
        modality: str | None,
        result: ValueType,
        *,
        numbers: tuple[float, ...] = (),
        times: int = 1,
    ) -> Step:
        """Return a primitive's step, with `times` rows for each row of its operands.

        Raises RowsError where the operands' rows do not fit.
        """
        return self._add(
            primitive,
            tuple(operands),
            modality,
            result,
            numbers=numbers,
            times=times,
            alpha=self._alpha if primitive in ("encode", "invert", "meet") else 1.0,
            sampler=self._sampler if self._runs_decoder(primitive, modality) else None,
        )

    def adopt(self, steps: Iterable[Step], inputs: Mapping[str, Step]) -> Step:
        """Add the steps of a task and return its result; `inputs` stand for its own.

        Raises RowsError where the rows of the inputs do not fit.
        """
        added: dict[str, Step] = {}
        before: dict[str, Step] = {}
        for step in steps:
            before[step.id] = step
            if step.primitive == "input" and step.id in inputs:
                added[step.id] = inputs[step.id]
                continue
            added[step.id] = self._copy(
                step,
                [added[operand] for operand in step.operands],
                step.many // common_rows(before[operand] for operand in step.operands),
            )
        return added[step.id]

    def repeat(self, step: Step, times: int) -> Step | None:
        """Return the value of a step drawn `times` times; None where nothing in it is drawn."""
        drawn: dict[str, Step] = {}
        for old in self.result(step):
            operands = [drawn[operand] for operand in old.operands]
            if [operand.id for operand in operands] != list(old.operands):
                drawn[old.id] = self._copy(old, operands, 1)
            else:
                drawn[old.id] = self._copy(old, operands, times) if self._draws(old) else old
        return None if drawn[step.id] is step else drawn[step.id]

    def result(self, last: Step) -> tuple[Step, ...]:
        """Return the steps that a value is made by, in an order in which they can run."""
        needed = {last.id}
        for step in reversed(self._by_id.values()):
            if step.id in needed:
                needed.update(step.operands)
        return tuple(step for step in self._by_id.values() if step.id in needed)

    def _draws(self, step: Step) -> bool:
        if step.primitive == "decode":
            return step.modality is None or not self._discrete(step.modality)
        if step.primitive == "input":
            return False
        primitive = PRIMITIVES.get(step.primitive)
        return primitive is None or primitive.draws  # what a verb yields may be drawn

    def _runs_decoder(self, primitive: str, modality: str | None) -> bool:
        if primitive not in ("decode", "invert") or modality is None:
            return False
        return not self._discrete(modality)

    def _copy(self, step: Step, operands: Sequence[Step], times: int) -> Step:
        return self._add(
            step.primitive,
            tuple(operands),
            step.modality,
            step.type,
            numbers=step.numbers,
            times=times,
            alpha=step.alpha,
            sampler=step.sampler,
            name=step.id if step.primitive == "input" else "",
        )

    def _add(
        self,
        primitive: str,
        operands: tuple[Step, ...],
        modality: str | None,
        result: ValueType,
        *,
        numbers: tuple[float, ...] = (),
        times: int = 1,
        alpha: float = 1.0,
        sampler: Component | None = None,
        name: str = "",
    ) -> Step:
        ids = tuple(operand.id for operand in operands)
        many = common_rows(operands) * times
        if many > MOST_ROWS:
            raise RowsError(f"{many:,} rows for each row are more than {MOST_ROWS:,}")
        key = (primitive, ids, modality, numbers, many, alpha, str(sampler), name)
        if key not in self._known:
            step_id = self._free_id(name or (f"{primitive}_{modality}" if modality else primitive))
            step = Step(step_id, primitive, ids, modality, result, numbers, many, alpha, sampler)
            self._by_id[step_id] = self._known[key] = step
        return self._known[key]

    def _free_id(self, base: str) -> str:
        """Return the name of a step's value, with a number where the name is taken."""
        while True:
            number = self._names.get(base, 0) + 1
            self._names[base] = number
            free = base if number == 1 else f"{base}_{number}"
            if free not in self._by_id:
                return free


def common_rows(operands: Iterable[Step]) -> int:
    """Return the rows of values that are used together; RowsError where they do not fit."""
    several = sorted({operand.many for operand in operands} - {1})
    if len(several) > 1:
        raise RowsError(f"values with {several[0]:,} and with {several[1]:,} rows do not fit")
    return several[0] if several else 1
