"""The tasks of imported files as attributes: `model.base.draw(label=3)`."""

from collections.abc import Callable, Mapping
from typing import Any

from lzn_dsl.diagnostics.suggest import suggest

Methods = Mapping[str, Callable[..., Any]]


class Namespace:
    """The tasks whose names begin with a prefix, each under the rest of its name."""

    def __init__(self, methods: Methods, prefix: str) -> None:
        self._methods = methods
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        methods: Methods = self.__dict__.get("_methods", {})
        return find_task(methods, f"{self.__dict__.get('_prefix', '')}{name}")

    def __dir__(self) -> list[str]:
        return first_names(self._methods, self._prefix)


def find_task(methods: Methods, name: str) -> Any:
    """Return the task of a name, or the tasks below it; AttributeError where there is neither."""
    if name in methods:
        return methods[name]
    if any(known.startswith(f"{name}.") for known in methods):
        return Namespace(methods, f"{name}.")
    hint = suggest(name, methods) or f"tasks: {', '.join(methods)}"
    raise AttributeError(f"the model has no task `{name}`; {hint}")


def first_names(methods: Methods, prefix: str = "") -> list[str]:
    """Return the first parts of the names of tasks below a prefix."""
    rests = (name.removeprefix(prefix) for name in methods if name.startswith(prefix))
    return sorted({rest.partition(".")[0] for rest in rests})
