"""A program written out: one text without imports, parameters or defaults."""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import JsonValue

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.formatting.format import format_source
from lzn_dsl.formatting.unparse import Rename, expression_text, names_in, value_text, verb_text
from lzn_dsl.graph.passes.objectives import Objective
from lzn_dsl.planning.settings import DATA, DEFAULT, evaluation_path
from lzn_dsl.registry.builtin.methods import LATENT_ZONING
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.objectives import objective_name
from lzn_dsl.semantics.program import Program
from lzn_dsl.syntax import tree

_MANY = 20
"""Values of the data, such as names of classes, of which more are only counted."""


def program_text(
    program: Program,
    statements: Iterable[tree.Statement],
    objectives: Mapping[str, Objective],
    origins: Mapping[str, str],
    *,
    notes: bool,
) -> str:
    """Return a text that says all of a program: `lzn plan` of it gives the same plan.

    A name of an imported file has `_` in place of its point. Paths of data are those of the
    program, so the text belongs into its folder.

    Args:
        program: The program.
        statements: Its statements, linked to those of the files it imports.
        objectives: What it learns, by name.
        origins: Where values came from, by path.
        notes: Whether to say that in comments. Without, what the data says is left to the data.
    """
    writer = _Writer(program, tuple(statements), origins, notes=notes)
    blocks = ("\n".join(block) for block in writer.blocks(objectives))
    text = "\n\n".join(block for block in blocks if block)
    return format_source(Source(f"{program.title}, written out", text))


class _Writer:
    """Writes the statements of one program."""

    def __init__(
        self,
        program: Program,
        statements: tuple[tree.Statement, ...],
        origins: Mapping[str, str],
        *,
        notes: bool,
    ) -> None:
        self._program = program
        self._origins = origins
        self._notes = notes
        self._tasks = [s for s in statements if isinstance(s, tree.Task)]
        self._verbs = [s for s in statements if isinstance(s, tree.Verb)]
        self._numbers = {
            s.name.text: s.value.value
            for s in statements
            if isinstance(s, tree.Let) and isinstance(s.value, tree.Literal)
        }
        self._rename = _renaming(program, statements)

    def blocks(self, objectives: Mapping[str, Objective]) -> Iterator[Iterable[str]]:
        """Return the statements, block by block."""
        program = self._program
        yield self._parameters()
        yield [f"space {self._call('gaussian', {'dim': program.dim}, 'space')}"]
        yield [
            f"data {self._rename(name)} = {self._component(dataset.component, f'data.{name}')}"
            for name, dataset in program.datasets.items()
        ]
        for name, modality in program.modalities.items():
            path = f"modality.{name}"
            component = modality.component
            if not self._notes:
                component = component.model_copy(update={"settings": self._stated(component, path)})
            yield [f"modality {name} = {self._component(component, path)}"]
        yield self._constants()
        yield [verb_text(verb, self._rename) for verb in self._verbs]
        yield self._task_statements()
        yield self._learns(objectives)
        yield [f"train {self._block(self._train(), 'train')}"]
        yield [
            f"train {name} {self._block(module.settings, f'train.{name}')}"
            for name, module in program.modules.items()
        ]
        yield self._evaluations()

    def _parameters(self) -> Iterator[str]:
        for name, value in self._program.parameters.items():
            if note := self._note(f"param.{name}"):
                yield f"# param {name} = {value_text(value)}{note}"

    def _constants(self) -> Iterator[str]:
        """Return the constants that tasks and verbs mention; all others are values already."""
        bodies = [task.body for task in self._tasks]
        bodies += [body for v in self._verbs for body in (v.body, *(b.value for b in v.bindings))]
        mentioned = {name for body in bodies for name in names_in(body)}
        for name, value in self._numbers.items():
            if name in mentioned:
                yield f"let {self._rename(name)} = {value_text(value)}"

    def _task_statements(self) -> Iterator[str]:
        for statement, task in zip(self._tasks, self._program.tasks.values(), strict=True):
            body = expression_text(statement.body, self._rename)
            settings = self._block(task.settings, f"task.{task.name}")
            using = ""
            if task.method.name != LATENT_ZONING:
                using = f" using {self._method(task.method, f'task.{task.name}.using')}"
            yield f"task {self._rename(task.name)} = {body}{using} {settings}"

    def _learns(self, objectives: Mapping[str, Objective]) -> Iterator[str]:
        for name, objective in objectives.items():
            if objective.kind in ("contrast", "classify"):  # its task says it all
                continue
            if self._notes:
                yield "\n".join(f"# because {r}" for r in objective.reasons if r != "stated")
            yield f"learn {name} {self._block(objective.settings, f'learn.{name}')}"
        stated = {
            objective_name(s.kind, s.modality, s.other): s.settings for s in self._program.learns
        }
        for name, settings in {**self._program.unstated, **stated}.items():
            if settings["weight"] == 0:  # which is why it is no objective
                yield f"learn {name} {self._block(settings, f'learn.{name}')}"

    def _train(self) -> dict[str, JsonValue]:
        return {**self._program.train, "on": self._rename(self._program.on)}

    def _evaluations(self) -> Iterator[str]:
        for e in self._program.evaluations:
            metric = self._component(e.metric, evaluation_path(e))
            yield f"evaluate {self._rename(e.task)} on {self._rename(e.data)} with {metric}"

    def _stated(self, component: Component, path: str) -> dict[str, JsonValue]:
        """Return the settings of a modality without what the data says of it anyway."""
        return {
            key: value
            for key, value in component.settings.items()
            if not self._is_of_data(f"{path}.{key}")
        }

    def _method(self, method: Component, path: str) -> str:
        # Settings in braces follow on its line: no note can end it.
        return self._component(method, path) if method.settings else method.name

    def _component(self, component: Component, path: str) -> str:
        if not component.settings:
            return f"{component.name}{self._note(path)}"
        return self._call(component.name, component.settings, path)

    def _call(self, name: str, settings: Mapping[str, JsonValue], path: str) -> str:
        if not self._notes:
            return value_text({"name": name, "settings": dict(settings)})
        return "\n".join([f"{name}({self._note(path)}", *self._lines(settings, path, ","), ")"])

    def _block(self, settings: Mapping[str, JsonValue], path: str) -> str:
        if not self._notes and path != "train":
            return f"{{ {', '.join(f'{key}: {value_text(v)}' for key, v in settings.items())} }}"
        note = self._note(path) if path.startswith("task") else ""
        return "\n".join([f"{{{note}", *self._lines(settings, path, ""), "}"])

    def _lines(self, settings: Mapping[str, JsonValue], path: str, comma: str) -> Iterator[str]:
        for key, value in settings.items():
            inner = f"{path}.{key}"
            if isinstance(value, list) and len(value) > _MANY and self._is_of_data(inner):
                yield f"# {key}: {len(value):_} values{self._note(inner)}"
            elif isinstance(value, dict) and value["settings"]:
                component = Component.model_validate(value)
                call = self._call(component.name, component.settings, inner)
                yield f"{key}: {call}{comma}"
            else:
                yield f"{key}: {value_text(value)}{comma}{self._note(inner)}"

    def _is_of_data(self, path: str) -> bool:
        return self._origins.get(path) == DATA

    def _note(self, path: str) -> str:
        return f"  # {self._origins.get(path, DEFAULT)}" if self._notes else ""


def _renaming(program: Program, statements: Iterable[tree.Statement]) -> Rename:
    """Return what each name is called in one text: `base_width` for `base.width`, if it is free."""
    names = {s.name.text for s in statements if isinstance(s, tree.Let | tree.Verb)}
    names |= {*program.tasks, *program.datasets, *program.modalities}
    taken = {name for name in names if "." not in name}
    table: dict[str, str] = {}
    for name in sorted(names - taken):
        called = name.replace(".", "_")
        while called in taken:
            called += "_"
        taken.add(called)
        table[name] = called
    return lambda name: table.get(name, name)
