import subprocess
import sys
from pathlib import Path

import pytest
import torch

from helpers.judging import quarters
from lzn_dsl.registry.builtin.datasets import DigitsSettings
from lzn_dsl.registry.builtin.extractors import ClassifierSettings
from lzn_runtime.data.digits import open_digits
from lzn_runtime.evaluation.classifier import Classifier, default_steps, fit, prepare
from lzn_runtime.evaluation.errors import EvaluationError
from lzn_runtime.evaluation.extractor import Extractor, Lessons, held_out_accuracy
from lzn_runtime.evaluation.labels import LabelColumn

QUICK = ClassifierSettings(steps=15, batch=32, widths=[8, 8], features=6)
SEEN = quarters(100)


def lessons(dataset: object = SEEN, *, seed: int = 0, classes: int = 10) -> Lessons:
    labels = dataset.labels("label")  # type: ignore[attr-defined]  # an InMemoryDataset
    column = LabelColumn("label", labels, classes, ())
    return Lessons("seen", dataset, "image", column, seed, torch.device("cpu"))  # type: ignore[arg-type]  # as above


def hash_of(classifier: Classifier) -> object:
    return classifier.identity["sha256"]


def test_same_seed_same_weights_and_another_seed_others() -> None:
    first = hash_of(fit(QUICK, lessons()))
    torch.manual_seed(123)
    assert hash_of(fit(QUICK, lessons())) == first
    assert hash_of(fit(QUICK, lessons(seed=1))) != first


def test_training_leaves_the_global_random_state_alone() -> None:
    before = torch.get_rng_state()
    fit(QUICK, lessons())
    assert torch.equal(torch.get_rng_state(), before)


def test_a_picture_is_judged_alike_alone_and_in_company() -> None:
    classifier = fit(QUICK, lessons())
    images = SEEN.__getitems__(list(range(100)))["image"]
    together, alone = classifier.judge(images), classifier.judge(images[7:8])
    torch.testing.assert_close(together.features[7:8], alone.features)
    assert together.log_probs is not None
    assert together.spatial is not None
    torch.testing.assert_close(together.log_probs[7:8], alone.log_probs)
    torch.testing.assert_close(together.spatial[7:8], alone.spatial)
    assert together.features.shape == (100, 6)
    assert together.spatial.shape == (100, 8 * 8 * 8)  # eight channels of the first convolution
    torch.testing.assert_close(together.log_probs.exp().sum(1), torch.ones(100))
    assert isinstance(classifier, Extractor)


def test_identity_says_what_it_is() -> None:
    identity = fit(QUICK, lessons()).identity
    assert identity["settings"] == {
        "steps": 15,
        "batch": 32,
        "widths": [8, 8],
        "features": 6,
        "lr": 3e-3,
        "size": 32,
    }
    assert identity["trained_on"] == "seen"
    assert identity["train_samples"] == 100
    assert identity["resized_to"] == [8, 8]


@pytest.mark.parametrize(("samples", "steps"), [(100, 200), (1437, 224), (60_000, 800)])
def test_default_steps_follow_the_data(samples: int, steps: int) -> None:
    assert default_steps(samples, 128) == steps


def test_large_pictures_are_shrunk_and_small_ones_are_not() -> None:
    assert prepare(torch.zeros(1, 3, 100, 50).byte(), size=32).shape == (1, 3, 32, 16)
    white = prepare(torch.full((1, 1, 8, 8), 255).byte(), size=32)
    assert white.shape == (1, 1, 8, 8)
    assert bool((white == 1).all())


def test_accuracy_on_the_training_data_is_not_called_held_out() -> None:
    classifier = fit(QUICK, lessons())
    own = held_out_accuracy(classifier, "seen", SEEN, seen="seen")
    assert (own["held_out"], own["count"]) == (False, 100)


def test_one_class_or_sample_is_too_few() -> None:
    with pytest.raises(EvaluationError, match=r"LZN802.*has 1 classes and 20 samples"):
        fit(QUICK, lessons(quarters(20, classes=1), classes=1))
    with pytest.raises(EvaluationError, match=r"LZN802.*1 samples"):
        fit(QUICK, lessons(quarters(1)))


def test_defaults_know_the_digits() -> None:
    seen, unseen = (open_digits(DigitsSettings(split=s), Path()) for s in ("train", "test"))
    classifier = fit(ClassifierSettings(), lessons(seen))
    own = held_out_accuracy(classifier, "unseen", unseen, seen="seen")
    assert float(str(own["value"])) >= 0.97


def test_declaring_extractors_and_metrics_does_not_import_torch() -> None:
    code = (
        "import sys, lzn_dsl.registry.builtin.metrics, lzn_dsl.registry.builtin.extractors;"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
