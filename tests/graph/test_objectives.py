"""What a program needs to learn is inferred from its tasks, with the reasons."""

import pytest

from helpers.programs import errors, program
from lzn_dsl.graph.passes.objectives import Objectives


def _objectives(text: str) -> Objectives:
    return program(text).graph.objectives


def _reasons(text: str) -> dict[str, tuple[str, ...]]:
    return {name: o.reasons for name, o in _objectives(text).by_name.items()}


def test_generating_from_a_label_trains_the_decoder_and_aligns_both() -> None:
    assert _reasons("task draw = generate image from label") == {
        "decode image": ("`draw` decodes `image`",),
        "align image with label": (
            "`draw` goes from `label` to `image`",
            "the decoder of `image` is told `label`",
        ),
    }


def test_classifying_aligns_and_decodes_nothing() -> None:
    assert _reasons("task name = classify image as label") == {
        "align image with label": ("`name` goes from `image` to `label`",)
    }


@pytest.mark.parametrize("phrase", ["reconstruct image", "generate image"])
def test_a_decoder_alone_is_told_nothing(phrase: str) -> None:
    found = _objectives(f"task own = {phrase}")
    assert {n: o.reasons for n, o in found.by_name.items()} == {
        "decode image": ("`own` decodes `image`",)
    }
    assert found.conditions == {}


def test_a_decoder_is_told_the_label_as_soon_as_any_task_aligns_it() -> None:
    found = _objectives("task own = generate image\ntask name = classify image as label")
    assert found.conditions == {"image": "label"}
    assert found.by_name["align image with label"].reasons == (
        "`name` goes from `image` to `label`",
        "the decoder of `image` is told `label`",
    )


def test_a_decoder_is_told_nothing_where_the_program_says_so() -> None:
    text = "modality image = image(decoder: flow(classes: none))\ngenerate image from label"
    assert _objectives(text).conditions == {}


def test_a_stated_condition_is_aligned_although_no_task_asks_for_it() -> None:
    text = "modality image = image(decoder: flow(classes: label))\ntask own = generate image"
    assert _reasons(text) == {
        "decode image": ("`own` decodes `image`",),
        "align image with label": ("the decoder of `image` is told `label`",),
    }


def test_reasons_of_several_tasks_are_gathered_once_each() -> None:
    text = "task one = generate image\ntask two = reconstruct image\nlearn decode image"
    assert _reasons(text) == {
        "decode image": ("`one` decodes `image`", "`two` decodes `image`", "stated")
    }


def test_a_stated_objective_keeps_its_settings_and_its_own_order_does_not_matter() -> None:
    text = "classify image as label\nlearn align label with image { weight: 2, alpha: 0.5 }"
    (objective,) = _objectives(text).by_name.values()
    assert (objective.name, objective.modality) == ("align image with label", "image")
    assert (objective.settings["weight"], objective.settings["alpha"]) == (2, 0.5)
    assert objective.trains == ("image.encoder", "label.encoder")


def test_an_encoder_that_nothing_else_trains_aligns_two_views() -> None:
    found = _objectives("embed image").by_name
    assert {n: (o.reasons, o.trains) for n, o in found.items()} == {
        "align image with image": (
            ("nothing else trains the encoder that `embed` uses",),
            ("image.encoder",),
        )
    }
    assert found["align image with image"].settings["alpha"] == 0.45
    for other in ("learn align image with label", "reconstruct image", "classify image as label"):
        assert "align image with image" not in _objectives(f"embed image\n{other}").by_name


def test_two_views_can_be_aligned_beside_what_else_trains_an_encoder() -> None:
    text = "classify image as label\nlearn align image with image { weight: 0.5 }"
    found = _objectives(text).by_name
    assert list(found) == ["align image with label", "align image with image"]
    assert (
        found["align image with image"].settings["weight"],
        found["align image with image"].settings["alpha"],
    ) == (0.5, 0.45)


def test_two_views_without_weight_train_nothing() -> None:
    assert errors("embed image\nlearn align image with image { weight: 0 }") == ["LZN402"]


def test_a_weight_of_zero_takes_an_objective_away() -> None:
    text = "task name = classify image as label\ntask own = generate image\nlearn decode image"
    assert "decode image" in _objectives(text).by_name
    spec = program(f"{text} {{ weight: 0 }}")
    (finding,) = spec.check()
    assert finding.code == "LZN402"
    assert finding.summary == "nothing trains `image.decoder`, which `own` uses"
    assert finding.hint == "give `learn decode image` a weight above 0"


def test_a_weight_of_zero_is_fine_where_no_task_uses_what_it_trained() -> None:
    text = "classify image as label\nlearn decode image { weight: 0 }"
    assert list(_objectives(text).by_name) == ["align image with label"]


def test_an_untrained_encoder_is_reported_with_what_would_train_it() -> None:
    (finding,) = program("embed label").check()
    assert finding.code == "LZN402"
    assert finding.summary == "nothing trains `label.encoder`, which `embed` uses"
    assert "`learn align image with label`" in finding.hint


def test_a_lone_column_has_nothing_to_be_aligned_with() -> None:
    (finding,) = program("data d = toy(columns: [label])\nembed label").check()
    assert finding.code == "LZN402"
    assert "`learn align" not in finding.hint
    assert errors("data d = toy(columns: [image])\nembed image") == []


@pytest.mark.parametrize(
    "phrase", ["generate image from mood", "classify image as mood", "translate sketch to image"]
)
def test_modalities_that_no_data_pairs_cannot_be_aligned(phrase: str) -> None:
    text = (
        "data d = toy(columns: [image, label])\ndata e = toy(columns: [sketch, mood])\n"
        f"task far = {phrase}\n"
    )
    finding = next(d for d in program(text).check() if d.code == "LZN401")
    assert finding.span is not None
    assert finding.span.text == "far"
    assert finding.notes == ("`d`, on which the program trains, holds: `image`, `label`",)


def test_the_dataset_to_train_on_decides_what_is_paired() -> None:
    text = (
        "data d = toy(columns: [image, label])\ndata e = toy(columns: [image, sketch, mood])\n"
        "task far = generate image from mood\n"
    )
    assert "LZN401" in errors(text)
    assert errors(f"{text}train {{ on: e }}\n") == []


@pytest.mark.parametrize(
    ("learn", "summary"),
    [
        ("decode label", "`decode label` has nothing to learn"),
        ("forget image", "`learn forget image` is not an objective"),
        ("align image", "`learn align image` is not an objective"),
        ("align label with label", "`align label with label` has nothing to learn"),
        ("contrast image", "`learn contrast image` is not an objective"),
        ("classify image as label", "`learn classify image as label` is not an objective"),
        ("decode image with label", "`learn decode image with label` is not an objective"),
    ],
)
def test_what_cannot_be_learned_is_refused(learn: str, summary: str) -> None:
    (finding,) = program(f"classify image as label\nlearn {learn}").check()
    assert finding.code == "LZN403"
    assert finding.summary.startswith(summary)


def test_a_decoder_left_out_has_nothing_to_learn() -> None:
    text = "modality image = image(decoder: none)\nclassify image as label\nlearn decode image"
    (finding,) = program(text).check()
    assert (finding.code, "has no decoder" in finding.summary) == ("LZN403", True)


def test_a_condition_must_be_discrete() -> None:
    text = "modality image = image(decoder: flow(classes: image))\ngenerate image from label"
    assert errors(text) == ["LZN302"]


def test_two_labels_are_both_aligned_and_the_first_is_told() -> None:
    text = (
        "data d = toy(columns: [image, label, mood])\n"
        "task draw = generate image from mood\ntask name = classify image as label\n"
    )
    found = _objectives(text)
    assert list(found.by_name) == [
        "decode image",
        "align image with mood",
        "align image with label",
    ]
    assert found.conditions == {"image": "mood"}
