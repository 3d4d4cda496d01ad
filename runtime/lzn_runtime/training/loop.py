"""The training loop: the only one, whatever the plan.

    for each step: batch -> losses -> gradient -> weights -> average; now and then log, save, draw

What a step does is a function of (plan, data, weights, step) alone, so that a run that was stopped
and goes on ends with the same bits as one that was not (on one kind of machine, CPU).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from lzn_dsl.diagnostics.diagnostic import (
    DataError,
    Diagnostic,
    Severity,
    TrainingError,
)
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.registry import Registry
from lzn_runtime.compile.model import build_model
from lzn_runtime.compile.parts import (
    make_augment,
    make_optimizer,
    make_schedule,
    make_views,
    open_dataset,
)
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.data.batches import Batch, BatchLoader
from lzn_runtime.data.dataset import Dataset
from lzn_runtime.device import deterministic, pick_device
from lzn_runtime.trained_model import TrainedModel
from lzn_runtime.training.advance import Hyperparameters, Outcome, advance
from lzn_runtime.training.checkpoint_store import CheckpointStore
from lzn_runtime.training.environment import environment
from lzn_runtime.training.lock import lock
from lzn_runtime.training.memory import check_memory
from lzn_runtime.training.metrics_log import MetricsLog
from lzn_runtime.training.observer import Observer, Quiet, Start, StepReport
from lzn_runtime.training.pace import Pace
from lzn_runtime.training.rates import Rates
from lzn_runtime.training.run_folder import RunFolder
from lzn_runtime.training.samples import SampleGrids
from lzn_runtime.training.saving import Saver
from lzn_runtime.training.signals import Interrupted, StopRequest, watch
from lzn_runtime.training.starting import find_start
from lzn_runtime.training.training_state import TrainingState, read_facts, unpack

MOST_IN_A_ROW = 10
"""Steps one after the other that may be skipped before training stops."""


def train(
    plan: Plan,
    registry: Registry,
    folder: RunFolder,
    *,
    observer: Observer | None = None,
    data_folder: Path = Path(),
    device: torch.device | str | None = None,
    fresh: bool = False,
    spec: str = "",
    imports: Mapping[str, str] | None = None,
    memory: int | None = None,
) -> TrainedModel:
    """Train a plan in a run folder, going on from its newest checkpoint; return the model.

    Args:
        plan: What to train.
        registry: Where its components are found.
        folder: Where everything is kept; made if it is not there.
        observer: Is told of the progress.
        data_folder: What relative paths of datasets are relative to.
        device: By default CUDA where there is one, else the CPU.
        fresh: Start at step 0 although there are checkpoints; they are kept under another name.
        spec: Text of the program, kept as `spec.lzn`.
        imports: Texts that it imports, kept under these paths of the folder.
        memory: Bytes that a step may need by its estimate; by default all that the device has.

    Raises:
        DataError: The data is missing or broken.
        TrainingError: The plan needs too much memory (LZN606); losses, gradients or weights are
            not finite (LZN602, LZN603).
        StorageError: The folder is in use or of another program, its checkpoints are damaged, or
            the last checkpoint could not be written (LZN7xx).
        Interrupted: SIGINT or SIGTERM; the state was saved and the same call goes on from there.
    """
    where = pick_device(device) if isinstance(device, str | None) else device
    observer = observer or Quiet()
    check_memory(plan, where, memory)
    dataset = open_dataset(plan.dataset(plan.train.on), registry, data_folder)
    folder.make()
    with lock(folder.path), watch() as stop, deterministic():
        if fresh:
            folder.keep_aside()
        training = _prepare(plan, registry, folder, dataset, where, observer)
        told = environment(where, data_folder)
        folder.write(plan, spec=spec, imports=imports or {}, environment=told)
        training.run(stop)
        return TrainedModel(plan, training.state.ema, registry, step=training.state.step)


@dataclass
class _Training:
    """One call of `train`, ready to run."""

    plan: Plan
    dataset: Dataset
    state: TrainingState
    compute: TrainingStep
    rates: Rates
    log: MetricsLog
    grids: SampleGrids
    saver: Saver
    observer: Observer

    def run(self, stop: StopRequest) -> None:
        """Do the steps that are left."""
        train = self.plan.train
        parameters = sum(p.numel() for p in self.state.model.parameters())
        device = str(self.state.model.device)
        self.observer.on_start(Start(self.state.step, train.steps, parameters, device))
        pace = Pace()
        try:
            for batch in self._loader():
                self._step(batch, pace)
                self._milestones(stop)
                pace.pause()
                if stop:
                    break
        except DataError:
            if not stop:  # a terminal's Ctrl-C also ends the processes that load data
                raise
        path = self.saver.save(self.state, last=True)
        if stop.signal is not None:
            raise Interrupted(stop.signal, self.state.step, path)

    def _loader(self) -> BatchLoader:
        train = self.plan.train
        return BatchLoader(
            self.dataset,
            seed=train.seed,
            batch=train.batch,
            start_step=self.state.step,
            stop_step=train.steps,
            num_workers=train.workers,
        )

    def _step(self, batch: Batch, pace: Pace) -> None:
        train, state = self.plan.train, self.state
        lr = self.rates.shared(state.step)
        rates, frozen = self.rates.at(state.step), train.frozen(state.step)
        numbers = Hyperparameters(rates, train.clip, train.ema, frozen)
        outcome = advance(state, self.compute, batch.columns, batch.indices, numbers)
        self._report(outcome, lr, pace.tick())
        if state.in_a_row >= MOST_IN_A_ROW:
            raise TrainingError(_too_many(state, outcome))

    def _milestones(self, stop: StopRequest) -> None:
        """Save and draw where it is time; nobody waits for pictures of a run that is to stop."""
        train, step = self.plan.train, self.state.step
        last = step == train.steps
        if last or step % train.checkpoint_every == 0:
            self.saver.save(self.state, last=last)
        if self.grids and not stop and (last or step % train.sample_every == 0):
            self.saver.refresh_support(self.state)
            for path in self.grids.write(step):
                self.observer.on_samples(step, path)

    def _report(self, outcome: Outcome, lr: float, seconds: float) -> None:
        train, step = self.plan.train, self.state.step
        report = StepReport(
            step=step,
            steps=train.steps,
            losses=outcome.losses,
            total=outcome.total,
            grad_norm=outcome.grad_norm,
            lr=lr,
            rate=train.batch / seconds,
            eta=seconds * (train.steps - step),
            skipped=outcome.skipped,
        )
        if outcome.skipped:
            self.observer.on_message(_skipped(report))
        if outcome.skipped or step == train.steps or step % train.log_every == 0 or step == 1:
            self.log.write(report)
        self.observer.on_step(report)


def _prepare(
    plan: Plan,
    registry: Registry,
    folder: RunFolder,
    dataset: Dataset,
    device: torch.device,
    observer: Observer,
) -> _Training:
    """Build everything, and load the checkpoint that the folder has, if any."""
    warn = observer.on_message
    store = CheckpointStore(folder.checkpoints, warn=warn)
    store.clean()
    stored = find_start(plan, folder, store, dataset.fingerprint, warn=warn)
    model = build_model(plan, registry, device=device)
    ema = build_model(plan, registry, device=device).requires_grad_(requires_grad=False)
    optimizer = make_optimizer(plan, registry, model)
    rates = Rates(plan, optimizer, model, lambda part: make_schedule(plan, registry, part))
    state = TrainingState(model, ema, optimizer)
    saved = None
    if stored is not None:
        unpack(state, stored)
        # Another size of the support: the last checkpoint is written again with it.
        saved = stored.step if read_facts(stored).support == plan.train.support else None
    log = MetricsLog(folder.metrics, warn=warn)
    log.cut(state.step)
    return _Training(
        plan=plan,
        dataset=dataset,
        state=state,
        compute=TrainingStep(plan, model, make_augment(plan, registry), make_views(plan, registry)),
        rates=rates,
        log=log,
        grids=SampleGrids(plan, registry, ema, dataset, folder.samples, warn=warn),
        saver=Saver(plan, dataset, store, log, observer, saved=saved),
        observer=observer,
    )


def _skipped(report: StepReport) -> Diagnostic:
    return Diagnostic(
        code="LZN601",
        summary=f"step {report.step} was skipped: {report.skipped} is not finite",
        severity=Severity.WARNING,
    )


def _too_many(state: TrainingState, outcome: Outcome) -> Diagnostic:
    return Diagnostic(
        code="LZN602",
        summary=f"{state.in_a_row} steps in a row were not finite, the last one step {state.step}",
        notes=(f"not finite: {outcome.skipped}", f"{state.skipped} steps were skipped in all"),
        hint="lower the learning rate or `clip`; the last checkpoint is good",
    )
