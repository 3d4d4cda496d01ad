"""From the syntax tree to a checked program: all findings of a file at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Related, has_errors
from lzn_dsl.diagnostics.source import Span
from lzn_dsl.linking.linked import BoundParameter
from lzn_dsl.linking.names import task_name
from lzn_dsl.linking.qualify import prefer_columns
from lzn_dsl.registry.registry import Registry
from lzn_dsl.semantics import declarations, evaluations, modules, objectives
from lzn_dsl.semantics.binding import Binder
from lzn_dsl.semantics.definitions import check_verbs
from lzn_dsl.semantics.program import Dataset, Program
from lzn_dsl.semantics.settings import TrainSettings
from lzn_dsl.semantics.tasks import Tasks
from lzn_dsl.semantics.verbs import VerbTable, prelude
from lzn_dsl.syntax import tree

_ROOTS = ("space", "data", "modality", "task", "train", "learn", "evaluate", "let")


@dataclass(frozen=True)
class Options:
    """What is said of a program outside its text.

    Attributes:
        folder: Folder that relative paths of the program start from.
        data: Dataset of a program that names none.
        overrides: Values of `--set`, by path such as `train.steps`.
        parameters: The program's parameters with their values.
    """

    folder: Path = field(default_factory=Path)
    data: str = "digits"
    overrides: Mapping[str, tree.Value] = field(default_factory=dict)
    parameters: tuple[BoundParameter, ...] = ()


def analyse(
    file: tree.File, registry: Registry, options: Options
) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Check a file, linked to those it imports; the program is None where there are errors."""
    found: list[Diagnostic] = []
    statements = file.statements
    constants = declarations.constants(statements, found)
    binder = Binder(registry, constants, options.overrides, found=found)
    binder.used_overrides |= {f"let.{s.name.text}" for s in statements if isinstance(s, tree.Let)}
    own = (s.span for s in statements if s.span.source == file.span.source)
    first = next(own, Span(file.span.source, 0, 0))
    dim = declarations.latent_dim(statements, binder, first)
    data = declarations.datasets(statements, binder, options.folder, options.data, first)
    modalities = declarations.modalities(statements, binder, data)
    statements = tuple(prefer_columns(statement, modalities) for statement in statements)
    stated = tuple(s for s in statements if isinstance(s, tree.Verb))
    verbs = VerbTable((*prelude(), *stated))
    # A file that adds a form to a built-in verb has the built-in forms under its namespace too.
    built_in = {verb.span.source for verb in prelude()}
    own_verbs = tuple(verb for verb in stated if verb.span.source not in built_in)
    tasks = Tasks(statements, binder, verbs, modalities)
    check_verbs(own_verbs, tasks.names, registry, found)
    table = tasks.all()
    if not any(isinstance(s, tree.Task) for s in statements):
        found.append(_no_task(first))
    learns = objectives.learns(statements, binder, modalities)
    unstated = objectives.unstated(learns, binder, modalities)
    judged = evaluations.evaluations(statements, binder, table, data, modalities, options.folder)
    on, train = _train(statements, binder, data)
    trainings = modules.module_trainings(statements, binder, modalities, train)
    for p in options.parameters:
        binder.origins[f"param.{p.name}"] = str(p.value.span) if p.given else "default"
    binder.report_unused_overrides(_ROOTS)
    causes = (f for f in found if not _is_consequence(f, statements, data))
    ordered = tuple(sorted(causes, key=_place))
    if has_errors(found) or on is None:
        return None, ordered
    title = PurePath(file.span.source.name).stem.strip("<>") or "program"
    program = Program(
        source=file.span.source,
        title=title,
        dim=dim,
        datasets=data,
        modalities=modalities,
        tasks=table,
        verbs=own_verbs,
        numbers=tasks.numbers(),
        learns=learns,
        unstated=unstated,
        on=on,
        train=train,
        evaluations=judged,
        registry=registry,
        origins=binder.origins,
        parameters={p.name: p.plain for p in options.parameters},
        modules=trainings,
    )
    return program, ordered


def _train(
    statements: tuple[tree.Statement, ...], binder: Binder, data: Mapping[str, Dataset]
) -> tuple[str | None, dict[str, JsonValue]]:
    blocks = [s for s in statements if isinstance(s, tree.Train) and s.module is None]
    for extra in blocks[1:]:
        binder.found.append(
            Diagnostic(
                "LZN205",
                "the program has two `train` blocks",
                _word(extra),
                hint="put all settings into one",
                related=(Related(_word(blocks[0]), "the first one"),),
            )
        )
    lines = blocks[0].settings if blocks else ()
    settings = binder.block(TrainSettings, lines, "train", None)
    if settings is None or not data:
        return None, {}
    on = settings["on"]
    if on is None:
        on = next(iter(data))
        binder.origins["train.on"] = "default: the first dataset"
    if on not in data:
        span = next((s.value.span for s in lines if s.key.text == "on"), None)
        span = span or binder.overrides["train.on"].span
        name = tree.Name(str(on), span)
        binder.found.append(evaluations.unknown_dataset(name, data, binder.registry))
    _check_batch(settings, str(on), lines, binder, data)
    return str(on), {**settings, "on": on}


def _word(block: tree.Train) -> Span:
    return Span(block.span.source, block.span.start, block.span.start + len("train"))


def _check_batch(
    settings: Mapping[str, object],
    on: str,
    lines: tuple[tree.Setting, ...],
    binder: Binder,
    data: Mapping[str, Dataset],
) -> None:
    size = data[on].info.num_samples if on in data else None
    batch = settings["batch"]
    if size is None or not isinstance(batch, int) or batch <= size:
        return
    span = next((s.value.span for s in lines if s.key.text == "batch"), data[on].span)
    binder.error(
        "LZN405",
        f"a batch of {batch:_} is larger than `{on}`",
        span,
        label=f"`{on}` has {size:_} samples",
        hint="choose a smaller batch: `train { batch: 100 }`",
    )


def _is_consequence(
    finding: Diagnostic, statements: tuple[tree.Statement, ...], data: Mapping[str, Dataset]
) -> bool:
    """Whether a name is unknown only because its own definition has an error."""
    if finding.span is None or finding.code not in ("LZN201", "LZN202", "LZN207"):
        return False
    name = finding.span.text
    stated = [s.name for s in statements if isinstance(s, tree.Data)]
    if finding.code == "LZN202":
        return name in _written(stated, finding.span)
    if finding.code == "LZN201":
        lacking = {n.text for n in stated} - set(data)
        return bool(lacking) or any(name in d.info.columns for d in data.values())
    tasks_ = [s for s in statements if isinstance(s, tree.Task)]
    return name in _written([task_name(s, ()) for s in tasks_], finding.span)


def _written(names: Collection[tree.Name], at: Span) -> set[str]:
    """Return how names are written at a place: without their namespace in their own file."""
    inside = [name for name in names if name.span.source == at.source]
    return {name.text for name in names} | {name.span.text for name in inside}


def _no_task(span: Span) -> Diagnostic:
    return Diagnostic(
        "LZN404",
        "the program has no task",
        span,
        hint="add one, such as `task draw = generate image from label`",
    )


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    return (0, diagnostic.span.start) if diagnostic.span else (1, 0)
