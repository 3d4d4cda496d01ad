"""Drives the automaton over the tokens of a text, past every mistake.

A mistake is reported once; the unit it is in, a setting or a statement, is then forgotten, and
reading goes on with the next one. So a unit has at most one mistake of grammar.
"""

from collections.abc import Callable
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.syntax.brackets import begins_statement, match_brackets, starts_line
from lzn_dsl.syntax.builder import Builder
from lzn_dsl.syntax.excess import cap_errors, too_deep, too_many_tokens
from lzn_dsl.syntax.joined_numbers import join_numbers
from lzn_dsl.syntax.lexer import lex
from lzn_dsl.syntax.lexical import check_hidden, check_token
from lzn_dsl.syntax.limits import Limits
from lzn_dsl.syntax.machine import Machine
from lzn_dsl.syntax.mistakes import explain_mistake
from lzn_dsl.syntax.situation import Situation
from lzn_dsl.syntax.tables import load_tables
from lzn_dsl.syntax.tokens import CLOSER_OF, END, KEYWORDS, OPENER_OF, SIGNS, STATEMENTS, Token
from lzn_dsl.syntax.unbalanced import unclosed, wrong_closer

# What stands in for a token that is wrong by itself.
_STAND_INS = {
    "UNCLOSED_STRING": ("STRING", '""'),
    "MALFORMED_NUMBER": ("NUMBER", "0"),
    "NUMBER": ("NUMBER", "0"),
}
_BEFORE_SETTING = frozenset({"LBRACE", "NEWLINE", "COMMA"})


class Reading:
    """One text on its way to a tree."""

    def __init__(self, source: Source, start: str, limits: Limits) -> None:
        everything = lex(source, limits.tokens)
        self._source, self._start, self._limits = source, start, limits
        read = [token for token in everything if token.kind != "COMMENT"]
        self._tokens = join_numbers(source, read)
        self._brackets = match_brackets(self._tokens, limits.nesting)
        self._builder = Builder(source, limits)
        self._machine = Machine(load_tables(), start, self._builder)
        self._findings = check_hidden(source, everything)
        self._too_many_tokens = len(everything) > limits.tokens + 1
        self._last: Token | None = None
        self._open: list[int] = []  # the open brackets, by position
        self._statement = 0  # where the statement began
        # Where the statement, and the unit, began in the automaton; None before their first token.
        self._statement_mark: int | None = None
        self._unit_mark: int | None = None
        self._failed = False  # whether the unit has a mistake already
        self._lacking = False  # whether a unit of the block was forgotten
        self._looked_at = -1  # the last token checked by itself

    def read(self) -> tuple[Any, tuple[Diagnostic, ...]]:
        """Return what the text stands for (None if nothing) and the mistakes, in order."""
        place: int | None = 0
        while place is not None and len(self._findings) <= self._limits.errors:
            place = self._step(place)
        if self._machine.result is None:
            self._finish()
        findings = [*self._findings, *self._builder.diagnostics]
        findings.sort(key=lambda found: found.span.start if found.span else 0)
        return self._machine.result, cap_errors(findings, self._limits)

    def _step(self, place: int) -> int | None:
        """Deal with the token at a position; return the next position, or None after the last."""
        token = self._tokens[place]
        if stop := self._reason_to_stop(place):
            self._findings.append(stop)
            return None
        if token.kind == "NEWLINE" and not self._ends_line(place):
            return place + 1
        if self._open and self._brackets.ended_at.get(self._open[-1]) == place:
            return self._close_open_bracket(place)
        token = self._checked(place)
        if token.kind == "STRAY":
            return self._after_strays(place)
        if place in self._brackets.extra:
            self._report(place, lambda at: wrong_closer(at, ""))
            return place + 1
        if place in self._brackets.wrong and self._open:
            kind = CLOSER_OF[self._tokens[self._open[-1]].kind]
            self._report(place, lambda at: wrong_closer(at, SIGNS[kind]))
            token = token._replace(kind=kind)
        if self._machine.take(token):
            return self._took(place, token)
        return self._mistake(place)

    def _took(self, place: int, token: Token) -> int | None:
        self._last = token
        if token.kind == END:
            return None
        if self._unit_mark is None and token.kind not in _BEFORE_SETTING:
            self._unit_mark = self._machine.mark()
        if self._statement_mark is None and token.kind != "NEWLINE":
            self._statement_mark = self._machine.mark()
        if token.kind in CLOSER_OF:
            self._open.append(place)
        elif token.kind in OPENER_OF:
            self._open.pop()
        if self._in_block() and len(self._open) == 1 and token.kind in _BEFORE_SETTING:
            self._unit_mark = None
            self._failed = False
        elif not self._open and token.kind == "NEWLINE":
            self._statement = place + 1
            self._statement_mark = self._unit_mark = None
            self._failed = self._lacking = False
        return place + 1

    def _mistake(self, place: int) -> int | None:
        unclosed_here = self._open and self._open[-1] in self._brackets.ended_at
        if unclosed_here and starts_line(self._tokens, place):
            kind = CLOSER_OF[self._tokens[self._open[-1]].kind]
            if self._machine.takes(kind):
                return self._close_open_bracket(place)
        if not (self._lacking and self._tokens[place].kind in OPENER_OF):
            self._report(place, explain_mistake)
        return self._recover(place) if self._start == "file" else None

    def _recover(self, place: int) -> int | None:
        """Forget the unit and return where the next one may begin: a token that can be taken."""
        outside = 1 if self._in_block() else 0
        self._lacking = bool(outside)
        closers = [self._brackets.closed_by.get(opener, -1) for opener in self._open[outside:]]
        del self._open[outside:]
        self._cut(self._unit_mark if outside else self._statement_mark)
        place = max([place, *(closer + 1 for closer in closers)])
        place = self._end_of_unit(place)
        place = place if outside else self._end_of_lines(place)
        kind = self._tokens[place].kind
        if self._open and kind in OPENER_OF and not self._machine.takes(kind):
            # The block cannot do without what was forgotten, as the body of a verb.
            self._open.clear()
            self._cut(self._statement_mark)
            place = self._end_of_unit(place + 1)
        return None if self._tokens[place].kind == END and not self._open else place

    def _end_of_unit(self, place: int) -> int:
        while not self._ends_unit(place):
            place = self._brackets.closed_by.get(place, place) + 1
        return place

    def _end_of_lines(self, place: int) -> int:
        """Return the end of the lines that belong to a statement which failed.

        They are the settings under a `train` without braces, and the indented lines after a `:`.
        """
        under_train = self._tokens[self._statement].kind == "TRAIN"
        under_colon = place > 0 and self._tokens[place - 1].kind == "COLON"
        while self._tokens[place].kind == "NEWLINE":
            following = self._tokens[place + 1]
            setting = self._is_setting(place + 1) and following.kind not in STATEMENTS
            indented = self._source.position(following.start)[1] > 1
            if not (under_train and setting) and not (under_colon and indented):
                break
            place = self._end_of_unit(place + 1)
        return place

    def _finish(self) -> None:
        """Forget what is unfinished and end the text here."""
        self._cut(self._statement_mark)
        self._machine.take(self._tokens[-1])

    def _cut(self, mark: int | None) -> None:
        if mark is not None:
            self._machine.cut(mark)

    def _ends_unit(self, place: int) -> bool:
        token = self._tokens[place]
        if token.kind == END or place == self._brackets.too_deep:
            return True
        if not self._open:
            return token.kind == "NEWLINE" and self._ends_line(place)
        block = self._open[0]
        if place in (self._brackets.closed_by.get(block), self._brackets.ended_at.get(block)):
            return True
        return token.kind == "NEWLINE" or (token.kind == "COMMA" and self._is_setting(place + 1))

    def _is_setting(self, place: int) -> bool:
        key, colon = self._tokens[place], self._tokens[min(place + 1, len(self._tokens) - 1)]
        return (key.kind == "NAME" or key.kind in KEYWORDS) and colon.kind == "COLON"

    def _close_open_bracket(self, place: int) -> int:
        """Report the innermost bracket as never closed, and go on as if it were closed here."""
        opener = self._tokens[self._open[-1]]
        kind = CLOSER_OF[opener.kind]
        self._report(place, lambda at: unclosed(at, opener, SIGNS[kind]))
        end = self._last.end if self._last else 0
        closer = Token(kind, "", end, end)
        if not self._machine.take(closer):
            self._abandon(closer)
        else:
            self._open.pop()
        return self._line_before(place)

    def _abandon(self, closer: Token) -> None:
        """Forget the unit, whose last bracket cannot be closed yet."""
        if self._in_block() and len(self._open) > 1:
            self._cut(self._unit_mark)
            del self._open[1:]
            return
        self._cut(self._unit_mark)
        if not self._machine.take(closer):
            self._cut(self._statement_mark)
        self._open.clear()

    def _line_before(self, place: int) -> int:
        """Return the position of the newline before a token that starts a line; it counts now."""
        return place - 1 if place and starts_line(self._tokens, place) else place

    def _ends_line(self, place: int) -> bool:
        """Whether a newline ends a statement or a setting, and not just a line."""
        if self._open and self._tokens[self._open[-1]].kind != "LBRACE":
            return False
        if self._tokens[place + 1].kind in ("NEWLINE", "PIPE", "LBRACE"):
            return False
        goes_on = self._tokens[place - 1].kind in ("PIPE", "COMMA") and not self._open
        return not goes_on or begins_statement(self._tokens, place + 1)

    def _after_strays(self, place: int) -> int:
        """Return the position after a run of characters that are no part of the language.

        What follows `//` is a comment of other languages, to the end of its line.
        """
        if self._source.text.startswith("//", self._tokens[place].start):
            return self._end_of_line(place)
        while (
            self._tokens[place + 1].kind == "STRAY"
            and self._tokens[place + 1].start == self._tokens[place].end
        ):
            place += 1
        return place + 1

    def _end_of_line(self, place: int) -> int:
        while self._tokens[place].kind not in ("NEWLINE", END):
            place += 1
        return place

    def _in_block(self) -> bool:
        return bool(self._open) and self._tokens[self._open[0]].kind == "LBRACE"

    def _checked(self, place: int) -> Token:
        """Report what is wrong with a token by itself, and return it or what stands in for it."""
        token = self._tokens[place]
        finding = check_token(self._source, token, self._limits)
        if finding is None:
            return token
        again = self._failed and token.kind == "STRAY"  # the other quote, for one
        if place > self._looked_at and not again:
            self._findings.append(finding)
        self._looked_at = place
        self._failed = True
        kind, text = _STAND_INS.get(token.kind, (token.kind, token.text))
        return token._replace(kind=kind, text=text)

    def _reason_to_stop(self, place: int) -> Diagnostic | None:
        token = self._tokens[place]
        at = Span(self._source, token.start, token.end)
        if place == self._brackets.too_deep:
            return too_deep(at, self._limits)
        if token.kind == END and self._too_many_tokens:
            return too_many_tokens(at, self._limits)
        return None

    def _report(self, place: int, explain: Callable[[Situation], Diagnostic]) -> None:
        if not self._failed:
            self._findings.append(explain(self._situation(place)))
        self._failed = True

    def _situation(self, place: int) -> Situation:
        return Situation(
            source=self._source,
            tokens=self._tokens,
            place=place,
            last=self._last,
            accepts=self._machine.accepts(),
            opener=self._tokens[self._open[-1]] if self._open else None,
            statement=self._statement,
            start=self._start,
        )
