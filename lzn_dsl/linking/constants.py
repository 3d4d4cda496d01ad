"""What the constants of a program stand for, while its files are linked."""

from collections.abc import Callable
from dataclasses import replace

from lzn_dsl.syntax import tree

Constant = tree.Let | tree.Param
Find = Callable[[tree.Name], Constant | None]


def stands_for(value: tree.Value, find: Find) -> tree.Value:
    """Return what a name stands for, as if it stood where the name is; another value itself.

    The value of a parameter is not looked up further: a name in it is a word.
    """
    seen: set[str] = set()
    while isinstance(value, tree.Reference) and value.name.text not in seen:
        constant = find(value.name)
        if constant is None:
            return value
        if isinstance(constant, tree.Param):
            return _at(constant.default, value)
        seen.add(value.name.text)
        value = _at(constant.value, value)
    return value


def _at(value: tree.Value, place: tree.Value) -> tree.Value:
    if isinstance(value, tree.Literal | tree.Reference):
        return replace(value, span=place.span)
    return value
