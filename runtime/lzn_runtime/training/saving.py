"""Saving a training: what happens when it works, and when the disk refuses.

A save on the way that fails is a warning: what it wrote is removed, training goes on, the next
save is tried in its turn. Only the last save of a run must work.
"""

from pathlib import Path

from jaxtyping import Int
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_runtime.compile.support import choose_support, fill_support
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.training.checkpoint_store import CheckpointStore
from lzn_runtime.training.environment import host, versions
from lzn_runtime.training.metrics_log import MetricsLog
from lzn_runtime.training.observer import Observer
from lzn_runtime.training.plan_hash import plan_hash
from lzn_runtime.training.storage_errors import STORAGE_ERRORS, is_storage_error, save_failed
from lzn_runtime.training.training_state import Facts, TrainingState, pack


class Saver:
    """Commits checkpoints of one run.

    Args:
        plan: The plan.
        dataset: The training data, of which support samples are chosen.
        store: Where checkpoints go.
        log: Flushed before each checkpoint.
        observer: Told of checkpoints and of failures.
        saved: The step whose checkpoint is there already, if any.
    """

    def __init__(
        self,
        plan: Plan,
        dataset: Dataset,
        store: CheckpointStore,
        log: MetricsLog,
        observer: Observer,
        *,
        saved: int | None = None,
    ) -> None:
        self._plan = plan
        self._dataset = dataset
        self._store = store
        self._log = log
        self._observer = observer
        self._saved = saved
        self._refreshed: int | None = None
        self._support = support_rows(plan, dataset)

    def refresh_support(self, state: TrainingState) -> None:
        """Encode the support anew with the averaged weights, unless it was for this step."""
        if self._refreshed != state.step:
            fill_support(state.ema, self._plan, self._dataset, self._support)
            self._refreshed = state.step

    def save(self, state: TrainingState, *, last: bool) -> Path:
        """Commit the state, unless its step is saved already; return the checkpoint's folder.

        Raises:
            TrainingError: The state is not finite (LZN603).
            StorageError: The system refuses to write, and this was the `last` save (LZN707).
        """
        path = self._store.path(state.step)
        if self._saved == state.step:
            return path
        self.refresh_support(state)
        self._log.sync()
        try:
            contents = pack(state, self._facts(state))
            self._store.save(state.step, contents, keep=self._plan.train.keep)
        except STORAGE_ERRORS as error:
            if not is_storage_error(error):
                raise
            if last:
                raise StorageError(_last_failed(error, state.step)) from error
            self._observer.on_message(save_failed(error, state.step))
        else:
            self._saved = state.step
            self._observer.on_checkpoint(state.step, path)
        return path

    def _facts(self, state: TrainingState) -> Facts:
        return Facts(
            step=state.step,
            plan=plan_hash(self._plan),
            data=self._dataset.fingerprint,
            versions=versions(),
            host=host(state.model.device),
            support=self._plan.train.support,
            skipped=state.skipped,
            in_a_row=state.in_a_row,
        )


def support_rows(plan: Plan, dataset: Dataset) -> Int[Tensor, " k"]:
    """Return the rows of the training data that the support is made from; the seed decides."""
    labels = _labels(plan, dataset)
    return choose_support(plan.train.support, len(dataset), labels, seed=plan.train.seed)


def _labels(plan: Plan, dataset: Dataset) -> Tensor | None:
    """Return the labels that the support is balanced over: the first discrete column's."""
    discrete = [m.name for m in plan.modalities if "discrete" in m.capabilities]
    found = (dataset.labels(name) for name in discrete)
    return next((labels for labels in found if labels is not None), None)


def _last_failed(error: BaseException, step: int) -> Diagnostic:
    return Diagnostic(
        code="LZN707",
        summary=f"the last checkpoint, of step {step}, could not be written: {error}",
        notes=("checkpoints saved before are untouched",),
        hint="make room and run again: it goes on from the newest of them",
    )
