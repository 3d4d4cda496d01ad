"""What is said of single modules, in the plan: complete, with origins."""

import pytest

from lzn_dsl.diagnostics.diagnostic import SpecError
from lzn_dsl.planning.compare import differences
from lzn_dsl.spec import load
from lzn_runtime.training.plan_hash import plan_differences, plan_hash

BASE = "task draw = generate image from label\n"
TRAIN = "train { steps: 1_000, optimizer: adam(lr: 5e-5), schedule: constant(warmup: 100) }\n"
OWN = "train image.decoder { lr: 2e-3, until: 0.3 }\ntrain label.encoder { schedule: cosine }\n"
TEXT = BASE + TRAIN + OWN


def test_what_a_block_leaves_open_is_that_of_all() -> None:
    plan = load(TEXT).plan()
    train = plan.train
    assert list(train.modules) == ["image.decoder", "label.encoder"]
    decoder, anchors = train.modules.values()
    assert (decoder.lr, decoder.schedule, decoder.until) == (2e-3, train.schedule, 0.3)
    assert (anchors.lr, anchors.schedule.name, anchors.until) == (5e-5, "cosine", 1.0)
    assert plan.origins["train.image.decoder.lr"] == "<text>:3:27"
    assert plan.origins["train.image.decoder.schedule"] == "default: that of `train`"
    assert plan.origins["train.label.encoder.until"] == "default"


def test_a_module_is_frozen_after_its_share_of_the_steps() -> None:
    train = load(TEXT).plan().train
    assert train.frozen(299) == frozenset()
    assert train.frozen(300) == frozenset({"image.decoder"})
    assert train.modules["image.decoder"].last_step(200_000) == 60_000
    assert train.modules["image.decoder"].last_step(1) == 1


def test_the_command_line_may_speak_of_a_module_that_the_program_does_not() -> None:
    plan = load(BASE + TRAIN, settings={"train.image.encoder.lr": 1e-6}).plan()
    assert plan.train.modules["image.encoder"].lr == 1e-6
    with pytest.raises(SpecError, match="LZN210"):
        load(BASE, settings={"train.label.decoder.lr": 1e-6}).plan()


def test_modules_are_shown_and_written_out() -> None:
    spec = load(TEXT)
    shown = spec.plan()
    assert load(spec.to_text()).plan().train == shown.train
    paths = {setting.path: setting.value for setting in spec.settings()}
    assert paths["train.image.decoder.lr"] == 2e-3
    assert paths["train.label.encoder.schedule"] == "cosine"


def test_modules_decide_a_training() -> None:
    one, other = load(TEXT).plan(), load(BASE + TRAIN + OWN.replace("0.3", "0.4")).plan()
    assert plan_hash(one) != plan_hash(other)
    assert plan_differences(one, other) == ["train.modules.image.decoder.until: 0.3, now 0.4"]
    (found,) = differences(one, other)
    assert (found.path, found.before, found.after) == ("train.image.decoder.until", "0.3", "0.4")
    added = differences(load(BASE + TRAIN).plan(), one)
    assert [d.path for d in added] == ["train.image.decoder", "train.label.encoder"]
