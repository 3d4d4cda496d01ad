"""What training does when numbers are not finite, the disk is full, or checkpoints are damaged."""

import errno
import json
import math
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import torch
from jaxtyping import Float
from safetensors import SafetensorError
from torch import Tensor

from helpers.faulty_files import FaultyFiles, no_space
from helpers.plans import digits_plan, registry
from helpers.runs import Recorder, digest, logged, run
from lzn_dsl.diagnostics.diagnostic import StorageError, TrainingError
from lzn_dsl.planning.plan import Plan
from lzn_runtime.compile.losses import Losses
from lzn_runtime.compile.training_step import TrainingStep
from lzn_runtime.trained_model import TrainedModel
from lzn_runtime.training.checkpoint_store import CheckpointStore
from lzn_runtime.training.files import Files
from lzn_runtime.training.observer import StepReport

STEPS = 4


def _plan(**train: object) -> Plan:
    settings = {"steps": STEPS, "batch": 16, "checkpoint_every": 2, **train}
    return digits_plan(settings, tasks=["name"])


@pytest.fixture
def spoil(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[set[int], Callable[[Losses], Losses]], None]:
    """Spoil the losses of some steps, counted from 0."""

    def install(steps: set[int], change: Callable[[Losses], Losses]) -> None:
        original = TrainingStep.__call__

        def call(
            self: TrainingStep, batch: Mapping[str, Tensor], indices: Tensor, step: int
        ) -> Losses:
            losses = original(self, batch, indices, step)
            return change(losses) if step in steps else losses

        monkeypatch.setattr(TrainingStep, "__call__", call)

    return install


class _InfiniteGradient(torch.autograd.Function):
    """The identity, with a gradient that is infinite."""

    @staticmethod
    def forward(ctx: object, x: Float[Tensor, ""]) -> Float[Tensor, ""]:
        return x.clone()

    @staticmethod
    def backward(ctx: object, grad: Float[Tensor, ""]) -> Float[Tensor, ""]:
        return grad * math.inf


def _infinite_gradient(losses: Losses) -> Losses:
    total = _InfiniteGradient.apply(losses.total)
    return Losses(total, losses.parts)


def _nan(losses: Losses) -> Losses:
    return Losses(losses.total * math.nan, losses.parts)


@pytest.mark.parametrize(
    ("change", "reason"), [(_nan, "total loss"), (_infinite_gradient, "gradient")]
)
def test_step_that_is_not_finite_changes_nothing(
    tmp_path: Path,
    spoil: Callable[[set[int], Callable[[Losses], Losses]], None],
    change: Callable[[Losses], Losses],
    reason: str,
) -> None:
    plan = _plan(checkpoint_every=1, keep=9, support=0)
    spoil({2}, change)
    recorder = Recorder()
    run(plan, tmp_path, recorder)
    assert digest(tmp_path, 3) == digest(tmp_path, 2)
    assert digest(tmp_path, 4) != digest(tmp_path, 3)
    assert [report.skipped for report in recorder.reports] == ["", "", reason, ""]
    assert recorder.codes() == ["LZN601"]
    assert logged(tmp_path)[2]["skipped"] == reason
    facts = json.loads((tmp_path / "checkpoints/step-00000004/state.json").read_text())
    assert (facts["skipped"], facts["in_a_row"]) == (1, 0)


def test_anchors_that_are_not_finite_skip_the_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = TrainingStep._batch

    def spoiled(self: TrainingStep, op: object, moment: object) -> Tensor:
        column: Tensor = original(self, op, moment)  # type: ignore[arg-type]  # passed on as is
        if column.is_floating_point() and moment.step == 1:  # type: ignore[attr-defined]  # private
            column[0] = math.nan
        return column

    monkeypatch.setattr(TrainingStep, "_batch", spoiled)
    recorder = Recorder()
    run(_plan(), tmp_path, recorder)
    assert recorder.reports[1].skipped == "anchors of image"
    assert not recorder.reports[2].skipped


def test_ten_bad_steps_in_a_row_stop_the_training(
    tmp_path: Path, spoil: Callable[[set[int], Callable[[Losses], Losses]], None]
) -> None:
    spoil(set(range(3, 50)), _nan)
    recorder = Recorder()
    with pytest.raises(TrainingError, match=r"LZN602.*10 steps in a row") as caught:
        run(_plan(steps=50, checkpoint_every=3, support=0), tmp_path, recorder)
    assert caught.value.exit_code == 4
    assert len(recorder.reports) == 13
    assert [math.isnan(report.total) for report in recorder.reports] == [False] * 3 + [True] * 10


def test_weights_that_are_not_finite_are_never_saved(tmp_path: Path) -> None:
    run(_plan(steps=2), tmp_path)
    before = digest(tmp_path, 2)
    original = torch.optim.Adam.step

    def overflow(optimizer: torch.optim.Adam) -> None:
        original(optimizer)
        with torch.no_grad():
            optimizer.param_groups[0]["params"][0].fill_(math.inf)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.optim.Adam, "step", overflow)
        with pytest.raises(TrainingError, match=r"LZN60[23]"):
            run(_plan(steps=3), tmp_path)
    assert sorted(p.name for p in (tmp_path / "checkpoints").iterdir()) == ["step-00000002"]
    assert digest(tmp_path, 2) == before


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int, str], None]], None]:
    """Make file operations of all checkpoint stores fail."""

    def install(fault: Callable[[int, str], None]) -> None:
        faulty: Files = FaultyFiles(fault)
        original = CheckpointStore.__init__

        def init(self: CheckpointStore, folder: Path, **options: object) -> None:
            original(self, folder, **{**options, "files": faulty})  # type: ignore[arg-type]

        monkeypatch.setattr(CheckpointStore, "__init__", init)

    return install


def _full_until(step: int, told: Recorder) -> Callable[[int, str], None]:
    def fault(count: int, operation: str) -> None:
        if told.reports and told.reports[-1].step < step:
            no_space(count, operation)

    return fault


def test_full_disk_is_a_warning_and_the_next_save_works(
    tmp_path: Path, files: Callable[[Callable[[int, str], None]], None]
) -> None:
    recorder = Recorder()
    files(_full_until(STEPS, recorder))
    run(_plan(), tmp_path, recorder)
    assert recorder.codes() == ["LZN705"]
    assert "step 2 could not be written: no space left" in recorder.messages[0].summary
    assert recorder.checkpoints == [4]
    assert [p.name for p in (tmp_path / "checkpoints").iterdir()] == ["step-00000004"]


def test_full_disk_at_the_end_is_an_error_and_older_checkpoints_stay(
    tmp_path: Path, files: Callable[[Callable[[int, str], None]], None]
) -> None:
    run(_plan(steps=2), tmp_path)
    before = digest(tmp_path, 2)
    files(no_space)
    with pytest.raises(StorageError, match=r"LZN707.*No space left") as caught:
        run(_plan(), tmp_path)
    assert caught.value.exit_code == 5
    assert [p.name for p in (tmp_path / "checkpoints").iterdir()] == ["step-00000002"]
    assert digest(tmp_path, 2) == before


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.EIO, "Input/output error"), "LZN706"),
        (PermissionError(errno.EACCES, "Permission denied"), "LZN706"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "LZN705"),
        (RuntimeError("PytorchStreamWriter failed writing file"), "LZN706"),
        (SafetensorError("I/O error: No space left on device (os error 28)"), "LZN705"),
    ],
)
def test_whatever_refuses_to_write_is_a_warning_on_the_way(
    tmp_path: Path,
    files: Callable[[Callable[[int, str], None]], None],
    error: Exception,
    code: str,
) -> None:
    recorder = Recorder()

    def fault(count: int, operation: str) -> None:
        if operation == "write" and recorder.reports[-1].step == 2:
            raise error

    files(fault)
    run(_plan(support=0), tmp_path, recorder)
    assert recorder.codes() == [code]
    assert recorder.checkpoints == [4]


def test_error_of_the_program_is_not_taken_for_the_disk(
    tmp_path: Path, files: Callable[[Callable[[int, str], None]], None]
) -> None:
    def fault(count: int, operation: str) -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    files(fault)
    with pytest.raises(RuntimeError, match="mat1"):
        run(_plan(), tmp_path)


def _damage(path: Path, step: int) -> None:
    file = path / "checkpoints" / f"step-{step:08d}" / "ema.safetensors"
    data = bytearray(file.read_bytes())
    data[-5] ^= 4
    file.write_bytes(data)


def test_damaged_checkpoint_is_set_aside_and_the_run_ends_with_the_same_bits(
    tmp_path: Path,
) -> None:
    run(_plan(), tmp_path)
    want, log = digest(tmp_path, STEPS), logged(tmp_path)
    _damage(tmp_path, STEPS)
    recorder = Recorder()
    run(_plan(), tmp_path, recorder)
    assert recorder.codes() == ["LZN701"]
    assert [report.step for report in recorder.reports] == [3, 4]
    assert digest(tmp_path, STEPS) == want
    assert logged(tmp_path) == log


def test_all_checkpoints_damaged_needs_a_fresh_start(tmp_path: Path) -> None:
    run(_plan(), tmp_path)
    for step in (2, 4):
        _damage(tmp_path, step)
    for _ in range(2):
        with pytest.raises(StorageError, match="LZN702"):
            run(_plan(), tmp_path)
    recorder = Recorder()
    run(_plan(), tmp_path, recorder, fresh=True)
    assert [report.step for report in recorder.reports] == [1, 2, 3, 4]


def test_model_is_loaded_from_the_one_before_a_damaged_one(tmp_path: Path) -> None:
    run(_plan(), tmp_path)
    _damage(tmp_path, STEPS)
    model = TrainedModel.load(tmp_path, registry(), "cpu")
    assert model.step == 2
    assert [m.code for m in model.warnings] == ["LZN701"]
    assert (tmp_path / "checkpoints" / f"step-{STEPS:08d}").is_dir()


def test_checkpoint_of_other_shapes_is_refused_by_name(tmp_path: Path) -> None:
    run(_plan(), tmp_path)
    plan = _plan()
    (tmp_path / "plan.json").write_text(plan.model_copy(update={"dim": 9}).model_dump_json())
    with pytest.raises(StorageError, match="LZN709") as caught:
        TrainedModel.load(tmp_path, registry(), "cpu")
    assert any("label.encoder.anchors" in note for note in caught.value.diagnostics[0].notes)


def test_changed_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(_plan(steps=2), tmp_path)
    monkeypatch.setattr("lzn_runtime.data.dataset.InMemoryDataset.fingerprint", "another")
    with pytest.raises(StorageError, match="LZN710"):
        run(_plan(), tmp_path)


def test_another_torch_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(_plan(steps=2), tmp_path)
    monkeypatch.setattr(
        "lzn_runtime.training.starting.versions", lambda: {"torch": "99.0", "python": "9"}
    )
    recorder = Recorder()
    run(_plan(steps=2), tmp_path, recorder)
    assert recorder.codes() == ["LZN711"]


def test_folder_that_vanishes_is_a_warning_on_the_way_and_an_error_at_the_end(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "run"

    def vanish(report: StepReport) -> None:
        if report.step == 1:
            shutil.rmtree(folder)

    recorder = Recorder(during=vanish)
    with pytest.raises(StorageError, match="LZN707"):
        run(_plan(support=0), folder, recorder)
    assert recorder.codes() == ["LZN713", "LZN706"]
    assert not folder.exists()


def test_run_goes_on_without_its_plan_file(tmp_path: Path) -> None:
    run(_plan(steps=2), tmp_path)
    (tmp_path / "plan.json").unlink()
    with pytest.raises(StorageError, match="LZN703"):
        run(_plan(steps=2, batch=17), tmp_path)
    run(_plan(steps=3), tmp_path)
    assert (tmp_path / "checkpoints" / "step-00000003").is_dir()


def test_picture_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    def block(report: StepReport) -> None:
        (tmp_path / "samples").write_bytes(b"in the way")

    recorder = Recorder(during=block)
    run(digits_plan({"steps": 1, "support": 0}, tasks=["fresh"]), tmp_path, recorder)
    assert recorder.codes() == ["LZN713"]
    assert recorder.checkpoints == [1]


def test_log_that_cannot_be_written_is_kept_until_it_can(tmp_path: Path) -> None:
    def block(report: StepReport) -> None:
        log = tmp_path / "metrics.jsonl"
        if report.step == 1:
            log.rename(tmp_path / "kept")
            log.mkdir()
        if report.step == 3:
            log.rmdir()
            (tmp_path / "kept").rename(log)

    recorder = Recorder(during=block)
    run(_plan(checkpoint_every=9, support=0), tmp_path, recorder)
    assert recorder.codes() == ["LZN713"]
    assert [line["step"] for line in logged(tmp_path)] == [1, 2, 3, 4]
