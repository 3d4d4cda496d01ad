"""Tasks: expressions elaborated to typed steps. A task may use others, defined before or after."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.linking.names import task_name
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.abilities import of_modality
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.elaborate import Elaboration
from lzn_dsl.semantics.inputs import input_names
from lzn_dsl.semantics.methods import bind_method, require_suits, verbs_of
from lzn_dsl.semantics.names import Abandoned, Budget, Names
from lzn_dsl.semantics.program import Modality, Step, Task
from lzn_dsl.semantics.settings import TaskSettings
from lzn_dsl.semantics.steps import Steps
from lzn_dsl.semantics.values import Named, Together, Value
from lzn_dsl.semantics.verbs import VerbTable
from lzn_dsl.syntax import tree


def assemble(
    name: str,
    body: tree.Expression,
    names: Names,
    found: list[Diagnostic],
    budget: Budget,
    *,
    settings: Mapping[str, JsonValue],
) -> tuple[Step, ...]:
    """Return the steps of an expression, the last its result; Abandoned where it has errors.

    Args:
        name: What the task is called in messages.
        body: The expression.
        names: What the names in it mean.
        found: Findings are added here.
        budget: Applications that are left.
        settings: The task's own, which hold for the steps that no other task brings along.
    """
    alpha, sampler = settings["alpha"], settings["sampler"]
    assert isinstance(alpha, int | float), alpha
    steps = Steps(
        lambda modality: names.abilities[modality].has("discrete"),
        alpha=float(alpha),
        sampler=None if sampler is None else Component.model_validate(sampler),
    )
    work = Elaboration(names, steps, found, budget)
    value = work.evaluate(body)
    if not isinstance(value, Step) or value.primitive == "input":
        found.append(_does_nothing(name, body.span, value))
        raise Abandoned
    made = steps.result(value)
    return _with_names(made, input_names(made, work.phrase_inputs), names)


def verb_of(body: tree.Expression, names: Names) -> str:
    """Return the verb or task that an expression applies last; empty where it is a primitive."""
    if isinstance(body, tree.Pipe):
        return verb_of(body.stages[-1], names)
    if isinstance(body, tree.Literal):
        return ""
    name = body.head.text if isinstance(body, tree.Apply) else body.name.text
    return name if names.verbs.named(name) or name in names.tasks else ""


_DEEPEST = 16
"""Tasks that may be open, one needed by the other; only tasks that use themselves need so many."""


class Tasks:
    """The tasks of a program, each elaborated when it is first needed.

    A bare phrase is a task named by its verb.
    """

    def __init__(
        self,
        statements: Iterable[tree.Statement],
        binder: Binder,
        verbs: VerbTable,
        modalities: Mapping[str, Modality],
    ) -> None:
        self._stated = _named(statements, binder)
        self._binder = binder
        self._modalities = modalities
        self._done: dict[str, Task | None] = {}
        self._open: list[str] = []
        self._budget = Budget()
        self.names = Names(
            abilities={name: of_modality(m) for name, m in modalities.items()},
            verbs=verbs,
            tasks=self._stated,
            task=lambda name: self._get(name.text, name.span),
            number=self._number,
        )
        """What names mean in the bodies of tasks."""

    def all(self) -> dict[str, Task]:
        """Return the tasks without errors, in the order of the text."""
        table: dict[str, Task] = {}
        for name in _inner_first(self._stated):
            try:
                table[name] = self._get(name, self._stated[name].span)
            except Abandoned:
                continue
        return {name: table[name] for name in self._stated if name in table}

    def numbers(self) -> dict[str, float]:
        """Return the constants that are numbers."""
        values = {name: self._number(name) for name in self._binder.constants}
        return {name: value for name, value in values.items() if value is not None}

    def _get(self, name: str, span: Span) -> Task:
        """Return a task; Abandoned where it has errors, or uses itself at this place."""
        if name in self._open:
            self._uses_itself(name, span)
            raise Abandoned
        if len(self._open) >= _DEEPEST:
            summary = f"more than {_DEEPEST} tasks stand inside of each other"
            self._binder.error("LZN318", summary, span, hint="do they use each other in a ring?")
            raise Abandoned
        if name not in self._done:
            self._open.append(name)
            try:
                self._done[name] = self._make(name)
            except Abandoned:
                self._done[name] = None
            finally:
                self._open.pop()
        task = self._done[name]
        if task is None:
            raise Abandoned
        return task

    def _make(self, name: str) -> Task:
        statement = self._stated[name]
        settings = self._binder.block(
            TaskSettings, statement.settings, f"task.{name}", statement.name
        )
        known = settings or TaskSettings().model_dump(mode="json")
        method = bind_method(statement, name, self._binder)
        found = self._binder.found
        names = replace(self.names, itself="" if statement.name else name)
        if method is not None:
            names = replace(names, verbs=verbs_of(method, names.verbs, self._binder))
        steps = assemble(name, statement.body, names, found, self._budget, settings=known)
        if settings is None or method is None:
            raise Abandoned
        span = statement.name.span if statement.name else statement.body.span
        verb = verb_of(statement.body, self.names)
        phrase = " ".join(statement.body.span.text.split())
        task = Task(name, phrase, verb, steps, settings, span, method)
        if statement.method is not None:
            require_suits(task, statement.method, self._binder, self._modalities)
        return task

    def _uses_itself(self, name: str, span: Span) -> None:
        ring = [*self._open[self._open.index(name) :], name]
        chain = " -> ".join(f"`{task}`" for task in ring)
        first = self._stated[name]
        place = first.name.span if first.name else first.body.span
        self._binder.found.append(
            Diagnostic(
                "LZN214",
                f"the task `{name}` uses itself",
                span,
                notes=(chain,) if len(ring) > 2 else (),
                hint="a task is made of tasks that are defined without it",
                related=(Related(place, f"`{name}` is defined here"),),
            )
        )

    def _number(self, name: str) -> float | None:
        if name not in self._binder.constants:
            return None
        value = self._binder.resolve(self._binder.constants[name].value)
        if isinstance(value, tree.Literal) and not isinstance(value.value, str | bool):
            return float(value.value)
        return None


def _inner_first(stated: Mapping[str, tree.Task]) -> list[str]:
    """Order tasks so that those another one speaks of come before it, as far as that can be."""
    order: dict[str, None] = {}
    for first in stated:
        seen = {first}
        path = [(first, _mentioned(stated[first].body, stated))]
        while path and first not in order:
            name, more = path[-1]
            inner = next((n for n in more if n not in order and n not in seen), None)
            if inner is None:
                order[name] = None
                path.pop()
            else:
                seen.add(inner)
                path.append((inner, _mentioned(stated[inner].body, stated)))
    return list(order)


def _mentioned(body: tree.Expression, stated: Mapping[str, object]) -> Iterator[str]:
    """Return the words of an expression that are names of tasks; they may mean something else."""
    if isinstance(body, tree.Pipe):
        for stage in body.stages:
            yield from _mentioned(stage, stated)
    elif isinstance(body, tree.Reference):
        yield from (body.name.text,) if body.name.text in stated else ()
    elif isinstance(body, tree.Apply):
        yield from (body.head.text,) if body.head.text in stated else ()
        for operand in (*body.operands, *(c.operand for c in body.complements)):
            yield from _mentioned(operand, stated)


def _named(statements: Iterable[tree.Statement], binder: Binder) -> dict[str, tree.Task]:
    table: dict[str, tree.Task] = {}
    for statement in statements:
        if not isinstance(statement, tree.Task):
            continue
        name = task_name(statement, table).text
        if name not in table:
            table[name] = statement
            continue
        assert statement.name is not None
        first = table[name]
        binder.found.append(
            Diagnostic(
                "LZN205",
                f"the task `{name}` is defined twice",
                statement.name.span,
                hint="rename or remove one of them",
                related=(Related((first.name or first.body).span, "first defined here"),),
            )
        )
    return table


def _with_names(
    steps: tuple[Step, ...], inputs: Mapping[str, str], names: Names
) -> tuple[Step, ...]:
    """Give each input its name; inputs of one name are one, and steps of one kind are numbered."""
    renamed = Steps(lambda modality: names.abilities[modality].has("discrete"))
    given = {
        step.id: renamed.input(inputs[step.id], str(step.modality))
        for step in steps
        if step.primitive == "input"
    }
    return renamed.result(renamed.adopt(steps, given))


def _does_nothing(name: str, span: Span, value: Value) -> Diagnostic:
    if isinstance(value, float):
        what, hint = f"`{span.text}` is a number", "say what to do, such as `generate image`"
    elif isinstance(value, Named | Together):
        what = f"`{span.text}` is a modality"
        hint = f"say what to do with it, such as `reconstruct {span.text}`"
    else:
        what, hint = f"`{span.text}` is what it is given", "say what to do with it"
    return Diagnostic("LZN314", f"the task `{name}` does nothing: {what}", span, hint=hint)
