"""From the layout of a program to its text."""

from collections.abc import Iterator, Sequence

from lzn_dsl.formatting.align import aligned_heads
from lzn_dsl.formatting.layout import (
    BLANK,
    WIDTH,
    Group,
    Item,
    Link,
    joint,
    space_between,
)
from lzn_dsl.syntax.tokens import Token

_INDENT = 4


def write(program: Group) -> str:
    """Return the text of a program."""
    writer = _Writer()
    for item, padded in zip(program.items, aligned_heads(program.items), strict=True):
        writer.comments(item.links[0].above, 0)
        writer.start_line(0)
        if padded is None:
            writer.item(item, 0)
        else:
            writer.put(padded)
        writer.remark(item.links[-1].beside)
    writer.comments(program.below, 0)
    return writer.text()


class _Writer:
    """Lines of a text; the last one is under way."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def text(self) -> str:
        """Return what was written."""
        return "".join(f"{line}\n" for line in self._lines)

    def start_line(self, indent: int) -> None:
        """Begin a line."""
        self._lines.append(" " * indent)

    def put(self, text: str) -> None:
        """Go on with the line."""
        self._lines[-1] += text

    def remark(self, comment: str | None) -> None:
        """End the line with a comment."""
        if comment is not None:
            self.put(f"  {comment}")

    def comments(self, comments: Sequence[str], indent: int) -> None:
        """Write comments on lines of their own."""
        for comment in comments:
            if comment == BLANK:
                self._lines.append("")
            else:
                self.start_line(indent)
                self.put(comment)

    def item(self, item: Item, indent: int, tail: int = 0) -> None:
        """Write an item on the line under way; `tail` characters will follow it."""
        if self._fits(item.flat, tail):
            self.put(item.flat or "")
            return
        block = item.block
        chain_tail = tail if block is None else len(" {")
        if self._fits(item.chain, chain_tail):
            self.put(item.chain or "")
        else:
            self._links(item.links, indent, chain_tail)
        if block is None:
            return
        if self._fits(block.flat, len(" ") + tail):
            self.put(f" {block.flat}")
            return
        if item.chain is None and len(item.links) > 1:
            self.start_line(indent)
        else:
            self.put(" ")
        self._group(block, indent)

    def _fits(self, text: str | None, tail: int) -> bool:
        return text is not None and len(self._lines[-1]) + len(text) + tail <= WIDTH

    def _links(self, links: Sequence[Link], indent: int, tail: int) -> None:
        first, *others = links
        if not others:
            self._link(first, indent, tail)
            return
        self._link(first, indent, 1)
        before = first
        for link in others:
            inner = indent + _INDENT
            sign = joint(link).strip()
            if link.sign == "COMMA":
                self.put(sign)
            self.remark(before.beside)
            self.comments(link.above, inner)
            self.start_line(inner)
            if link.sign != "COMMA":
                self.put(f"{sign} ")
            self._link(link, inner, tail if link is links[-1] else 1)
            before = link

    def _link(self, link: Link, indent: int, tail: int) -> None:
        if self._fits(link.flat, tail):
            self.put(link.flat or "")
            return
        opened = self._opened(link, tail)
        before: Token | Group | None = None
        for place, part in enumerate(link.parts):
            self.put(space_between(before, part))
            if isinstance(part, Token):
                self.put(part.text)
            elif place in opened:
                self._group(part, indent)
            else:
                self.put(part.flat or "")
            before = part

    def _opened(self, link: Link, tail: int) -> set[int]:
        """Choose the groups of a link that get several lines: as few as will do, the last first."""
        groups = {place: p for place, p in enumerate(link.parts) if isinstance(p, Group)}
        must = {place for place, group in groups.items() if group.flat is None}
        may = {place for place, group in groups.items() if group.items}
        start = len(self._lines[-1])
        for opened in (must, must | ({max(may)} if may else set())):
            if all(length <= WIDTH for length in _line_lengths(link, opened, start, tail)):
                return opened
        return must | may

    def _group(self, group: Group, indent: int) -> None:
        opener, closer = group.brackets
        self.put(opener)
        self.remark(group.beside)
        inner = indent + _INDENT
        for item in group.items:
            self.comments(item.links[0].above, inner)
            self.start_line(inner)
            self.item(item, inner, len(group.separator))
            self.put(group.separator)
            self.remark(item.links[-1].beside)
        self.comments(group.below, inner)
        self.start_line(indent)
        self.put(closer)


def _line_lengths(link: Link, opened: set[int], start: int, tail: int) -> Iterator[int]:
    """Return the lengths of the lines that a link itself takes, those within groups left out."""
    length = start
    before: Token | Group | None = None
    for place, part in enumerate(link.parts):
        length += len(space_between(before, part))
        if place in opened:
            yield length + 1
            length = 1
        elif isinstance(part, Token):
            length += len(part.text)
        else:
            length += len(part.flat or "")
        before = part
    yield length + tail
