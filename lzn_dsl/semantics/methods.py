"""Methods: by what a task is trained, and the verbs that a method brings along."""

from collections.abc import Mapping
from functools import cache

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.registry.builtin.methods import LATENT_ZONING
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.evaluations import shapes
from lzn_dsl.semantics.program import Modality, Task
from lzn_dsl.semantics.verbs import VerbTable
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse


def bind_method(statement: tree.Task, name: str, binder: Binder) -> Component | None:
    """Return the method of a task, complete; None where it has errors."""
    call = statement.method
    if call is None:
        return Component(name=LATENT_ZONING)
    value = binder.resolve(tree.Reference(call.name, call.name.span))
    if isinstance(value, tree.Call) and not call.arguments:  # a constant that stands for one
        call = value
    elif isinstance(value, tree.Reference):
        call = tree.Call(value.name, call.arguments, call.span)
    return binder.component(Kind.METHOD, call, f"task.{name}.using")


def verbs_of(method: Component, verbs: VerbTable, binder: Binder) -> VerbTable:
    """Return the verbs that a task by this method is made of."""
    text = binder.registry.get(Kind.METHOD, method.name).verbs
    return verbs.with_verbs(_parsed(method.name, text)) if text else verbs


def require_suits(
    task: Task, call: tree.Call, binder: Binder, modalities: Mapping[str, Modality]
) -> None:
    """Report a method that cannot train a task of this shape (LZN319)."""
    shape = shapes(task, modalities) or {"other"}
    entries = [e for e in binder.registry.entries if e.kind == Kind.METHOD]
    if shape & binder.registry.get(Kind.METHOD, task.method.name).suits:
        return
    fitting = sorted(e.name for e in entries if e.suits & shape)
    binder.error(
        "LZN319",
        f"`{task.method.name}` cannot train `{task.name}`, which is: {task.phrase}",
        call.name.span,
        notes=[f"methods that can: {', '.join(f'`{n}`' for n in fitting)}"],
        hint="name one of them, or leave `using` out",
    )


@cache
def _parsed(name: str, text: str) -> tuple[tree.Verb, ...]:
    file, found = parse(Source(f"method {name}", text))
    assert not found, found
    return tuple(s for s in file.statements if isinstance(s, tree.Verb))
