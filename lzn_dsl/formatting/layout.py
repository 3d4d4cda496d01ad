"""A program as its formatter sees it: groups of items, items as chains of links, comments.

A program is a group without brackets whose items are statements. An item is a chain of links, such
as the steps of a pipe, and perhaps a block in braces. A link is tokens and groups in a row.
`flat` is a node on one line, None where it cannot be: its author or a comment broke it, or it is
longer than a line.
"""

from dataclasses import dataclass, field
from functools import cached_property

from lzn_dsl.syntax.tokens import SIGNS, Token

WIDTH = 100
BLANK = ""
"""Stands for a blank line among comments."""


@dataclass
class Link:
    """A step of a pipe, or a metric of `evaluate`; most items are of one link.

    Attributes:
        sign: Kind of the sign that joins it to the link before, PIPE or COMMA; empty for the first.
        parts: Its tokens and groups.
        beside: The comment that ends its line.
        above: The comments on lines of their own before it, and blank lines.
    """

    sign: str = ""
    parts: list["Token | Group"] = field(default_factory=list)
    beside: str | None = None
    above: list[str] = field(default_factory=list)

    @cached_property
    def flat(self) -> str | None:
        """The link on one line."""
        return flat_parts(self.parts)

    def remark(self, comment: str) -> None:
        """Set the comment beside the link; one that is there already moves above it."""
        if self.beside is not None:
            self.above.append(self.beside)
        self.beside = comment


@dataclass
class Item:
    """A statement, a setting, an argument or a value.

    Attributes:
        block: The settings or the body in braces that end it.
        broken: Whether its author put the second link on a line of its own.
    """

    links: list[Link]
    block: "Group | None" = None
    broken: bool = False

    @cached_property
    def chain(self) -> str | None:
        """The links on one line."""
        first, *others = self.links
        remarked = any(link.beside is not None for link in self.links[:-1])
        if self.broken or remarked or any(link.above for link in others):
            return None
        text = first.flat
        for link in others:
            if text is None or link.flat is None or len(text) > WIDTH:
                return None
            text += f"{joint(link)}{link.flat}"
        return text

    @cached_property
    def flat(self) -> str | None:
        """The item on one line, without the comments around it."""
        if self.block is None:
            return self.chain
        if self.chain is None or self.block.flat is None:
            return None
        return f"{self.chain} {self.block.flat}"


@dataclass
class Group:
    """Items between brackets, or the statements of a file, which has none.

    Attributes:
        opener: The opening bracket; None for a file.
        called: Whether the group holds what a name is applied to: `f(x)`.
        beside: The comment after the opening bracket.
        below: Comments and blank lines after the last item.
        broken: Whether its author put the first item on a line of its own.
    """

    opener: Token | None
    called: bool = False
    items: list[Item] = field(default_factory=list)
    beside: str | None = None
    below: list[str] = field(default_factory=list)
    broken: bool = False

    @property
    def brackets(self) -> tuple[str, str]:
        """The two brackets."""
        opener = self.opener.text if self.opener else ""
        return opener, {"(": ")", "[": "]", "{": "}"}.get(opener, "")

    @property
    def separator(self) -> str:
        """What follows an item on its line when each has its own."""
        closed_by_comma = self.called or (self.opener is not None and self.opener.kind == "LSQB")
        return "," if closed_by_comma else ""

    @cached_property
    def flat(self) -> str | None:
        """The group on one line."""
        remarked = self.beside is not None or self.below or any(map(_has_comments, self.items))
        if self.opener is None or (self.broken and self.items) or remarked:
            return None
        texts: list[str] = []
        length = 0
        for item in self.items:
            if item.flat is None or length > WIDTH:
                return None
            texts.append(item.flat)
            length += len(item.flat) + len(", ")
        opener, closer = self.brackets
        space = " " if opener == "{" and texts else ""
        return f"{opener}{space}{', '.join(texts)}{space}{closer}"


def flat_parts(parts: list[Token | Group]) -> str | None:
    """Return parts of a link on one line, None where a group among them has several."""
    text = ""
    before: Token | Group | None = None
    for part in parts:
        shown = part.flat if isinstance(part, Group) else part.text
        if shown is None or len(text) > WIDTH:
            return None
        text += space_between(before, part) + shown
        before = part
    return text


def space_between(before: Token | Group | None, after: Token | Group) -> str:
    """Return the space between two parts of a link."""
    if before is None:
        return ""
    if isinstance(after, Group):
        return "" if after.called else " "
    if after.kind == "COLON":
        return ""
    dotted = after.kind == "DOTS" and isinstance(before, Token) and not before.text.endswith(".")
    after_dots = isinstance(before, Token) and before.kind == "DOTS"
    return "" if dotted or (after_dots and not after.text.startswith(".")) else " "


def joint(link: Link) -> str:
    """Return what stands between a link and the one before it on the same line."""
    return ", " if link.sign == "COMMA" else f" {SIGNS[link.sign]} "


def _has_comments(item: Item) -> bool:
    comments = (comment for comment in item.links[0].above if comment != BLANK)
    return item.links[-1].beside is not None or any(comments)
