"""Elaboration: from an expression to typed steps, the verbs in it replaced by their bodies.

A verb's own definition is checked by the same walk, in which the verbs it uses are not replaced:
what they promise is enough.
"""

from collections.abc import Mapping, Sequence
from math import nan

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.habits import here, meant
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.diagnostics.suggest import Suggestion, suggest
from lzn_dsl.semantics.abilities import LATENT, NUMBER, who_can
from lzn_dsl.semantics.advice import advise
from lzn_dsl.semantics.application import Application, count_of
from lzn_dsl.semantics.calls import Call, Choice, Misfit, ambiguous, fitting
from lzn_dsl.semantics.names import Abandoned, Budget, Frame, Names, Walk
from lzn_dsl.semantics.primitives import PRIMITIVES
from lzn_dsl.semantics.program import Step
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
from lzn_dsl.syntax.unexpected import FORMS

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
            summary = f"{body.span.text} cannot stand here: it is no step"
            hint = "a class or a file is given when the task is used"
            if isinstance(body.value, str) and self._is_name(body.value):
                summary = f"{body.span.text} cannot stand here: a name has no quotes"
                hint = f"write `{body.value}`"
            raise self._walk.fail("LZN307", summary, body.span, hint=hint)
        return float(body.value)

    def _is_name(self, text: str) -> bool:
        frame, names = self._walk.frame, self._names
        return (
            text in names.abilities or names.is_task(text) or bool(frame and text in frame.values)
        )

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
            raise self._unknown_in_verb(name, frame)
        tasks = [task for task in names.tasks if task != names.itself]
        self._walk.found.append(unknown_modality(name, names.abilities, {"tasks": tasks}))
        raise Abandoned

    def _apply(self, body: tree.Apply, piped: Operand | None) -> Value:
        self._must_be_known(body.head, body)
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
        self._must_be_known(call.head)
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
            raise self._no_form(call)
        if verbs and not primitive.takes(len(operands)):
            raise self._no_form(call)
        return self._primitives.apply(primitive, operands, call.span)

    # Verbs

    def _verb(self, call: Call, choices: Sequence[Choice]) -> Value:
        choice = choices[0]
        for misfit in choice.misfits:
            self._report(choice.verb, misfit)
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

    def _must_be_known(self, head: tree.Name, body: tree.Apply | None = None) -> None:
        names, frame = self._names, self._walk.frame
        if head.text in PRIMITIVES or names.verbs.named(head.text):
            return
        if frame is not None:
            raise self._unknown_in_verb(head, frame)
        if names.is_task(head.text):
            return
        if body is not None:
            self._no_evaluation(body)
        notes = [f"verbs: {listed(names.verbs.names)}"]
        tasks = [name for name in names.tasks if name != names.itself]
        notes += [f"tasks: {listed(tasks)}"] if tasks else []
        known = [*names.verbs.names, *tasks, *PRIMITIVES]
        hint = meant("verb", head.text, known)
        if body and head.text == "align":
            hint = f"write `learn {body.span.text}`"
        if head.text in names.abilities:
            hint = suggest(head.text, known)
            notes.insert(0, f"`{head.text}` is a modality, and does nothing by itself")
        raise self._walk.fail(
            "LZN203",
            f"unknown verb `{head.text}`",
            head.span,
            notes=tuple(notes),
            hint=hint,
        )

    def _no_evaluation(self, body: tree.Apply) -> None:
        """Refuse `evalute draw on unseen with accuracy`, which reads like a phrase."""
        head = body.head
        prepositions = [c.preposition.text for c in body.complements]
        if self._names.itself != head.text or prepositions != ["on", "with"]:
            return
        raise self._walk.fail(
            "LZN121",
            f"unknown statement `{head.text}`",
            head.span,
            label="not a word that begins a statement",
            notes=(f"the form is `{FORMS['EVALUATE']}`",),
            hint=Suggestion(head.text, "evaluate"),
        )

    def _unknown_in_verb(self, name: tree.Name, frame: Frame) -> Abandoned:
        verbs = self._names.verbs.names
        hint = suggest(name.text, [*PRIMITIVES, *verbs, *frame.values])
        if name.text in self._names.tasks:
            hint = f"`{name.text}` is a task, and a verb is made of verbs and primitives"
        if any(binding.name.text == name.text for binding in frame.verb.bindings):
            hint = f"`{name.text}` is defined further down: move its line up"
        return self._walk.fail(
            "LZN211",
            f"unknown step `{name.text}` in a verb",
            name.span,
            notes=(
                f"primitives: {listed(PRIMITIVES)}",
                f"verbs: {listed(verbs)}",
                f"parameters: {listed(p.name.text for p in frame.verb.parameters)}",
            ),
            hint=hint,
        )

    def _no_form(self, call: Call) -> Abandoned:
        head = call.head.text
        verbs = self._names.verbs.named(head)
        forms = [form(verb) for verb in verbs]
        forms += [PRIMITIVES[head].form] if head in PRIMITIVES else []
        if self._walk.frame is None and self._names.is_task(head):
            inputs = ", ".join(s.id for s in self._names.task(call.head).inputs)
            forms.append(f"{head}({inputs})" if inputs else head)
        advice = advise(call, verbs, self._names.abilities)
        hint = advice.hint
        if not verbs and (verb := here("verb", head)) in self._names.verbs.names and verb:
            hint = Suggestion(head, verb)
        return self._walk.fail(
            "LZN306",
            advice.summary,
            advice.span,
            label=advice.label,
            notes=(f"its forms: {listed(forms)}",),
            hint=hint,
        )

    def _report(self, verb: tree.Verb, misfit: Misfit) -> None:
        head, place = verb.name.text, misfit.operand.span
        if not misfit.modality:
            name = misfit.parameter.name.text
            summary = f"`{head}` takes {misfit.wanted} for `{name}`, not {misfit.why}"
            self._walk.fail("LZN307", summary, place, notes=(f"its form: `{form(verb)}`",))
            return
        checked = self._walk.checked
        own = checked is not None and misfit.modality in checked.values
        self._walk.fail(
            "LZN301",
            f"`{head}` needs something {misfit.wanted} here, and `{misfit.modality}` is not",
            place,
            label="" if own else misfit.why,
            notes=() if own else (who_can(misfit.wanted, self._names.abilities),),
            hint=f"add `{misfit.wanted}` to the capabilities of `{misfit.modality}`" if own else "",
        )


PhraseInput = tuple[int, str, str]
"""Number of a phrase, the modality it names, the parameter that is given it."""


def input_names(steps: Sequence[Step], named: Mapping[str, PhraseInput]) -> dict[str, str]:
    """Return the name of each input of a task, by its id.

    It is that of its modality. A phrase that is given one modality twice (`interpolate image to
    image`) has two inputs, called after the parameters of its verb.
    """
    inputs = [step for step in steps if step.primitive == "input"]
    kinds = [named[step.id][:2] for step in inputs if step.id in named]
    table = {}
    for step in inputs:
        table[step.id] = step.id
        if step.id in named:
            phrase, modality, parameter = named[step.id]
            table[step.id] = parameter if kinds.count((phrase, modality)) > 1 else modality
    return table


def parameter_value(parameter: tree.Parameter, steps: Steps) -> Value:
    """Return what a parameter stands for while its verb's own definition is checked."""
    words = [word.text for word in parameter.capabilities]
    if NUMBER in words:
        return nan if parameter.default is None else number_of(parameter.default)
    if LATENT in words:
        return steps.apply(f"latent {parameter.name.text}", (), None, ValueType("latent"))
    return Named(parameter.name.text, parameter.name.text)


def number_of(literal: tree.Literal) -> float:
    """Return the number of a default; not a number where it is none."""
    return nan if isinstance(literal.value, str | bool) else float(literal.value)
