import pytest
import torch
from sklearn.datasets import load_sample_image

from helpers.judging import quarters
from lzn_dsl.registry.builtin.extractors import EfficientNetSettings
from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.extractor import Extractor, Lessons
from lzn_runtime.evaluation.pretrained import efficientnet

LESSONS = Lessons("seen", quarters(3), "image", None, 0, torch.device("cpu"))


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return efficientnet.load(EfficientNetSettings(), LESSONS)


def test_it_knows_a_palace_and_draws_no_randomness(extractor: Extractor) -> None:
    before = torch.get_rng_state()
    photo = torch.tensor(load_sample_image("china.jpg")).permute(2, 0, 1)
    found = extractor.judge(photo[None])
    assert torch.equal(torch.get_rng_state(), before)
    assert found.log_probs is not None
    assert found.spatial is not None
    palace = 698  # its number among ImageNet's classes
    assert palace in found.log_probs[0].topk(3).indices.tolist()
    assert found.features.shape == (1, 1280)
    assert found.spatial.shape == (1, 7 * 14 * 14)


def test_grey_pictures_are_judged_alike_alone_and_in_company(extractor: Extractor) -> None:
    images = quarters(3).__getitems__([0, 1, 2])["image"]
    together, alone = extractor.judge(images), extractor.judge(images[1:2])
    torch.testing.assert_close(together.features[1:2], alone.features, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(together.spatial[1:2], alone.spatial, rtol=1e-4, atol=1e-3)  # type: ignore[index]  # it gives them


def test_identity_says_what_it_is(extractor: Extractor) -> None:
    identity = extractor.identity
    assert identity["name"] == "efficientnet_lite0"
    assert str(identity["weights"]).endswith(f"-{str(identity['sha256'])[:8]}.pth")  # its name
    assert identity["resized_to"] == [224, 224]
    assert extractor.label is None


def test_pictures_of_two_channels_are_told(extractor: Extractor) -> None:
    with pytest.raises(EvaluationError, match=r"LZN807.*one or three channels; these have 2"):
        extractor.judge(torch.zeros(1, 2, 8, 8, dtype=torch.uint8))


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_name: str) -> None:
        raise ModuleNotFoundError

    monkeypatch.setattr(efficientnet, "import_module", absent)
    with pytest.raises(EvaluationError, match=r"LZN805.*`efficientnet-lite-pytorch`"):
        efficientnet.load(EfficientNetSettings(), LESSONS)
