import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.pretrained.weights import Weights, fill, read_weights


def meta_layer() -> nn.Module:
    with torch.device("meta"):
        return nn.Sequential(nn.Linear(2, 3, bias=False), nn.BatchNorm1d(3))


def tensors() -> dict[str, torch.Tensor]:
    return {
        "0.weight": torch.ones(3, 2, dtype=torch.float16),
        **{f"1.{name}": torch.ones(3) for name in ("weight", "bias", "running_mean")},
        "1.running_var": torch.ones(3),
    }


def test_both_formats_and_a_folder_hold_the_same(tmp_path: Path) -> None:
    save_file(tensors(), tmp_path / "model.safetensors")
    torch.save({"state_dict": tensors(), "epoch": 3}, tmp_path / "nested.pth")
    for path in (tmp_path, tmp_path / "model.safetensors", tmp_path / "nested.pth"):
        read = read_weights(path, extractor="x")
        assert sorted(read.tensors) == sorted(tensors())
        assert len(read.sha256) == 64
    assert read_weights(tmp_path, extractor="x").file == "model.safetensors"


def test_weights_fill_a_network_in_float32(tmp_path: Path) -> None:
    network = meta_layer()
    fill(network, Weights(tensors(), "w", ""), extractor="x")
    assert {p.dtype for p in network.parameters()} == {torch.float32}
    assert not any(p.requires_grad or p.is_meta for p in network.parameters())
    assert network(torch.ones(1, 2)).shape == (1, 3)


class Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, ("harm",)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pth"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"\x80\x04not a pickle", b"{}"])
def test_damaged_files_are_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(EvaluationError, match=r"LZN806.*`w\..*` holds no weights"):
        read_weights(tmp_path / name, extractor="x")


def test_a_pickle_that_runs_something_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"a": Harmful()}, tmp_path / "w.pth")
    (tmp_path / "plain.pth").write_bytes(pickle.dumps(Harmful()))
    for name in ("w.pth", "plain.pth"):
        with pytest.raises(EvaluationError, match="LZN806"):
            read_weights(tmp_path / name, extractor="x")
    assert not (tmp_path / "harm").exists()


def test_what_is_no_state_dict_is_told(tmp_path: Path) -> None:
    for number, value in enumerate(([torch.ones(2)], {"a": 3}, torch.ones(2))):
        torch.save(value, tmp_path / f"{number}.pth")
        with pytest.raises(EvaluationError, match=r"LZN806.*no state dict"):
            read_weights(tmp_path / f"{number}.pth", extractor="x")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"0.weight": torch.ones(3, 4)}, r"`0.weight` has the shape \(3, 4\), not \(3, 2\)"),
        ({"more": torch.ones(1)}, "it has a `more`"),
    ],
)
def test_weights_of_another_network_are_told(change: dict[str, torch.Tensor], reason: str) -> None:
    with pytest.raises(EvaluationError, match=f"LZN806.*{reason}"):
        fill(meta_layer(), Weights(tensors() | change, "w.pth", ""), extractor="x")
