"""From the tokens of a program without mistakes to its layout."""

from collections.abc import Sequence

from lzn_dsl.formatting.layout import BLANK, Group, Item, Link
from lzn_dsl.syntax.tokens import CLOSER_OF, END, OPENER_OF, Token

_SPACE = ("NEWLINE", "COMMENT")


def collect(tokens: Sequence[Token]) -> Group:
    """Return the layout of a program, given all its tokens: comments and newlines included."""
    return _Collector(tokens).group(None)


class _Collector:
    """Reads tokens one by one; `place` is the next."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.place = 0
        self.following = _following(tokens)

    def next(self) -> Token:
        """Return the next token and step over it."""
        token = self.tokens[self.place]
        self.place += 1
        return token

    def group(self, opener: Token | None, *, called: bool = False) -> Group:
        """Return the group whose opening bracket was read last, or the whole file."""
        return _GroupReading(self, Group(opener, called)).read()


class _GroupReading:
    """One group on its way from tokens.

    `newlines` counts those since the last token or comment; `above` holds comments that wait for
    the next item, `inside` those on lines of their own in the middle of one.
    """

    def __init__(self, collector: _Collector, group: Group) -> None:
        self._collector = collector
        self._group = group
        self._is_file = group.opener is None
        self._by_lines = group.opener is None or group.opener.kind == "LBRACE"
        self._item: Item | None = None
        self._before: Token | None = None
        self._newlines = 0
        self._above: list[str] = []
        self._inside: list[str] = []

    def read(self) -> Group:
        """Return the group, its closing bracket read."""
        while True:
            token = self._collector.next()
            if token.kind == "NEWLINE":
                self._newline()
                continue
            if token.kind == "COMMENT":
                self._comment(token.text.rstrip())
            elif token.kind in OPENER_OF or token.kind == END:
                self._close()
                return self._group
            else:
                self._take(token)
                self._before = token
            self._newlines = 0

    def _newline(self) -> None:
        self._newlines += 1
        if self._item is not None and self._by_lines and not self._goes_on():
            self._finish()

    def _goes_on(self) -> bool:
        """Whether the item goes on after this newline."""
        if self._collector.following[self._collector.place] in ("PIPE", "LBRACE"):
            return True
        return self._is_file and self._before is not None and self._before.kind in ("PIPE", "COMMA")

    def _comment(self, text: str) -> None:
        group = self._group
        if self._item is not None and self._newlines:
            self._blank(self._inside)
            self._inside.append(text)
        elif self._item is not None:
            links = self._item.links
            (links[-1] if links[-1].parts else links[-2]).remark(text)
        elif self._newlines == 0 and group.items and not self._above:
            group.items[-1].links[-1].remark(text)
        elif self._newlines == 0 and not self._is_file and not self._above:
            group.beside = text
        else:
            if group.items or self._above:
                self._blank(self._above)
            self._above.append(text)

    def _blank(self, comments: list[str]) -> None:
        if self._newlines > 1:
            comments.append(BLANK)

    def _take(self, token: Token) -> None:
        if token.kind == "COMMA" and not self._is_file:
            self._finish()
        elif token.kind in ("COMMA", "PIPE"):
            self._join(token)
        else:
            self._part(token)

    def _join(self, sign: Token) -> None:
        item = self._item
        assert item is not None, sign
        item.broken |= len(item.links) == 1 and self._newlines > 0
        item.links.append(Link(sign.kind, above=self._comments_inside()))

    def _part(self, token: Token) -> None:
        item = self._item or self._begin()
        link = item.links[-1]
        item.broken |= len(item.links) == 2 and not link.parts and self._newlines > 0
        if token.kind == "LBRACE":
            item.block = self._block(token, link)
        elif token.kind in CLOSER_OF:
            before = self._before
            called = (
                token.kind == "LPAR"
                and bool(link.parts)
                and before is not None
                and before.kind in ("NAME", "QUALIFIED")
            )
            link.parts.append(self._collector.group(token, called=called))
        else:
            link.parts.append(token)

    def _block(self, opener: Token, link: Link) -> Group:
        """Read a block; comments between what it belongs to and its brace go into it."""
        comments = [*([link.beside] if link.beside else []), *self._comments_inside()]
        link.beside = None
        block = self._collector.group(opener)
        if block.beside is not None:
            comments.append(block.beside)
        block.beside = comments.pop(0) if comments else None
        if block.items:
            block.items[0].links[0].above[:0] = comments
        else:
            block.below[:0] = comments
        return block

    def _begin(self) -> Item:
        group = self._group
        if not group.items:
            group.broken = self._newlines > 0 or bool(self._above)
        if group.items or self._above:
            self._blank(self._above)
        self._item = Item([Link(above=self._above)])
        self._above = []
        return self._item

    def _finish(self) -> None:
        if self._item is None:
            return
        self._item.links[-1].above += self._comments_inside()
        self._group.items.append(self._item)
        self._item = None

    def _comments_inside(self) -> list[str]:
        comments = [comment for comment in self._inside if comment != BLANK]
        self._inside = []
        return comments

    def _close(self) -> None:
        below, self._inside = self._inside, []
        self._finish()
        self._group.below = [*below, *self._above]


def _following(tokens: Sequence[Token]) -> list[str]:
    """Return, for each position, the kind of the first token from there that is more than space."""
    kinds = [END] * (len(tokens) + 1)
    for place in range(len(tokens) - 1, -1, -1):
        kind = tokens[place].kind
        kinds[place] = kinds[place + 1] if kind in _SPACE else kind
    return kinds
