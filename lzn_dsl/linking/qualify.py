"""Qualifies the names of a statement: `width` of an imported file becomes `base.width`.

A name keeps the span where it stands, so that messages show it as it was written.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from lzn_dsl.linking.names import STEPS, VALUES, Named
from lzn_dsl.syntax import tree

_Declaration = TypeVar("_Declaration", tree.Let, tree.Param, tree.Data, tree.Verb)
_ANY = VALUES | STEPS


@dataclass(frozen=True)
class Qualifier:
    """Qualifies the statements of one file.

    Attributes:
        prefix: What its own names get in front, such as `base.`; empty for the program's own file.
        own: What the file declares, by name.
        verbs: Names of the built-in verbs, which come before tasks of their name.
        outside: Returns the qualified form of a name with a point.
    """

    prefix: str
    own: Mapping[str, Collection[Named]]
    verbs: Collection[str]
    outside: Callable[[tree.Name], tree.Name]

    def statement(self, statement: tree.Statement) -> tree.Statement:
        """Return a statement with all its names qualified; columns and components keep theirs."""
        if isinstance(statement, tree.Let):
            return replace(self._declared(statement), value=self.value(statement.value))
        if isinstance(statement, tree.Param):
            return self._declared(statement)
        if isinstance(statement, tree.Data):
            return replace(self._declared(statement), component=self._call(statement.component))
        if isinstance(statement, tree.Space | tree.Modality):
            return replace(statement, component=self._call(statement.component))
        if isinstance(statement, tree.Verb):
            return self._verb(self._declared(statement))
        if isinstance(statement, tree.Task):
            return self._task(statement)
        if isinstance(statement, tree.Train):
            return replace(statement, settings=tuple(map(self._train_setting, statement.settings)))
        if isinstance(statement, tree.Learn):
            return replace(statement, settings=self._settings(statement.settings))
        if isinstance(statement, tree.Evaluate):
            return replace(
                statement,
                task=self._mention(statement.task, {Named.TASK}),
                data=self._mention(statement.data, {Named.DATASET}),
                metrics=tuple(self._call(metric) for metric in statement.metrics),
            )
        return statement

    def value(self, value: tree.Value, kinds: Collection[Named] = frozenset(VALUES)) -> tree.Value:
        """Return a value with the names of constants qualified."""
        if isinstance(value, tree.Reference):
            return replace(value, name=self._mention(value.name, kinds))
        if isinstance(value, tree.Sequence):
            return replace(value, items=tuple(self.value(item, kinds) for item in value.items))
        return self._call(value) if isinstance(value, tree.Call) else value

    def _declared(self, statement: _Declaration) -> _Declaration:
        name = tree.Name(f"{self.prefix}{statement.name.text}", statement.name.span)
        return replace(statement, name=name)

    def _task(self, task: tree.Task) -> tree.Task:
        name = task.name and tree.Name(f"{self.prefix}{task.name.text}", task.name.span)
        body = self._expression(task.body, frozenset())
        method = task.method and self._method(task.method)
        settings = self._settings(task.settings)
        return replace(task, name=name, body=body, settings=settings, method=method)

    def _method(self, method: tree.Call) -> tree.Call:
        """Return a method qualified: a constant or a parameter may stand for it."""
        return replace(self._call(method), name=self._mention(method.name, VALUES))

    def _verb(self, verb: tree.Verb) -> tree.Verb:
        local = {parameter.name.text for parameter in verb.parameters}
        bindings = []
        for binding in verb.bindings:
            value = self._expression(binding.value, local)
            bindings.append(replace(binding, value=value))
            local.add(binding.name.text)
        return replace(verb, bindings=tuple(bindings), body=self._expression(verb.body, local))

    def _expression(self, body: tree.Expression, local: Collection[str]) -> tree.Expression:
        if isinstance(body, tree.Reference):
            known = body.name.text in local
            return body if known else replace(body, name=self._mention(body.name, _ANY))
        if isinstance(body, tree.Apply):
            complements = tuple(
                replace(c, operand=self._expression(c.operand, local)) for c in body.complements
            )
            operands = tuple(self._expression(operand, local) for operand in body.operands)
            head = self._step_name(body.head)
            return replace(body, head=head, operands=operands, complements=complements)
        if isinstance(body, tree.Pipe):
            first, *later = body.stages
            steps = (self._step(stage, local) for stage in later)
            return replace(body, stages=(self._expression(first, local), *steps))
        return body

    def _step(self, stage: tree.Expression, local: Collection[str]) -> tree.Expression:
        if isinstance(stage, tree.Reference):
            return replace(stage, name=self._step_name(stage.name))
        return self._expression(stage, local)

    def _step_name(self, name: tree.Name) -> tree.Name:
        return self._mention(name, {Named.VERB} if name.text in self.verbs else STEPS)

    def _mention(self, name: tree.Name, kinds: Collection[Named]) -> tree.Name:
        if "." in name.text:
            return self.outside(name)
        if self.prefix and any(kind in kinds for kind in self.own.get(name.text, ())):
            return tree.Name(f"{self.prefix}{name.text}", name.span)
        return name

    def _call(self, call: tree.Call) -> tree.Call:
        arguments = tuple(replace(a, value=self.value(a.value)) for a in call.arguments)
        return replace(call, arguments=arguments)

    def _settings(self, settings: tuple[tree.Setting, ...]) -> tuple[tree.Setting, ...]:
        return tuple(replace(s, value=self.value(s.value)) for s in settings)

    def _train_setting(self, setting: tree.Setting) -> tree.Setting:
        kinds = VALUES | {Named.DATASET} if setting.key.text == "on" else VALUES
        return replace(setting, value=self.value(setting.value, kinds))


def prefer_columns(statement: tree.Statement, columns: Collection[str]) -> tree.Statement:
    """Return a task or verb whose operands that name a column are that column again.

    An operand that names a column means the column, also where the file has a task of that name;
    which columns there are is not known when names are qualified.
    """
    if isinstance(statement, tree.Task):
        return replace(statement, body=_with_columns(statement.body, columns))
    if isinstance(statement, tree.Verb):
        bindings = tuple(
            replace(b, value=_with_columns(b.value, columns)) for b in statement.bindings
        )
        body = _with_columns(statement.body, columns)
        return replace(statement, bindings=bindings, body=body)
    return statement


def _with_columns(body: tree.Expression, columns: Collection[str]) -> tree.Expression:
    if isinstance(body, tree.Reference):
        written = body.name.span.text
        if body.name.text != written and written in columns:
            return replace(body, name=tree.Name(written, body.name.span))
        return body
    if isinstance(body, tree.Apply):
        return replace(
            body,
            operands=tuple(_with_columns(operand, columns) for operand in body.operands),
            complements=tuple(
                replace(c, operand=_with_columns(c.operand, columns)) for c in body.complements
            ),
        )
    if isinstance(body, tree.Pipe):
        first, *later = body.stages
        return replace(body, stages=(_with_columns(first, columns), *later))
    return body
