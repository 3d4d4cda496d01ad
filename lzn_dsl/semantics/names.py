"""What names mean while a task is put together, and where mistakes in it are said to be."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.semantics.abilities import Abilities
from lzn_dsl.semantics.program import Task
from lzn_dsl.semantics.values import Value
from lzn_dsl.semantics.verbs import VerbTable, prelude
from lzn_dsl.syntax import tree


class Abandoned(Exception):  # noqa: N818
    """The expression has an error, which is already among the findings."""


@dataclass
class Budget:
    """What the tasks of a program may still take together.

    Attributes:
        left: Applications of verbs, tasks and primitives that are left.
        depth: Expressions that are open, one inside of the other.
    """

    left: int = 100_000
    depth: int = 0


@dataclass(frozen=True)
class Names:
    """What the names of a program mean.

    Attributes:
        abilities: What each modality can do.
        verbs: The verbs.
        tasks: Names of the tasks that an expression may apply.
        task: The task of such a name; raises Abandoned where it has errors.
        number: The number that a constant stands for; None where it is no number.
        itself: The task that is being made, where it is named by its verb: its verb is meant.
    """

    abilities: Mapping[str, Abilities]
    verbs: VerbTable
    tasks: Collection[str]
    task: Callable[[tree.Name], Task]
    number: Callable[[str], float | None]
    itself: str = ""

    def is_task(self, name: str) -> bool:
        """Whether an expression may apply a task of that name."""
        return name in self.tasks and name != self.itself


@dataclass
class Frame:
    """A verb whose body is being walked: what its parameters and names stand for.

    `places` are those of the operands that parameters were given. `used` and `calls` are filled in:
    the names and the verbs that the body uses.
    """

    verb: tree.Verb
    values: dict[str, Value]
    places: Mapping[str, Span] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    calls: list[tree.Verb] = field(default_factory=list)


class Walk:
    """Where a walk over an expression is, and what it found.

    Args:
        found: Findings are added here.
        checked: The verb whose own definition is checked; None for the body of a task.
    """

    def __init__(self, found: list[Diagnostic], checked: Frame | None = None) -> None:
        self.found = found
        self.checked = checked
        self.frames: list[Frame] = [checked] if checked else []
        self._place: Span | None = None

    @property
    def frame(self) -> Frame | None:
        """The verb whose body is being walked; None in the body of a task."""
        return self.frames[-1] if self.frames else None

    @contextmanager
    def inside(self, frame: Frame, place: Span) -> Iterator[None]:
        """Walk a verb's body for a phrase at this place."""
        outermost = not self.frames
        if outermost:
            self._place = place
        self.frames.append(frame)
        try:
            yield
        finally:
            self.frames.pop()
            if outermost:
                self._place = None

    def fail(
        self,
        code: str,
        summary: str,
        span: Span,
        *,
        label: str = "",
        notes: tuple[str, ...] = (),
        hint: str = "",
        related: tuple[Related, ...] = (),
    ) -> Abandoned:
        """Add an error to the findings and return what to raise.

        An error in the body of a verb that a task uses is said to be where the task uses it, at the
        operand that was given for the parameter that does not fit.
        """
        if self._place is not None and self.frame is not None:
            if span.source != prelude()[0].span.source:
                related = (Related(span, f"in `{self.frame.verb.name.text}`"), *related)
            outermost = self.frame is self.frames[0]
            given = self.frame.places.get(span.text) if outermost else None
            span = given or self._place
        self.found.append(Diagnostic(code, summary, span, label, notes, hint, related=related))
        return Abandoned()
