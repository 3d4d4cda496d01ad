"""Unknown settings are sent to where they belong."""

import pytest

from lzn_dsl.semantics.homes import advice
from lzn_dsl.semantics.settings import TaskSettings, TrainSettings


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("lr", "`lr` is a setting of an optimizer: `optimizer: adam(lr: 5)`"),
        ("learning_rate", "`lr` is a setting of an optimizer: `optimizer: adam(lr: 5)`"),
        ("dim", "`dim` is a setting of the space: `space gaussian(dim: 5)`"),
        ("alpha", "`alpha` is a setting of a task: `task NAME = PHRASE { alpha: 5 }`"),
        ("batch_size", "did you mean `batch`?"),
        ("iterations", "did you mean `steps`?"),
        ("epochs", "training is counted in batches, not in epochs: `steps: 4_000`"),
        ("device", "say it when you run: `lzn run FILE --device cuda`"),
        ("qqq", ""),
    ],
)
def test_a_setting_that_train_does_not_take(name: str, hint: str) -> None:
    assert advice(name, "5", TrainSettings.model_fields) == hint


def test_a_setting_of_train_in_a_task() -> None:
    hint = "`steps` is a setting of `train`: `train { steps: 5 }`"
    assert advice("steps", "5", TaskSettings.model_fields) == hint
    assert advice("epochs", "5", TaskSettings.model_fields) == hint
