"""HTML that is escaped by construction: text becomes markup only through `tag`."""

import html
from collections.abc import Sequence
from typing import TypeAlias

_VOID = frozenset({"img", "br", "meta", "hr"})


class Html(str):
    """Markup, as opposed to text that must be escaped first."""

    __slots__ = ()


Child: TypeAlias = "Html | str | int | float | None"


def tag(name: str, /, *children: Child, **attributes: str | int | float | None) -> Html:
    """Return an element. Text children and all attribute values are escaped.

    An attribute's trailing underscore is dropped (`class_`), others become hyphens; an attribute or
    child that is None is left out.
    """
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{pairs}>")
    return Html(f"<{name}{pairs}>{join(*children)}</{name}>")


def join(*children: Child, between: str = "") -> Html:
    """Return children one after the other; text is escaped, markup is not."""
    parts = [escape(child) for child in children if child is not None]
    return Html(html.escape(between).join(parts))


def escape(child: Child) -> Html:
    """Return a child as markup. Control characters, which HTML forbids, become spaces."""
    if isinstance(child, Html):
        return child
    text = "".join(c if c.isprintable() or c in "\n\t" else " " for c in str(child))
    return Html(html.escape(text, quote=True))


def prose(text: str) -> Html:
    """Return text in which names between backticks are set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a lone backtick
        return escape(text)
    return join(*(tag("code", part) if i % 2 else part for i, part in enumerate(parts)))


def table(head: Sequence[str], rows: Sequence[Sequence[Child]], *, class_: str = "table") -> Html:
    """Return a table with a head; whole numbers are set with commas."""
    top = tag("tr", *(tag("th", cell, scope="col") for cell in head))
    body = [tag("tr", *map(_cell, row)) for row in rows]
    inner = tag("table", tag("thead", top), tag("tbody", *body), class_=class_)
    return tag("div", inner, class_="scroll")


def _cell(cell: Child) -> Html:
    if isinstance(cell, int):
        return tag("td", f"{cell:,}", class_="num")
    return tag("td", cell)
