"""Syntax trees in short, for comparison in tests."""

from dataclasses import fields, is_dataclass

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse


def read(text: str) -> tree.File:
    """Return the tree of a text that must be right."""
    file, findings = parse(Source("test.lzn", text))
    assert not findings, findings
    return file


def mistakes(text: str) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a text."""
    return parse(Source("test.lzn", text))[1]


def outline(node: object) -> str:
    """Return a node without its places, and what it lacks: `Let(width, 32)`."""
    if isinstance(node, tree.Name):
        return node.text
    if isinstance(node, tree.Literal):
        return repr(node.value)
    if isinstance(node, tree.Reference):
        return f"&{node.name.text}"
    if isinstance(node, tuple):
        return f"[{', '.join(outline(item) for item in node)}]"
    if is_dataclass(node):
        values = ((field, getattr(node, field.name)) for field in fields(node))
        parts = [
            outline(value)
            for field, value in values
            if field.name != "span" and (value is not None or field.default is not None)
        ]
        return f"{type(node).__name__}({', '.join(parts)})"
    return "-" if node is None else repr(node)


def spans(node: object) -> list[Span]:
    """Return the places of a node and of everything in it."""
    if isinstance(node, tuple):
        return [span for item in node for span in spans(item)]
    if not is_dataclass(node) or isinstance(node, Span):
        return []
    inner = [span for field in fields(node) for span in spans(getattr(node, field.name))]
    return [getattr(node, "span"), *inner] if hasattr(node, "span") else inner  # noqa: B009
