import itertools
import time
from pathlib import Path

import pytest
import torch

from helpers.data_errors import data_error_of
from helpers.data_files import write_class_folders
from helpers.sudden_end import SuddenEnd
from lzn_dsl.diagnostics.diagnostic import DataError
from lzn_dsl.registry.builtin.picture_datasets import ImageFolderSettings
from lzn_runtime.data.batches import Batch, BatchLoader, BatchOrder, batch_indices
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.data.image_folder import open_image_folder


def numbers(count: int) -> InMemoryDataset:
    """Return a data set whose sample i has the label i."""
    return InMemoryDataset({"label": torch.arange(count)})


# The order


@pytest.mark.parametrize(("batch", "count"), [(4, 10), (10, 10), (3, 9), (7, 10), (1, 3)])
def test_epochs_lie_end_to_end(batch: int, count: int) -> None:
    steps = 30
    drawn = list(itertools.chain(*(batch_indices(5, s, batch, count) for s in range(steps))))
    assert len(drawn) == steps * batch
    for epoch in range(len(drawn) // count):
        assert sorted(drawn[epoch * count : (epoch + 1) * count]) == list(range(count))


def test_epochs_and_seeds_differ() -> None:
    first, second = batch_indices(0, 0, 100, 100), batch_indices(0, 1, 100, 100)
    assert first != second
    assert first != batch_indices(1, 0, 100, 100)
    assert first != list(range(100))
    assert batch_indices(0, 0, 5, 10) == [8, 4, 1, 7, 6]


def test_a_step_does_not_depend_on_the_steps_before() -> None:
    order = BatchOrder(3, 7, 20)
    forward = [order.indices(step).tolist() for step in range(50)]
    assert [batch_indices(3, step, 7, 20) for step in range(50)] == forward
    backward = [order.indices(step).tolist() for step in reversed(range(50))]
    assert backward[::-1] == forward


def test_a_far_step_is_found_at_once() -> None:
    start = time.perf_counter()
    indices = batch_indices(0, 10**12, 64, 60_000)
    assert time.perf_counter() - start < 0.5
    assert len(indices) == 64


def test_impossible_batches_are_told(tmp_path: Path) -> None:
    assert data_error_of(lambda: BatchOrder(0, 11, 10), tmp_path) == (
        "LZN509 the data has 10 samples, fewer than a batch of 11 (set `batch` to at most 10)"
    )
    assert data_error_of(lambda: BatchOrder(0, 1, 0), tmp_path) == (
        "LZN509 the data has 0 samples, fewer than a batch of 1"
    )
    with pytest.raises(ValueError, match="batch must be 1 or more, got 0"):
        BatchOrder(0, 0, 10)
    with pytest.raises(ValueError, match="step must be 0 or more, got -1"):
        BatchOrder(0, 1, 10).indices(-1)


# The loader


def test_a_loader_yields_steps_indices_and_columns() -> None:
    loader = BatchLoader(numbers(10), seed=1, batch=4, start_step=2, stop_step=6)
    assert len(loader) == 4
    batches = list(loader)
    assert [b.step for b in batches] == [2, 3, 4, 5]
    for step, indices, columns in batches:
        assert indices.tolist() == batch_indices(1, step, 4, 10)
        assert torch.equal(columns["label"], indices)
    assert [b.indices.tolist() for b in loader] == [b.indices.tolist() for b in batches]
    assert list(BatchLoader(numbers(10), seed=1, batch=4, start_step=6, stop_step=6)) == []


def test_a_resumed_loader_goes_on_as_if_nothing_had_been() -> None:
    whole = [b.indices.tolist() for b in BatchLoader(numbers(10), seed=1, batch=4, stop_step=12)]
    for start in (0, 1, 2, 3, 5, 11, 12):
        rest = BatchLoader(numbers(10), seed=1, batch=4, start_step=start, stop_step=12)
        assert [b.indices.tolist() for b in rest] == whole[start:]


def test_a_loader_draws_nothing_from_the_global_state() -> None:
    before = torch.get_rng_state()
    list(BatchLoader(numbers(10), seed=1, batch=4, stop_step=3))
    assert torch.equal(torch.get_rng_state(), before)


def test_data_in_memory_are_fetched_without_delay() -> None:
    data = InMemoryDataset({"image": torch.zeros(60_000, 1, 28, 28, dtype=torch.uint8)})
    start = time.perf_counter()
    for _ in BatchLoader(data, seed=0, batch=100, stop_step=300):
        pass
    assert (time.perf_counter() - start) / 300 < 0.003


def contents(batches: list[Batch]) -> list[tuple[int, list[int], list[int], int]]:
    return [
        (b.step, b.indices.tolist(), b.columns["label"].tolist(), int(b.columns["image"].sum()))
        for b in batches
    ]


def test_workers_change_nothing_and_bring_errors_home(tmp_path: Path) -> None:
    write_class_folders(tmp_path, {"a": 6, "b": 5})
    settings = ImageFolderSettings(root=str(tmp_path), size=4, split="all")
    data = open_image_folder(settings, tmp_path)

    def loader(workers: int, start: int = 0) -> BatchLoader:
        return BatchLoader(
            data, seed=2, batch=4, start_step=start, stop_step=6, num_workers=workers
        )

    before = torch.get_rng_state()
    expected = contents(list(loader(0)))
    assert contents(list(loader(2))) == expected
    assert torch.equal(torch.get_rng_state(), before)

    bad = 10
    (tmp_path / "b" / "004.png").write_bytes(b"<html>")
    good = next(s for s in range(6) if bad in batch_indices(2, s, 4, 11))
    batches = iter(loader(1))
    assert [next(batches).step for _ in range(good)] == list(range(good))
    with pytest.raises(DataError) as caught:
        next(batches)
    (found,) = caught.value.diagnostics
    assert found.code == "LZN507"
    assert found.summary == f"the picture `{tmp_path}/b/004.png` is HTML, XML or SVG, not a picture"


def test_a_worker_that_ends_early_is_told(tmp_path: Path) -> None:
    loader = BatchLoader(SuddenEnd(), seed=0, batch=2, stop_step=3, num_workers=1)
    error = data_error_of(lambda: list(loader), tmp_path)
    assert error.startswith("LZN510 a process that fetches data ended early: DataLoader worker")
