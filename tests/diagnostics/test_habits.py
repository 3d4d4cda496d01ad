"""Words of other tools lead to words that exist here."""

import pytest

from lzn_dsl.diagnostics.habits import HABITS, Group, here, meant
from lzn_dsl.diagnostics.suggest import Suggestion, closest
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.semantics.settings import GaussianSettings, TrainSettings
from lzn_dsl.semantics.verbs import prelude
from lzn_dsl.syntax.tokens import STATEMENTS

_KNOWN: dict[Group, set[str]] = {
    "statement": {kind.lower() for kind in STATEMENTS},
    "verb": {verb.name.text for verb in prelude()},
    "metric": {entry.name for entry in builtin_entries() if entry.kind == Kind.METRIC},
    "setting": {*TrainSettings.model_fields, *GaussianSettings.model_fields, "lr"},
    "split": {"train", "test"},
    "value": {"none", "true", "false"},
}


@pytest.mark.parametrize("group", _KNOWN)
def test_each_word_leads_to_one_that_is_known_and_not_to_itself(group: Group) -> None:
    words = HABITS[group]
    assert set(words.values()) <= _KNOWN[group]
    assert not set(words) & _KNOWN[group]


def test_a_word_of_another_tool_comes_before_the_nearest_word() -> None:
    assert here("verb", "Predict") == "classify"
    known = ["classify", "center"]
    assert meant("verb", "predict", known) == Suggestion("predict", "classify")
    assert meant("verb", "create", known) == Suggestion("create", "center")
    assert not meant("metric", "fid", ["accuracy"])


def test_a_word_of_the_same_letters_is_the_nearest() -> None:
    assert closest("FashionMNIST", ["mnist", "fashion_mnist"]) == "fashion_mnist"
