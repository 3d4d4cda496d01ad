"""Loading the torch halves of registry entries, the only place where names become code.

An entry comes from an installed package; a spec names entries, never modules.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from lzn_dsl.registry.entry import Entry, Kind, Sizes
from lzn_dsl.registry.guard import blaming
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component


def load_factory(entry: Entry) -> Callable[..., Any]:
    """Return what the entry's `factory`, `package.module:attribute`, names.

    What a plugin's factory raises, when it is loaded or called, becomes a PluginError.

    Raises:
        ValueError: The entry's `factory` has another form, or names something that is not there.
        TypeError: What it names cannot be called.
        PluginError: The entry is a plugin's, and its factory cannot be loaded (LZN905).
    """
    with blaming(entry, "factory"):
        factory = _import(entry)
    return _guard(entry, factory) if entry.plugin else factory


def build_component(
    kind: Kind | str, component: Component, sizes: Sizes, registry: Registry
) -> Any:
    """Build the torch half of a component: `factory(settings, sizes, registry)`.

    Raises:
        ValueError: No entry of that kind has the component's name, or it has unusable settings.
        PluginError: The factory is a plugin's and fails (LZN905).
    """
    entry = registry.get(kind, component.name)
    return load_factory(entry)(registry.settings(kind, component), sizes, registry)


def _import(entry: Entry) -> Callable[..., Any]:
    module_name, _, attribute = entry.factory.partition(":")
    what = f"the factory `{entry.factory}` of the {entry.kind} `{entry.name}`"
    if not module_name or not attribute:
        raise ValueError(f"{what} must have the form `package.module:attribute`")
    try:
        factory: Callable[..., Any] = getattr(import_module(module_name), attribute)
    except (ModuleNotFoundError, AttributeError) as error:
        raise ValueError(f"{what} cannot be loaded: {error}") from error
    if not callable(factory):
        raise TypeError(f"{what} must be callable, got {type(factory).__name__}")
    return factory


def _guard(entry: Entry, factory: Callable[..., Any]) -> Callable[..., Any]:
    def build(*arguments: Any) -> Any:
        with blaming(entry, "factory"):
            return factory(*arguments)

    return build
