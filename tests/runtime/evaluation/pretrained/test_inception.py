from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

from helpers.judging import quarters
from lzn_dsl.registry.builtin.extractors import InceptionSettings
from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.extractor import Extractor, Lessons
from lzn_runtime.evaluation.pretrained.inception import load
from lzn_runtime.evaluation.pretrained.inception_network import Inception

PICTURES = torch.randint(
    0, 256, (2, 3, 40, 37), dtype=torch.uint8, generator=torch.Generator().manual_seed(2)
)


def random_weights() -> dict[str, Tensor]:
    """Weights of the right shapes under which activations stay of one size."""
    generator = torch.Generator().manual_seed(0)
    with torch.device("meta"):
        wanted = Inception().state_dict()
    found: dict[str, Tensor] = {}
    for name, tensor in wanted.items():
        if name.endswith("num_batches_tracked"):
            continue  # as in files of early versions of torch
        drawn = torch.randn(tensor.shape, generator=generator)
        if tensor.ndim == 4:
            drawn *= (2 / tensor[0].numel()) ** 0.5
        positive = name.endswith(("running_var", "bn.weight"))
        found[name] = drawn.abs() + 0.5 if positive else drawn if tensor.ndim == 4 else 0.1 * drawn
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("weights")
    torch.save(random_weights(), path / "inception.pth")
    yield path
    (path / "inception.pth").unlink()


def open_weights(folder: Path, weights: str) -> Extractor:
    lessons = Lessons("seen", quarters(3), "image", None, 0, torch.device("cpu"), folder)
    return load(InceptionSettings(weights=weights), lessons)


def test_features_and_probabilities_are_those_of_torch_fidelity(folder: Path) -> None:
    before = torch.get_rng_state()
    extractor = open_weights(folder, "inception.pth")
    assert torch.equal(torch.get_rng_state(), before)
    found = extractor.judge(PICTURES)
    theirs = torch.load(folder / "inception.pth", weights_only=True)
    counted = {n: torch.tensor(0) for n in _counters()}
    torch.save(theirs | counted, folder / "counted.pth")
    reference = FeatureExtractorInceptionV3(
        "reference",
        ["2048", "logits_unbiased"],
        feature_extractor_weights_path=str(folder / "counted.pth"),
    )
    (folder / "counted.pth").unlink()
    features, logits = reference(PICTURES)
    torch.testing.assert_close(found.features, features, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found.log_probs, logits.log_softmax(1), rtol=1e-4, atol=1e-4)
    assert found.spatial is not None
    assert found.spatial.shape == (2, 17 * 17 * 7)
    identity = extractor.identity
    assert (identity["weights"], identity["resized_to"]) == ("inception.pth", [299, 299])
    assert len(str(identity["sha256"])) == 64
    assert extractor.label is None


def _counters() -> list[str]:
    with torch.device("meta"):
        return [n for n in Inception().state_dict() if n.endswith("num_batches_tracked")]


def test_a_file_that_is_not_there_or_of_another_network_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"LZN805.*no file `inception.pth`"):
        open_weights(tmp_path, "inception.pth")
    save_file({"fc.weight": torch.zeros(1000, 2048)}, tmp_path / "other.safetensors")
    with pytest.raises(EvaluationError, match=r"LZN806.*it has no `Conv2d_1a_3x3.conv.weight`"):
        open_weights(tmp_path, "other.safetensors")
