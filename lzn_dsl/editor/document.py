"""A text that is being written, and what is known of its words without checking it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath

from lzn_dsl.diagnostics.source import Source
from lzn_dsl.editor.facts import Facts
from lzn_dsl.editor.mentions import DEFINES, Mention, Role
from lzn_dsl.editor.roles import Names
from lzn_dsl.editor.statements import Statement, ends_line, split
from lzn_dsl.editor.tokens import lex_text, relex
from lzn_dsl.editor.walk import Walk
from lzn_dsl.registry.entry import Column, DatasetInfo
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics.program import Program
from lzn_dsl.semantics.verbs import prelude
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.literals import read_string
from lzn_dsl.syntax.parser import parse
from lzn_dsl.syntax.tokens import END, Token

_CONSTANTS = frozenset({"LET", "PARAM"})


@dataclass(frozen=True)
class Definition:
    """A name that a statement gives.

    Attributes:
        name: The name.
        role: What it stands for.
        start: Offset where the name stands.
        end: Offset after it.
        statement: The statement.
        path: Of an import, the path as written.
        is_param: Whether others may set it.
    """

    name: str
    role: Role
    start: int
    end: int
    statement: Statement
    path: str = ""
    is_param: bool = False


class Document:
    """One version of a text. Everything about it is worked out when it is asked for.

    Args:
        source: The text, with the name that findings call it by.
        uri: The address by which the editor knows it.
        path: Its real path; None for a text that is no file yet.
        folder: Folder that the relative paths in it start from.
        registry: The components that it may name.
        facts: What datasets say, remembered across versions.
        tokens: Its tokens, where they are known.
        program: What the last version without errors says, where there was one.
    """

    def __init__(
        self,
        source: Source,
        uri: str,
        path: Path | None,
        folder: Path,
        registry: Registry,
        facts: Facts,
        tokens: list[Token] | None = None,
        program: Program | None = None,
    ) -> None:
        self.source = source
        self.uri = uri
        self.path = path
        self.folder = folder
        self.registry = registry
        self.program = program
        self._facts = facts
        self.tokens = lex_text(source.text) if tokens is None else tokens

    @property
    def text(self) -> str:
        """The text itself."""
        return self.source.text

    def changed(self, text: str) -> "Document":
        """Return the document of another version of the text."""
        tokens = relex(self.text, self.tokens, text)
        source = Source(self.source.name, text)
        return Document(
            source,
            self.uri,
            self.path,
            self.folder,
            self.registry,
            self._facts,
            tokens,
            self.program,
        )

    @cached_property
    def words(self) -> list[Token]:
        """The tokens without comments."""
        return [token for token in self.tokens if token.kind != "COMMENT"]

    @cached_property
    def statements(self) -> list[Statement]:
        """The statements, right or wrong."""
        return split(self.words)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """The names that statements give, in order."""
        return tuple(d for s in self.statements if (d := self._definition(s)) is not None)

    @cached_property
    def verbs(self) -> tuple[tree.Verb, ...]:
        """The verbs that the text defines, those with mistakes of grammar left out."""
        parts = [s for s in self.statements if self.words[s.first].kind == "VERB"]
        return tuple(v for s in parts for v in _read_verbs(self._with_comment(s)))

    @cached_property
    def datasets(self) -> Mapping[str, DatasetInfo]:
        """What is known of the datasets; the default one has an empty name."""
        return self._facts.datasets(self._declarations, self.folder)

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns of the datasets, those of imported files included once they were checked."""
        own = self._facts.columns(self._declarations, self.folder)
        if self.program is None or all(d.role is not Role.NAMESPACE for d in self.definitions):
            return own
        found = own if any(d.role is Role.DATA for d in self.definitions) else {}
        for dataset in self.program.datasets.values():
            found = {**dataset.info.columns, **found}
        return found

    def learn(self, program: Program) -> None:
        """Take what a version without errors says."""
        self.program = program
        for known in ("columns", "names", "mentions"):
            self.__dict__.pop(known, None)

    @cached_property
    def names(self) -> Names:
        """The names that the text may use, its own and the built-in ones."""
        by_role: dict[Role, dict[str, None]] = {role: {} for role in Role}
        for definition in self.definitions:
            by_role[definition.role][definition.name] = None
        by_role[Role.MODALITY] |= dict.fromkeys(self.columns)
        by_role[Role.VERB] |= dict.fromkeys(verb.name.text for verb in prelude())
        return Names(by_role)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """What all words stand for, in order."""
        return tuple(m for s in self.statements for m in self._mentions(s))

    def mention_at(self, offset: int) -> Mention | None:
        """Return what the word at an offset, or right before it, stands for."""
        statement = self.statement_at(offset)
        if statement is None:
            return None
        found = [m for m in self._mentions(statement) if m.start <= offset <= m.end]
        return found[-1] if found else None

    def token_at(self, offset: int) -> Token | None:
        """Return the token at an offset, comments included; at a border, the word of the two."""
        place = bisect_right(self.tokens, offset, key=_start) - 1
        near = [t for t in self.tokens[max(0, place - 1) : place + 1] if t.start <= offset <= t.end]
        near = [t for t in near if t.kind not in ("NEWLINE", END)]
        words = [t for t in near if t.text[:1].isalpha() or t.text[:1] == "_"]
        inside = [t for t in near if offset < t.end]
        return next(iter([*words, *inside, *near]), None)

    def token_before(self, offset: int) -> Token | None:
        """Return the last token that starts before an offset."""
        place = bisect_left(self.tokens, offset, key=_start) - 1
        return self.tokens[place] if place >= 0 else None

    def statement_at(self, offset: int) -> Statement | None:
        """Return the statement that an offset lies in or right after."""
        place = bisect_right(self.statements, offset, key=self._begin) - 1
        return self.statements[place] if place >= 0 else None

    def walk_to(self, offset: int) -> tuple[Walk, list[Token]]:
        """Walk over what stands before an offset in its statement; return also those tokens.

        Newlines that end nothing are left out of the tokens.
        """
        stop = bisect_left(self.words, offset, key=_start)
        statement = self.statement_at(offset - 1)
        first = statement.first if statement else stop
        if statement and stop > statement.stop:
            first = stop
        walk = Walk(self.names, self.registry, self.words[first].start)
        taken: list[Token] = []
        for place in range(first, stop):
            at_end = place == stop - 1 and self.words[place].kind == "NEWLINE"
            if at_end and not walk.depth and not _goes_on(taken):
                return Walk(self.names, self.registry, offset), []
            if self._counts(place, walk) or (at_end and walk.in_braces):
                walk.take(self.words[place], self.words[min(place + 1, stop)].kind)
                taken.append(self.words[place])
        return walk, taken

    def span(self, statement: Statement) -> tuple[int, int]:
        """Return the offsets where a statement starts and ends."""
        last = statement.stop - 1
        while last > statement.first and self.words[last].kind == "NEWLINE":
            last -= 1
        return self.words[statement.first].start, self.words[last].end

    def _mentions(self, statement: Statement) -> Iterator[Mention]:
        walk = Walk(self.names, self.registry, self.words[statement.first].start)
        for place in range(statement.first, statement.stop):
            if self._counts(place, walk):
                yield from walk.take(self.words[place], self.words[place + 1].kind)

    def _counts(self, place: int, walk: Walk) -> bool:
        return self.words[place].kind != "NEWLINE" or (
            walk.in_braces and ends_line(self.words, place, nested=True)
        )

    def _with_comment(self, statement: Statement) -> str:
        """Return the text of a statement with the comment right above it."""
        start, end = self.span(statement)
        while (above := self.text.rfind("\n", 0, max(0, start - 1)) + 1) < start:
            if not self.text.startswith("#", above):
                break
            start = above
        return self.text[start:end]

    def _begin(self, statement: Statement) -> int:
        return self.words[statement.first].start

    @cached_property
    def _declarations(self) -> str:
        """The `data` statements, with the constants that they use."""
        parts: list[str] = []
        used: set[str] = set()
        for statement in reversed(self.statements):
            words = self.words[statement.first : statement.stop]
            given = words[0].kind in _CONSTANTS and len(words) > 1 and words[1].text in used
            if given or words[0].kind == "DATA":
                used |= {word.text for word in words if word.kind == "NAME"}
                parts.append(self.text[slice(*self.span(statement))])
        return "\n".join(reversed(parts))

    def _definition(self, statement: Statement) -> Definition | None:
        words = self.words[statement.first : min(statement.first + 4, statement.stop)]
        role = DEFINES.get(words[0].kind)
        if role and len(words) > 1 and words[1].kind == "NAME":
            name, is_param = words[1], words[0].kind == "PARAM"
            return Definition(name.text, role, name.start, name.end, statement, is_param=is_param)
        kinds = [word.kind for word in words]
        if kinds[:2] != ["IMPORT", "STRING"]:
            return None
        path = read_string(words[1].text)
        named = words[3] if kinds[2:] == ["AS", "NAME"] else words[1]
        space = named.text if named.kind == "NAME" else PurePosixPath(path).stem
        return Definition(space, Role.NAMESPACE, named.start, named.end, statement, path)


@lru_cache(maxsize=1024)
def _read_verbs(text: str) -> tuple[tree.Verb, ...]:
    file, _ = parse(Source("<verb>", text))
    return tuple(s for s in file.statements if isinstance(s, tree.Verb))


def _goes_on(taken: list[Token]) -> bool:
    """Whether a statement goes on in the next line, by its last token."""
    return bool(taken) and taken[-1].kind in ("PIPE", "COMMA")


def _start(token: Token) -> int:
    return token.start
