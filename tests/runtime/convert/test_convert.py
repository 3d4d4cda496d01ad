"""A published checkpoint becomes a model that draws, classifies, embeds and rebuilds."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from helpers.paper_networks import FOLDER
from lzn_dsl.diagnostics.diagnostic import DataError, SpecError, StorageError, TrainingError
from lzn_dsl.spec import load
from lzn_runtime.convert.convert import Converted, convert
from lzn_runtime.networks.ncsnpp.encoder import NcsnppEncoder
from lzn_runtime.trained_model import TrainedModel, open_run
from lzn_runtime.use.inputs import read_pictures

TINY = FOLDER / "checkpoint_tiny.pt"


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    found: dict[str, Any] = torch.load(TINY, weights_only=True)
    return found


@pytest.fixture(scope="module")
def model(converted: Converted) -> TrainedModel:
    return open_run(converted.folder)


def stored(folder: Path) -> dict[str, Tensor]:
    return load_file(next(folder.glob("checkpoints/*/ema.safetensors")))


def sorted_sums(tensors: list[Tensor]) -> list[float]:
    return sorted(float(value.double().sum()) for value in tensors)


def test_it_says_what_it_is(converted: Converted) -> None:
    assert (converted.name, converted.step, converted.support) == ("", 3, 24)
    assert converted.parameters == sum(v.numel() for v in stored(converted.folder).values())
    assert [t.name for t in converted.plan.tasks] == ["draw", "name", "imagine", "rebuild", "gist"]
    plan = load(converted.folder / "spec.lzn").plan()
    assert plan.modalities == converted.plan.modalities


def test_the_averaged_weights_are_taken_in_the_order_of_the_parameters(
    converted: Converted, published: dict[str, Any]
) -> None:
    found = stored(converted.folder)
    averages = published["encoder_ema"]["shadow_params"] + published["decoder_ema"]["shadow_params"]
    averages += published["label_anchor_ema"]["shadow_params"]
    assert sorted_sums(list(found.values())) == pytest.approx(sorted_sums(averages))
    order = [n.removeprefix("model.module.") for n in published["encoder"]]
    for ours, theirs in {
        "image.encoder.latent.0.hidden.weight": "latent_transformations.0.0.weight",
        "image.encoder.down.input.weight": "all_modules.0.weight",
        "image.encoder.middle.attention.keys.weight": "all_modules.6.NIN_1.W",
    }.items():
        want = published["encoder_ema"]["shadow_params"][order.index(theirs)]
        assert torch.equal(found[ours], want)
    anchors = published["label_anchor_ema"]["shadow_params"][0]
    assert torch.equal(found["label.encoder.anchors"], anchors)


def test_raw_takes_the_weights_that_were_trained(
    tmp_path: Path, published: dict[str, Any], converted: Converted
) -> None:
    raw = stored(convert(TINY, tmp_path / "raw", raw=True).folder)
    trained = [
        v for part in ("encoder", "decoder", "label_anchor") for v in published[part].values()
    ]
    kept = [value for value in trained if value.dtype == torch.float32]
    assert sorted_sums(list(raw.values())) == pytest.approx(sorted_sums(kept))
    assert any(not torch.equal(raw[n], v) for n, v in stored(converted.folder).items())


def test_the_support_is_what_the_encoder_says_of_the_pictures(
    model: TrainedModel, pictures: Path
) -> None:
    modality = model.model.modality("image")
    assert isinstance(modality.encoder, NcsnppEncoder)
    columns = read_pictures(sorted(pictures.iterdir()), model.plan.modality("image"))
    with torch.no_grad():
        anchors = modality.encoder(modality.to_model(columns))
    support = model.model.support("image")
    assert support is not None
    torch.testing.assert_close(support, anchors, rtol=1e-4, atol=1e-5)


def test_it_draws_for_each_class_and_from_nothing(model: TrainedModel) -> None:
    drawn = model.draw(label=[0, 1, 2, 3])
    assert drawn.value.shape == (4, 3, 8, 8)
    assert drawn.value.dtype == torch.uint8
    assert not torch.equal(drawn.value[0], drawn.value[1])
    assert model.imagine(count=3).value.shape == (3, 3, 8, 8)


def test_it_classifies_embeds_and_rebuilds(model: TrainedModel, pictures: Path) -> None:
    columns = read_pictures(sorted(pictures.iterdir())[:3], model.plan.modality("image"))
    named = model.name(image=columns)
    assert named.scores is not None
    assert named.scores.shape == (3, 4)
    assert model.gist(image=columns).value.shape == (3, 5 * 8)
    rebuilt = model.rebuild(image=columns).value
    assert float((rebuilt.float() - columns.float()).abs().mean()) < 1


def test_without_support_zones_are_not_guessed(tmp_path: Path, pictures: Path) -> None:
    made = convert(TINY, tmp_path / "run")
    assert made.support == 0
    model = open_run(made.folder)
    columns = read_pictures(sorted(pictures.iterdir())[:1], model.plan.modality("image"))
    with pytest.raises(TrainingError, match=r"LZN604.*--support"):
        model.name(image=columns)
    assert model.gist(image=columns).value.shape == (1, 40)


def test_support_comes_from_class_folders_or_datasets_of_that_size(
    tmp_path: Path, pictures: Path
) -> None:
    for name in ("cat", "dog"):
        (tmp_path / "classes" / name).mkdir(parents=True)
    for number, path in enumerate(sorted(pictures.iterdir())[:5]):
        shutil.copy(path, tmp_path / "classes" / ("cat", "dog")[number % 2])
    assert convert(TINY, tmp_path / "run", support=str(tmp_path / "classes")).support == 5
    with pytest.raises(DataError, match=r"pictures of `shapes` are \(3, 16, 16\), not \(3, 8, 8\)"):
        convert(TINY, tmp_path / "other", support="shapes")
    with pytest.raises(DataError, match="no folder of pictures and no dataset"):
        convert(TINY, tmp_path / "other", support="nowhere")
    assert not (tmp_path / "other").exists()


def test_a_folder_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine").touch()
    with pytest.raises(StorageError, match="LZN904"):
        convert(TINY, tmp_path / "run")
    assert [p.name for p in (tmp_path / "run").iterdir()] == ["mine"]


def test_a_wrong_configuration_is_named_with_its_differences(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as stopped:
        convert(TINY, tmp_path / "run", config="cifar10_joint")
    (finding,) = stopped.value.diagnostics
    assert finding.code == "LZN716"
    assert any("side: 8, where the configuration has 32" in note for note in finding.notes)
    with pytest.raises(SpecError, match="did you mean `cifar10`"):
        convert(TINY, tmp_path / "run", config="cifar_10")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("missing", "`all_modules.1.weight` of `decoder` is missing"),
        ("unknown", "`extra` of `encoder` is unknown"),
        ("shape", "`all_modules.2.bias` of `decoder` has shape (1,), not (8,)"),
        ("average", "`decoder_ema` has 153 averaged weights, the network 154"),
        ("no average", "`label_anchor_ema` has 0 averaged weights"),
    ],
)
def test_weights_that_do_not_fit_are_listed(
    tmp_path: Path, published: dict[str, Any], change: str, reason: str
) -> None:
    damaged = {k: dict(v) if isinstance(v, dict) else v for k, v in published.items()}
    if change == "missing":
        del damaged["decoder"]["model.module.all_modules.1.weight"]
    elif change == "unknown":
        damaged["encoder"]["model.module.extra"] = torch.zeros(1)
    elif change == "shape":
        damaged["decoder"]["model.module.all_modules.2.bias"] = torch.zeros(1)
    elif change == "average":
        shadow = damaged["decoder_ema"]["shadow_params"]
        damaged["decoder_ema"] = {**damaged["decoder_ema"], "shadow_params": shadow[:-1]}
    else:
        del damaged["label_anchor_ema"]
    torch.save(damaged, tmp_path / "bad.pt")
    with pytest.raises(StorageError) as stopped:
        convert(tmp_path / "bad.pt", tmp_path / "run")
    (finding,) = stopped.value.diagnostics
    assert finding.code == "LZN716"
    assert any(note.startswith(reason) for note in finding.notes), finding.notes
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e31])
def test_weights_that_are_no_numbers_are_refused(
    tmp_path: Path, published: dict[str, Any], value: float
) -> None:
    shadow = [v.clone() for v in published["encoder_ema"]["shadow_params"]]
    shadow[4].view(-1)[0] = value
    damaged = {
        **published,
        "encoder_ema": {**published["encoder_ema"], "shadow_params": shadow},
    }
    torch.save(damaged, tmp_path / "bad.pt")
    with pytest.raises(StorageError, match="LZN717"):
        convert(tmp_path / "bad.pt", tmp_path / "run")
    assert convert(tmp_path / "bad.pt", tmp_path / "run", raw=True).step == 3


def test_the_run_folder_says_where_it_comes_from(converted: Converted) -> None:
    facts = json.loads((converted.folder / "environment.json").read_text())
    assert facts["converted"]["file"] == "checkpoint_tiny.pt"
    assert facts["converted"]["weights"] == "averaged"
    assert len(facts["converted"]["sha256"]) == 64
