"""The LALR(1) automaton: takes tokens, says what it would take next, and can step back."""

from typing import Any, Protocol

from lzn_dsl.syntax.tables import Rule, Tables
from lzn_dsl.syntax.tokens import END, Token


class Maker(Protocol):
    """Makes the value of a rule."""

    def make(self, rule: str, parts: list[Any], start: int, end: int) -> Any:
        """Return the value of the rule of that name, from its parts and the place they cover."""


class _Parts(list[Any]):
    """Parts on their way to the rule above."""


class Machine:
    """An automaton at work on one text. `result` is there once the end was taken."""

    def __init__(self, tables: Tables, start: str, maker: Maker) -> None:
        self._actions = tables.actions
        self._rules = tables.rules
        self._maker = maker
        self._end_state = tables.ends[start]
        self._states = [tables.starts[start]]
        self._values: list[Any] = []
        self._places: list[tuple[int, int]] = []
        self.result: Any = None

    def take(self, token: Token) -> bool:
        """Take a token; False, and nothing changed, where the grammar has no place for it."""
        action = self._actions[self._states[-1]].get(token.kind)
        if action is None or (action < 0 and not self.takes(token.kind)):
            return False
        while action < 0:
            self._reduce(self._rules[-1 - action], token.start)
            if token.kind == END and self._states[-1] == self._end_state:
                self.result = self._values[-1]
                return True
            action = self._actions[self._states[-1]][token.kind]
        self._states.append(action)
        self._values.append(token)
        self._places.append((token.start, token.end))
        return True

    def takes(self, kind: str) -> bool:
        """Whether a token of that kind would be taken here."""
        states = self._states[:]
        while (action := self._actions[states[-1]].get(kind)) is not None:
            if action >= 0:
                return True
            rule = self._rules[-1 - action]
            del states[len(states) - rule.size :]
            states.append(self._actions[states[-1]][rule.origin])
            if kind == END and states[-1] == self._end_state:
                return True
        return False

    def accepts(self) -> frozenset[str]:
        """Return the kinds of tokens that would be taken here."""
        kinds = (kind for kind in self._actions[self._states[-1]] if not kind.islower())
        return frozenset(kind for kind in kinds if self.takes(kind))

    def mark(self) -> int:
        """Return the place before the token taken last, to step back to with `cut`."""
        return len(self._values) - 1

    def cut(self, mark: int) -> None:
        """Step back to a mark. All that was taken since must be unfinished."""
        del self._values[mark:], self._places[mark:], self._states[mark + 1 :]

    def _reduce(self, rule: Rule, here: int) -> None:
        if rule.size == 1 and rule.single:  # a value is a literal: nothing to make
            self._states[-1] = self._actions[self._states[-2]][rule.origin]
            return
        base = len(self._values) - rule.size
        values, places = self._values[base:], self._places[base:]
        self.cut(base)
        start, end = (places[0][0], places[-1][1]) if places else (here, here)
        self._values.append(self._value(rule, values, start, end))
        self._places.append((start, end))
        self._states.append(self._actions[self._states[-1]][rule.origin])

    def _value(self, rule: Rule, values: list[Any], start: int, end: int) -> Any:
        # A list grows in place, so that long ones take linear time.
        grows = rule.inline and values and type(values[0]) is _Parts
        parts: list[Any] = values[0] if grows else _Parts()
        for place in rule.kept:
            value = values[place]
            if type(value) is not _Parts:
                parts.append(value)
            elif value is not parts:
                parts.extend(value)
        if rule.inline:
            return parts
        return self._maker.make(rule.origin, parts, start, end)
