"""Elaboration: from an expression to typed steps, the verbs in it replaced by their bodies.

A verb's own definition is checked by the same walk, in which the verbs it uses are not replaced:
what they promise is enough.
"""

from collections.abc import Mapping, Sequence

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.semantics.application import Application, count_of
from lzn_dsl.semantics.calls import Call, Choice, ambiguous, fitting
from lzn_dsl.semantics.inputs import PhraseInput, number_of
from lzn_dsl.semantics.names import Abandoned, Budget, Frame, Names, Walk
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.program import Step
from lzn_dsl.semantics.refusals import Refusals
from lzn_dsl.semantics.steps import Steps
from lzn_dsl.semantics.types import KINDS, ValueType
from lzn_dsl.semantics.values import (
    Named,
    Operand,
    Together,
    Value,
    describe,
    modality_of,
    samples,
)
from lzn_dsl.semantics.verbs import form, listed, unknown_modality
from lzn_dsl.syntax import tree

MOST_APPLICATIONS = 1_000
"""Verbs, tasks and primitives that one task may apply, those inside of verbs included."""
DEEPEST_VERBS = 16
"""Verbs that may stand inside of each other."""
DEEPEST = 150
"""Expressions that may stand inside of each other, those inside of verbs included."""


class Elaboration:
    """One walk over an expression.

    Args:
        names: What names mean.
        steps: Steps are added here.
        found: Findings are added here.
        budget: Applications that are left.
        checked: The verb whose own definition is checked; None for the body of a task.
    """

    def __init__(
        self,
        names: Names,
        steps: Steps,
        found: list[Diagnostic],
        budget: Budget,
        checked: Frame | None = None,
    ) -> None:
        self._names = names
        self._steps = steps
        self._budget = budget
        self._walk = Walk(found, checked)
        self._primitives = Application(names, steps, self._walk)
        self._refusals = Refusals(names, self._walk)
        self._applied = 0
        self._phrases = 0
        self.phrase_inputs: dict[str, PhraseInput] = {}
        """The inputs that phrases name, by their id."""

    def evaluate(self, body: tree.Expression, piped: Operand | None = None) -> Value:
        """Return what an expression stands for; Abandoned where it has an error."""
        self._budget.depth += 1
        try:
            if self._budget.depth > DEEPEST:
                summary = f"more than {DEEPEST} expressions stand inside of each other"
                raise self._walk.fail("LZN318", summary, body.span)
            return self._evaluate(body, piped)
        finally:
            self._budget.depth -= 1

    def _evaluate(self, body: tree.Expression, piped: Operand | None) -> Value:
        if isinstance(body, tree.Pipe):
            for stage in body.stages:
                piped = Operand(self.evaluate(stage, piped), stage.span)
            assert piped is not None
            return piped.value
        if isinstance(body, tree.Reference):
            return self._reference(body.name, piped)
        if isinstance(body, tree.Apply):
            return self._apply(body, piped)
        if piped is not None or isinstance(body.value, str | bool):
            raise self._refusals.no_step(body)
        return float(body.value)

    def body(self, frame: Frame) -> Value:
        """Return what a verb's body yields, after its `let` lines."""
        for binding in frame.verb.bindings:
            frame.values[binding.name.text] = self.evaluate(binding.value)
        return self.evaluate(frame.verb.body)

    def step(self, value: Value, span: Span) -> Step:
        """Return the step of a value; Abandoned where it is a number or several samples."""
        return self._primitives.value(Operand(value, span))

    def promised(self, verb: tree.Verb, values: Mapping[str, Value], span: Span) -> ValueType:
        """Return the type that a verb promises for these operands."""
        word = verb.result.text
        value = values.get(word)
        if value is None:
            kind = next((kind for kind in KINDS if kind == word != "sample"), None)
            return ValueType(kind) if kind else ValueType("sample", word)
        modalities = {modality_of(part) for part in samples(value)}
        if len(modalities) != 1:
            raise self._walk.fail(
                "LZN307",
                f"`{form(verb)}` yields a sample of `{word}`, which is {describe(value)} here",
                span,
            )
        return ValueType("sample", modalities.pop())

    def _reference(self, name: tree.Name, piped: Operand | None) -> Value:
        text, names, frame = name.text, self._names, self._walk.frame
        if piped is not None:
            return self._call(Call(name, (piped,), (), name.span))
        if frame and text in frame.values:
            frame.used.add(text)
            return frame.values[text]
        if text in names.abilities:
            return Named(text, None if frame else text)
        if not frame and names.is_task(text):
            return self._task(name, ())
        number = names.number(text)
        if number is not None:
            return number
        if text in PRIMITIVES or names.verbs.named(text):
            return self._call(Call(name, (), (), name.span))
        if frame:
            raise self._refusals.unknown_in_verb(name, frame)
        tasks = [task for task in names.tasks if task != names.itself]
        self._walk.found.append(unknown_modality(name, names.abilities, {"tasks": tasks}))
        raise Abandoned

    def _apply(self, body: tree.Apply, piped: Operand | None) -> Value:
        self._refusals.must_be_known(body.head, body)
        written = [*body.operands, *(c.operand for c in body.complements)]
        operands = []
        for expression in written:  # all of them, so that all their mistakes are found
            try:
                operands.append(Operand(self.evaluate(expression), expression.span))
            except Abandoned:
                continue
        if len(operands) < len(written):
            raise Abandoned
        count = len(body.operands)
        prepositions = [c.preposition for c in body.complements]
        return self._call(
            Call(
                body.head,
                (*([piped] if piped else []), *operands[:count]),
                tuple(zip(prepositions, operands[count:], strict=True)),
                body.span,
            )
        )

    def _call(self, call: Call) -> Value:
        self._refusals.must_be_known(call.head)
        self._spend(1, call.head)
        names, head = self._names, call.head.text
        verbs = names.verbs.named(head)
        sound = [verb for verb in verbs if not names.verbs.is_broken(verb)]
        choices = fitting(sound, call, names.abilities)
        if choices:
            return self._verb(call, choices)
        if len(sound) < len(verbs):  # the one that was meant may have errors, said where it stands
            raise Abandoned
        if self._walk.frame is None and names.is_task(head) and not call.complements:
            return self._task(call.head, call.operands)
        primitive = PRIMITIVES.get(head)
        prepositions = {preposition.text for preposition, _ in call.complements}
        operands = (*(operand for _, operand in call.complements), *call.operands)
        if primitive is None or not prepositions <= {"of"}:
            raise self._refusals.no_form(call)
        if verbs and not primitive.takes(len(operands)):
            raise self._refusals.no_form(call)
        return self._primitives.apply(primitive, operands, call.span)

    # Verbs

    def _verb(self, call: Call, choices: Sequence[Choice]) -> Value:
        choice = choices[0]
        for misfit in choice.misfits:
            self._refusals.misfit(choice.verb, misfit)
        if choice.misfits:
            raise Abandoned
        if ambiguous(choices):
            raise self._walk.fail(
                "LZN317",
                f"two verbs `{call.head.text}` fit equally well",
                call.span,
                related=tuple(Related(c.verb.name.span, form(c.verb)) for c in choices[:2]),
                hint="let one of them ask more of its operands, or give it another name",
            )
        values = self._bind(choice)
        promised = self.promised(choice.verb, values, call.span)
        checked = self._walk.checked
        if checked is None:
            places = {name: operand.span for name, operand in choice.operands.items()}
            return self._expand(Frame(choice.verb, values, places), promised, call)
        checked.calls.append(choice.verb)
        operands = [value for value in values.values() if isinstance(value, Step)]
        name = " ".join([call.head.text, *(describe(value) for value in values.values())])
        return self._primitives.rows(
            lambda: self._steps.apply(name, operands, promised.modality, promised), call.span
        )

    def _bind(self, choice: Choice) -> dict[str, Value]:
        self._phrases += 1
        values: dict[str, Value] = {}
        for parameter in choice.verb.parameters:
            name = parameter.name.text
            if name in choice.operands:
                values[name] = self._as_input(choice.operands[name].value, name)
            else:
                assert parameter.default is not None
                values[name] = number_of(parameter.default)
        return values

    def _as_input(self, value: Value, parameter: str) -> Value:
        """A modality that a phrase of the task names is, as a value, an input of its own."""
        if self._walk.frame is not None:
            return value
        if isinstance(value, Together):
            parts = (self._as_input(part, parameter) for part in value.parts)
            return Together(tuple(part for part in parts if isinstance(part, Named | Step)))
        if not isinstance(value, Named):
            return value
        name = f"{parameter}@{len(self.phrase_inputs)}"
        self.phrase_inputs[name] = (self._phrases, value.modality, parameter)
        return Named(value.modality, name)

    def _expand(self, frame: Frame, promised: ValueType, call: Call) -> Step:
        verb = frame.verb
        inside = [frame.verb for frame in self._walk.frames]
        if any(one is verb for one in inside):
            chain = " -> ".join(f"`{v.name.text}`" for v in (*inside, verb))
            raise self._walk.fail(
                "LZN214", f"`{verb.name.text}` uses itself", call.span, notes=(chain,)
            )
        if len(inside) >= DEEPEST_VERBS:
            summary = f"more than {DEEPEST_VERBS} verbs stand inside of each other"
            raise self._walk.fail("LZN318", summary, call.span)
        with self._walk.inside(frame, call.span):
            result = self.step(self.body(frame), verb.body.span)
            if not result.type.fits(promised):
                summary = f"`{verb.name.text}` promises {promised} and yields {result.type}"
                raise self._walk.fail("LZN307", summary, verb.result.span)
        return result

    # Tasks

    def _task(self, name: tree.Name, operands: Sequence[Operand]) -> Step:
        task = self._names.task(name)
        self._spend(len(task.steps), name)
        defined = (Related(task.span, "defined here"),)
        if operands and len(operands) != len(task.inputs):
            takes = listed(s.id for s in task.inputs) or "nothing"
            summary = f"the task `{task.name}` takes {takes}; here it has {count_of(operands)}"
            raise self._walk.fail("LZN307", summary, name.span, related=defined)
        given: dict[str, Step] = {}
        for wanted, operand in zip(task.inputs, operands, strict=False):
            step = self._primitives.value(operand)
            if not step.type.fits(wanted.type):
                summary = f"the task `{task.name}` takes {wanted.type}, not {step.type}"
                raise self._walk.fail("LZN307", summary, operand.span, related=defined)
            given[wanted.id] = step
        return self._primitives.rows(lambda: self._steps.adopt(task.steps, given), name.span)

    # Findings

    def _spend(self, count: int, name: tree.Name) -> None:
        self._applied += count
        self._budget.left -= count
        if self._applied > MOST_APPLICATIONS:
            summary = f"a task of more than {MOST_APPLICATIONS:,} steps"
        elif self._budget.left < 0:
            summary = "the tasks of this program have too many steps together"
        else:
            return
        hint = "verbs that use verbs twice grow fast: the bodies of all of them count"
        raise self._walk.fail("LZN318", summary, name.span, hint=hint)
