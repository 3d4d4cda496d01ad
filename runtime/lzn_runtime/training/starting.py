"""Where a training starts: at the beginning, or from the newest sound checkpoint of its folder."""

from collections.abc import Callable

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_runtime.training.checkpoint_store import CheckpointStore, Stored
from lzn_runtime.training.environment import versions
from lzn_runtime.training.plan_hash import plan_differences, plan_hash
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.training_state import Facts, read_facts


def find_start(
    plan: Plan,
    folder: RunFolder,
    store: CheckpointStore,
    fingerprint: str,
    *,
    warn: Callable[[Diagnostic], None],
) -> Stored | None:
    """Return the checkpoint to go on from, or None where the folder has none.

    Raises:
        StorageError: The checkpoints are damaged (LZN702), of another program (LZN703), of other
            data (LZN710), or have more steps than the plan (LZN712).
    """
    if store.steps():
        _same_program(plan, folder)
    stored = store.newest()
    if stored is None:
        return None
    facts = read_facts(stored)
    if facts.plan != plan_hash(plan):
        raise StorageError(_another_program(folder, []))
    if facts.data != fingerprint:
        raise StorageError(
            Diagnostic(
                code="LZN710",
                summary=f"the data `{plan.train.on}` changed since the checkpoint was saved",
                notes=(f"its fingerprint was {facts.data}, now it is {fingerprint}",),
                hint="restore the data, or start afresh in another folder",
            )
        )
    if facts.step > plan.train.steps:
        raise StorageError(
            Diagnostic(
                code="LZN712",
                summary=f"the run has {facts.step} steps, the program asks {plan.train.steps}",
                hint=f"set `steps` to {facts.step} or more, or use another folder",
            )
        )
    _same_versions(facts, warn)
    return stored


def _same_program(plan: Plan, folder: RunFolder) -> None:
    """Name what differs from the folder's plan; without one, the checkpoint's hash decides."""
    try:
        before = folder.read_plan()
    except StorageError:
        return
    differences = plan_differences(before, plan)
    if differences:
        raise StorageError(_another_program(folder, differences))


def _another_program(folder: RunFolder, differences: list[str]) -> Diagnostic:
    more = [f"and {len(differences) - 10} more"] if len(differences) > 10 else []
    return Diagnostic(
        code="LZN703",
        summary=f"`{folder.path}` has checkpoints of a program that trains differently",
        notes=(*differences[:10], *more),
        hint="use another folder, or start afresh with `--fresh`",
    )


def _same_versions(facts: Facts, warn: Callable[[Diagnostic], None]) -> None:
    before, now = facts.versions.get("torch"), versions()["torch"]
    if before != now:
        warn(
            Diagnostic(
                code="LZN711",
                summary=f"the checkpoint was written with PyTorch {before}, this is {now}",
                severity=Severity.WARNING,
            )
        )
