"""Walks the tokens of a statement and tells what each word stands for, and what could follow."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lzn_dsl.editor.frames import (
    FIRST,
    Block,
    Body,
    Call,
    Expect,
    Frame,
    Line,
    Listing,
    Steps,
)
from lzn_dsl.editor.mentions import ANYWHERE, DEFINES, Mention, Role, Slot
from lzn_dsl.editor.roles import Names, Roles, dotted
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Settings
from lzn_dsl.semantics.objectives import OBJECTIVES
from lzn_dsl.semantics.settings import ModuleSettings, TaskSettings, TrainSettings
from lzn_dsl.syntax.tokens import CLOSER_OF, KEYWORDS, OPENER_OF, PREPOSITIONS, STATEMENTS, Token

_LITERALS = frozenset({"NUMBER", "STRING", "TRUE", "FALSE", "UNCLOSED_STRING", "MALFORMED_NUMBER"})
_NAMES = frozenset({"NAME", "QUALIFIED"})
_OPERANDS = _LITERALS | _NAMES | PREPOSITIONS
_KINDS = {"SPACE": Kind.SPACE, "DATA": Kind.DATASET, "MODALITY": Kind.MODALITY}


@dataclass
class Walk:
    """A walk over one statement: give it the tokens, comments left out, one by one.

    Attributes:
        names: The names of the file.
        registry: The components that it may name.
        start: Offset of the statement.
        frames: What the place is within, the innermost last.
        locals: The names that a verb gives, so far.
        callee: A component whose parenthesis comes next.
        depth: How many brackets are open.
    """

    names: Names
    registry: Registry
    start: int
    frames: list[Frame] = field(default_factory=lambda: [Line()])
    locals: dict[str, None] = field(default_factory=dict)
    callee: str = ""
    depth: int = 0

    def __post_init__(self) -> None:
        self._roles = Roles(self.names, self.registry, self.locals)

    @property
    def line(self) -> Line:
        """The frame of the statement."""
        assert isinstance(self.frames[0], Line)
        return self.frames[0]

    @property
    def in_verb(self) -> bool:
        """Whether the statement defines a verb."""
        return self.line.head == "VERB"

    @property
    def in_braces(self) -> bool:
        """Whether the innermost bracket is a brace."""
        return isinstance(self.frames[-1], Block | Body)

    def take(self, token: Token, following: str) -> list[Mention]:
        """Take a token, told the kind of the one after it; return what its words stand for."""
        if token.kind in OPENER_OF:
            self.depth = max(0, self.depth - 1)
            self._close()
            return []
        frame = self.frames[-1]
        if token.kind in CLOSER_OF:
            self.depth += 1
            self._open(token.kind, frame)
            return []
        if isinstance(frame, Line):
            return self._in_line(frame, token, following)
        if token.kind == "USING" and self.depth == 0 and self.line.head in ("TASK", "NAME"):
            return self._using()
        if isinstance(frame, Steps):
            return self._in_steps(frame, token, following)
        if isinstance(frame, Listing):
            return self._value(token, following, frame.slot)
        return self._in_settings(frame, token, following)

    def _open(self, kind: str, frame: Frame) -> None:
        callee, self.callee = self.callee, ""
        if kind == "LBRACE":
            del self.frames[1:]
            self.frames.append(self._braces())
        elif isinstance(frame, Steps):
            self.frames.append(Steps())
        elif kind == "LSQB":
            self.frames.append(Listing(frame.slot))
        else:
            self.frames.append(Call.of(callee, frame.slot, self.registry))

    def _braces(self) -> Frame:
        head = self.line.head
        if head == "VERB":
            return Body()
        settings: dict[str, type[Settings] | None] = {
            "TRAIN": ModuleSettings if self.line.name else TrainSettings,
            "TASK": TaskSettings,
            "NAME": TaskSettings,
            "LEARN": OBJECTIVES.get(self.line.name),
        }
        return Block(settings.get(head), self.line.path)

    def _close(self) -> None:
        if len(self.frames) > 1:
            self.frames.pop()
        if isinstance(self.frames[-1], Steps):
            self.frames[-1].expect = Expect.NOTHING

    def _using(self) -> list[Mention]:
        """Leave the phrase for the method of its task."""
        del self.frames[1:]
        self.line.expect = Expect.VALUE
        self.line.slot = Slot(kind=Kind.METHOD)
        return []

    def _in_line(self, line: Line, token: Token, following: str) -> list[Mention]:
        kind = token.kind
        if not line.head:
            return self._begin(line, token, following)
        if kind in _NAMES and line.expect not in (Expect.VALUE, Expect.NOTHING):
            return self._named(line, token)
        if line.expect is Expect.VALUE and (kind in _NAMES or kind in KEYWORDS):
            return self._value(token, following, line.slot)
        if kind == "STRING" and line.head == "IMPORT":
            line.path, line.expect = token.text[1:-1], Expect.NOTHING
        elif kind == "EQUAL":
            self._equal(line)
        else:
            line.expect = self._after_sign(line, kind)
        if kind == "WITH" or (line.head == "EVALUATE" and kind == "COMMA"):
            line.slot = Slot(kind=Kind.METRIC)
        return []

    def _begin(self, line: Line, token: Token, following: str) -> list[Mention]:
        if token.kind in STATEMENTS:
            line.head = token.kind
            line.expect = FIRST.get(token.kind, Expect.NOTHING)
            if token.kind == "SPACE":
                line.slot = Slot(kind=Kind.SPACE)
            if token.kind == "LEARN":
                self.frames.append(Steps(Expect.OBJECTIVE))
            return []
        if token.kind not in _NAMES:
            return []
        line.head = "NAME"
        steps = Steps()
        self.frames.append(steps)
        return self._in_steps(steps, token, following)

    def _named(self, line: Line, token: Token) -> list[Mention]:
        """Take a name right in a statement: the one it gives, or one that it speaks of."""
        expect, line.expect = line.expect, Expect.NOTHING
        if expect in (Expect.NEW_NAME, Expect.MODALITY):
            if line.head == "IMPORT":
                role = Role.NAMESPACE
            elif line.head == "VERB" and line.name:
                return self._local(token)
            else:
                role = DEFINES.get(line.head, Role.WORD)
            line.name = token.text
            if line.head == "VERB":
                line.expect = Expect.NEW_NAME
            return [Mention(token.text, role, token.start, token.end, defines=True)]
        if expect is Expect.TYPE:
            return [Mention(token.text, Role.TYPE, token.start, token.end)]
        if expect is Expect.CAPABILITY:
            line.expect = Expect.CAPABILITY
            return [Mention(token.text, Role.CAPABILITY, token.start, token.end)]
        if expect is Expect.RESULT:
            return self._mention(token, self._roles.of_result)
        if expect is Expect.MODULE:
            line.name = token.text
            return [Mention(token.text, Role.MODULE, token.start, token.end)]
        if expect is Expect.TASK:
            line.name = token.text
        roles = {Expect.TASK: Role.TASK, Expect.DATA: Role.DATA}
        return self._mention(token, lambda _: roles.get(expect, Role.WORD))

    def _local(self, token: Token) -> list[Mention]:
        self.locals[token.text] = None
        return [
            Mention(token.text, Role.LOCAL, token.start, token.end, defines=True, scope=self.start)
        ]

    def _equal(self, line: Line) -> None:
        line.expect = Expect.VALUE
        line.slot = Slot(kind=_KINDS[line.head]) if line.head in _KINDS else ANYWHERE
        if line.head == "TASK" or (self.in_verb and line.past_arrow):
            self.frames.append(Steps())

    def _after_sign(self, line: Line, kind: str) -> Expect:
        if kind == "NEWLINE":
            return line.expect
        if line.head == "VERB":
            if kind == "ARROW":
                line.past_arrow = True
                return Expect.RESULT
            if kind == "COLON":
                return Expect.CAPABILITY
            return Expect.NEW_NAME if kind in PREPOSITIONS else Expect.NOTHING
        expects = {
            ("PARAM", "COLON"): Expect.TYPE,
            ("PARAM", "IN"): Expect.NOTHING,
            ("IMPORT", "AS"): Expect.NEW_NAME,
            ("EVALUATE", "ON"): Expect.DATA,
            ("EVALUATE", "WITH"): Expect.VALUE,
            ("EVALUATE", "COMMA"): Expect.VALUE,
        }
        return expects.get((line.head, kind), Expect.NOTHING)

    def _in_settings(self, frame: Call | Block, token: Token, following: str) -> list[Mention]:
        if token.kind in ("COMMA", "NEWLINE"):
            if token.kind == "COMMA" or isinstance(frame, Block):
                frame.next()
            return []
        word = token.kind == "NAME" or token.kind in KEYWORDS
        if word and following == "COLON" and not frame.key:
            frame.key = token.text
            known = frame.known if isinstance(frame, Call) else ()
            owner = next((s for s in known if token.text in s.model_fields), frame.settings)
            slot = Slot(owner, token.text)
            space = f'"{frame.path}"' if isinstance(frame, Block) and frame.path else ""
            role = Role.CONSTANT if space else Role.SETTING
            return [Mention(token.text, role, token.start, token.end, space=space, slot=slot)]
        return self._value(token, following, frame.slot)

    def _value(self, token: Token, following: str, slot: Slot) -> list[Mention]:
        if isinstance(self.frames[-1], Line):
            self.line.expect = Expect.NOTHING
        if token.kind not in _NAMES and (token.kind not in KEYWORDS or token.kind in _LITERALS):
            return []
        if following == "LPAR":
            self.callee = token.text
            return [Mention(token.text, Role.COMPONENT, token.start, token.end, slot=slot)]
        return self._mention(token, lambda name: self._roles.of_value(name, slot), slot)

    def _in_steps(self, steps: Steps, token: Token, following: str) -> list[Mention]:
        kind = token.kind
        if isinstance(steps, Body) and (kind == "LET" or steps.naming):
            return self._in_binding(steps, token)
        if kind in _NAMES:
            return self._step_name(steps, token, following)
        if kind in PREPOSITIONS:
            steps.expect = Expect.OPERAND
            if kind != "AND":  # `from label and text`: the same preposition twice
                steps.preposition = token.text
            steps.used = (*steps.used, token.text)
        elif kind in ("PIPE", "COMMA") or (kind == "NEWLINE" and isinstance(steps, Body)):
            steps.begin()
        elif kind in _LITERALS:
            steps.expect = Expect.NOTHING
        return []

    def _in_binding(self, body: Body, token: Token) -> list[Mention]:
        body.naming = token.kind != "EQUAL"
        body.begin()
        body.expect = Expect.NEW_NAME if token.kind == "LET" else Expect.NOTHING
        if token.kind == "NAME":
            return self._local(token)
        if token.kind == "EQUAL":
            body.begin()
        return []

    def _step_name(self, steps: Steps, token: Token, following: str) -> list[Mention]:
        expect = steps.expect
        is_head = expect in (Expect.STEP, Expect.OBJECTIVE)
        if is_head:
            steps.head = token.text
        if following == "LPAR" or is_head:
            steps.expect = Expect.OPERAND if is_head and following != "LPAR" else Expect.NOTHING
            lone = is_head and following != "LPAR" and following not in _OPERANDS
            if expect is Expect.OBJECTIVE:
                self.line.name = token.text
                return [Mention(token.text, Role.OBJECTIVE, token.start, token.end)]
            in_verb = self.in_verb
            return self._mention(
                token, lambda name: self._roles.of_head(name, lone=lone, in_verb=in_verb)
            )
        steps.expect = Expect.NOTHING
        return self._mention(token, self._roles.of_operand)

    def _mention(
        self, token: Token, role_of: Callable[[str], Role], slot: Slot = ANYWHERE
    ) -> list[Mention]:
        """Return what a name stands for; of a dotted one, also its namespace."""
        space, dot, name = token.text.rpartition(".")
        if not dot:
            role = role_of(token.text)
            scope = self.start if role is Role.LOCAL else -1
            return [Mention(token.text, role, token.start, token.end, scope=scope, slot=slot)]
        middle = token.end - len(name)
        return [
            Mention(space, Role.NAMESPACE, token.start, middle - 1),
            Mention(name, dotted(role_of(name)), middle, token.end, space=space, slot=slot),
        ]
