"""What is said of the whole program: space, modalities, training, objectives, evaluations.

What an imported file says holds, unless the importing file says otherwise. Training and objectives
are taken setting by setting. Two imports that disagree are an error where the importing file does
not decide.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.syntax import tree

Key = tuple[str, ...]
Said = tree.Space | tree.Modality | tree.Train | tree.Learn | tree.Setting

Resolve = Callable[[tree.Value], tree.Value]
"""Returns what a constant stands for, and any other value itself."""


@dataclass(frozen=True)
class Whole:
    """What a file and those it imports say of the whole program.

    Attributes:
        said: By what it is said of: `("space",)`, `("modality", "image")`, `("train", "steps")`.
        doubled: Statements that say again what another one of the same file says; an error.
    """

    said: Mapping[Key, Said] = field(default_factory=dict)
    doubled: tuple[tree.Statement, ...] = ()

    def statements(self) -> tuple[tree.Statement, ...]:
        """Return statements that say the same."""
        found: list[tree.Statement] = []
        for key, said in self.said.items():
            if isinstance(said, tree.Train):
                found.append(tree.Train(self._settings(key), said.span, said.module))
            elif isinstance(said, tree.Learn):
                found.append(tree.Learn(said.phrase, self._settings(key), said.span))
            elif not isinstance(said, tree.Setting):
                found.append(said)
        return (*found, *self.doubled)

    def _settings(self, key: Key) -> tuple[tree.Setting, ...]:
        return tuple(
            said
            for inner, said in self.said.items()
            if isinstance(said, tree.Setting) and inner[: len(key)] == key
        )


def own_whole(statements: Iterable[tree.Statement]) -> Whole:
    """Return what the statements of one file say."""
    said: dict[Key, Said] = {}
    doubled: list[tree.Statement] = []
    for statement in statements:
        if not isinstance(statement, tree.Space | tree.Modality | tree.Train | tree.Learn):
            continue
        key = _key(statement)
        if key in said:
            doubled.append(statement)
            continue
        said[key] = statement
        if isinstance(statement, tree.Train | tree.Learn):
            # A setting that is given twice is kept twice, for the checker to find.
            for setting in statement.settings:
                inner = (*key, setting.key.text)
                said[(*inner, "again") if inner in said else inner] = setting
    return Whole(said, tuple(doubled))


def merge(
    own: Whole,
    imported: Sequence[tuple[tree.Import, Whole]],
    resolve: Resolve,
) -> tuple[Whole, tuple[Diagnostic, ...]]:
    """Return what a file says together with those it imports, and where two of them disagree."""
    said = dict(own.said)
    inherited: set[Key] = set()
    doubled = list(own.doubled)
    found: list[Diagnostic] = []
    for statement, whole in imported:
        for key, value in whole.said.items():
            if key not in said:
                said[key] = value
                inherited.add(key)
            elif key in inherited and not _agree(said[key], value, resolve):
                found.append(_disagree(key, said[key], value, statement))
        doubled += [again for again in whole.doubled if all(again is not d for d in doubled)]
    return Whole(said, tuple(doubled)), tuple(found)


def _key(statement: tree.Space | tree.Modality | tree.Train | tree.Learn) -> Key:
    if isinstance(statement, tree.Space):
        return ("space",)
    if isinstance(statement, tree.Modality):
        return ("modality", statement.name.text)
    if isinstance(statement, tree.Train):
        return (f"train {statement.module.text}" if statement.module else "train",)
    phrase = statement.phrase
    operands = (*phrase.operands, *(c.operand for c in phrase.complements))
    return ("learn", " ".join([phrase.head.text, *sorted(o.span.text for o in operands)]))


def _agree(one: Said, other: Said, resolve: Resolve) -> bool:
    if isinstance(one, tree.Setting) and isinstance(other, tree.Setting):
        return plain(one.value, resolve) == plain(other.value, resolve)
    if isinstance(one, tree.Space | tree.Modality) and isinstance(
        other, tree.Space | tree.Modality
    ):
        return plain(one.component, resolve) == plain(other.component, resolve)
    return True


def plain(value: tree.Value, resolve: Resolve) -> object:
    """Return a value without the places it was written at, so that two can be compared."""
    value = resolve(value)
    if isinstance(value, tree.Literal):
        return type(value.value) is bool, value.value
    if isinstance(value, tree.Sequence):
        return tuple(plain(item, resolve) for item in value.items)
    if isinstance(value, tree.Reference):
        return value.name.text, ()
    arguments = ((a.key.text if a.key else "", plain(a.value, resolve)) for a in value.arguments)
    return value.name.text, tuple(arguments)


def _disagree(key: Key, one: Said, other: Said, statement: tree.Import) -> Diagnostic:
    return Diagnostic(
        "LZN239",
        f"two imported files disagree on `{'.'.join(key)}`",
        statement.path.span,
        "the second of them",
        related=(
            Related(_value_span(one), "one says this"),
            Related(_value_span(other), "the other says this"),
        ),
        hint=f"decide in this file: {_decision(key, one)}",
    )


def _decision(key: Key, said: Said) -> str:
    literal = isinstance(said, tree.Setting) and isinstance(said.value, tree.Literal)
    text = _value_span(said).text if literal else "VALUE"
    if key[0].startswith("train"):
        return f"`{key[0]} {{ {key[-1]}: {text} }}`"
    if key[0] == "learn":
        return f"state the `learn` with `{{ {key[-1]}: {text} }}`"
    return f"state its own `{' '.join(key)}`"


def _value_span(said: Said) -> Span:
    if isinstance(said, tree.Setting):
        return said.value.span
    return said.component.span if isinstance(said, tree.Space | tree.Modality) else said.span
