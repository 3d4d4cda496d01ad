"""What is offered at a place, also in texts with mistakes."""

from pathlib import Path

import pytest

from helpers.editing import offered, opened, project, registry
from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.editor.checking import check
from lzn_dsl.editor.completion import complete
from lzn_dsl.editor.mentions import Role
from lzn_dsl.registry.entry import Kind
from lzn_dsl.semantics.settings import TrainSettings
from lzn_dsl.spec import load

SPECS = sorted((Path(__file__).parent.parent.parent / "specs").rglob("*.lzn"))
BASE = """\
let wide = 64
data seen = digits(split: train)
data unseen = digits(split: test)
task draw = generate image from label
task name = classify image as label
"""


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("data more = digits(split: ^", ["train", "test"]),
        ("data more = digits(split: tr^", ["train", "test"]),
        ("evaluate ^", ["draw", "name"]),
        ("evaluate draw ^", ["on"]),
        ("evaluate draw on ^", ["seen", "unseen"]),
        ("evaluate draw on unseen ^", ["with"]),
        ("train { on: ^", ["seen", "unseen", "none"]),
        ("train { optimizer: ^ }", ["adam", "adamw", "sgd"]),
        ("train { optimizer: adam(^", ["lr", "betas", "weight_decay"]),
        ("train { optimizer: adam(lr: 1, ^", ["betas", "weight_decay"]),
        ("train { augment: [shift, ^", ["flip", "shift"]),
        ("task other = generate ^", ["image", "label"]),
        ("task other = generate image ^", ["from"]),
        ("task other = generate image from ^", ["image", "label"]),
        ("task other = generate image from label ^", ["and"]),
        ("task gist = embed image ^", ["using"]),
        ("embed image us^", ["using"]),
        ("task gist = embed image using ^", ["simclr", "moco", "cross_entropy"]),
        ("embed image using ^", ["simclr", "moco"]),
        ("task gist = embed image using simclr(^", ["temperature", "weight"]),
        ("let method = moco\ntask gist = embed image using ^", ["method", "moco"]),
        ("let net = ncsnpp(^", ["width", "time", "latent_units"]),
        ("modality image = image(encoder: ncsnpp(^", ["width", "latent_units"]),
        ("task gist = embed image using simclr { ^", ["alpha", "sampler"]),
        ("train ^", ["image.encoder", "image.decoder", "label.encoder"]),
        ("train image.^", ["encoder", "decoder"]),
        ("train image.dec^", ["encoder", "decoder"]),
        ("train image.decoder { ^", ["lr", "schedule", "until"]),
        ("train image.decoder { schedule: ^", ["constant", "cosine"]),
        ("learn ^", ["align", "decode"]),
        ("learn align image ^", ["with"]),
        ("learn align image with label { al^", ["weight", "alpha", "cutoff", "until", "log"]),
        ("modality ^", ["image", "label"]),
        ("modality image = image(encoder: conv(residual: ^", ["true", "false"]),
        ("verb v one: ^", ["encodable", "discrete", "image", "label"]),
        ("verb v one: encodable -> ^", ["one", "latent", "image"]),
        ("verb v one: encodable -> one = encode ^", ["one"]),
        ("verb v one: encodable -> one = encode one |> ^", ["one", "decode", "prior", "classify"]),
        (
            "verb v one: image -> one {\n    let z = encode one\n    ^",
            ["one", "z", "let", "decode"],
        ),
        ("space ^", ["gaussian"]),
        ("param steps: ^", ["integer", "number", "text", "boolean", "word"]),
        ('import "base.lzn" ^', ["as"]),
        ("tr^", ["train", "generate"]),
        ("let width = wi^", ["wide", "conv"]),
    ],
)
def test_what_fits_is_offered(line: str, labels: list[str]) -> None:
    found = offered(BASE + line)
    assert [label for label in labels if label in found] == labels, found
    if line.startswith(("evaluate", "data", "learn", "space", "train { o")):
        assert set(found) <= {*labels, "wide", "of"}, found


@pytest.mark.parametrize(
    "line",
    [
        "train { ste^",
        "train {\n    batch: 3 4\n    ste^\n}",
        "train { batch: 32, ste^\n\nevaluate draw on unseen with recognition\n",
        "tsk x = ?\ntrain {\n    ^",
        "train { batch: [32, ^\ntrain { ste^",
    ],
)
def test_settings_are_offered_among_mistakes(line: str) -> None:
    text = BASE + line
    if line.count("^") == 2:
        text = BASE + line.replace("^", "", 1)
    assert "steps" in offered(text)


def test_all_settings_of_training_are_offered_once() -> None:
    assert offered("train {\n    ^\n}") == list(TrainSettings.model_fields)
    rest = [name for name in TrainSettings.model_fields if name != "steps"]
    assert offered("train {\n    steps: 3\n    ^\n}") == rest


def test_nothing_is_offered_in_comments_texts_numbers_or_for_a_name() -> None:
    for text in ("# tr^", 'import "ba^', "train { steps: 12^", "let ^", "task ^"):
        assert offered(BASE + text) == [], text


@pytest.mark.parametrize(
    ("text", "label", "absent"),
    [
        ("task a = generate image\n^\n\ntask b = embed image\n", "train", "from"),
        ("task a = generate image\n\n  ^\n", "train", "from"),
        ("evaluate draw on unseen with accuracy,\n  ^\n", "frechet", "train"),
        ("task a = generate image |>\n  ^\n", "classify", "train"),
    ],
)
def test_a_new_line_begins_a_statement_unless_one_goes_on(
    text: str, label: str, absent: str
) -> None:
    assert label in offered(text)
    assert absent not in offered(text)


def test_a_constant_is_not_offered_before_its_statement() -> None:
    assert "late" not in offered("let early = ^\nlet late = 1\n")


@pytest.mark.parametrize(
    ("task", "metric", "other"),
    [("draw", "recognition", "accuracy"), ("name", "accuracy", "frechet")],
)
def test_metrics_are_those_that_can_judge_the_task(task: str, metric: str, other: str) -> None:
    files, document, _ = opened(BASE)
    files.learn(document, load(BASE).program)
    document = files.change(document.uri, f"{BASE}evaluate {task} on unseen with ")
    labels = [i.label for i in complete(document, len(document.text), files.resolve)[1]]
    assert metric in labels
    assert other not in labels
    assert set(offered(f"{BASE}evaluate {task} on unseen with ^")) == set(
        registry().names(Kind.METRIC)
    )


def test_operands_are_those_that_can_do_what_the_verb_asks() -> None:
    files, document, _ = opened(BASE)
    files.learn(document, load(BASE).program)
    document = files.change(document.uri, f"{BASE}task x = classify image as ")
    labels = [i.label for i in complete(document, len(document.text), files.resolve)[1]]
    assert labels == ["label"]


def test_the_word_that_is_being_written_is_replaced() -> None:
    files, document, offset = opened("train { ste^ }")
    start, items = complete(document, offset, files.resolve)
    assert document.text[start:offset] == "ste"
    steps = next(item for item in items if item.label == "steps")
    assert steps.text == "steps: "
    assert "Training steps" in steps.help


def test_names_of_other_files_are_offered_after_a_point(tmp_path: Path) -> None:
    base = """\
let wide = 1
param steps: integer = 3
data seen = digits
task draw = generate image from label
"""
    main = 'import "base.lzn" as base\n'
    files = project(tmp_path, base=base, main=main)
    uri = next(uri for uri in files.documents if uri.endswith("main.lzn"))
    for line, labels in (
        ("train { steps: base.", ["wide", "steps", "seen"]),
        ("train { steps: base.wi", ["wide", "steps", "seen"]),
        ("evaluate base.", ["draw"]),
        ("evaluate base.draw on base.", ["seen"]),
        ("task a = base.", ["draw"]),
    ):
        document = files.change(uri, main + line)
        start, items = complete(document, len(document.text), files.resolve)
        assert [item.label for item in items] == labels
        assert document.text[start - 1] == "."


def test_parameters_of_an_imported_file_are_offered(tmp_path: Path) -> None:
    base = "let wide = 1\nparam steps: integer = 3\nparam rate: number = 1\n"
    files = project(tmp_path, base=base, main="")
    uri = next(uri for uri in files.documents if uri.endswith("main.lzn"))
    document = files.change(uri, 'import "base.lzn" as base { rate: 2, ')
    _, items = complete(document, len(document.text), files.resolve)
    assert [(item.label, item.text) for item in items] == [("steps", "steps: ")]


def test_programs_of_the_folder_are_offered_as_the_path_of_an_import(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "deep.lzn").write_text("")
    files = project(tmp_path, base="", main="")
    uri = next(uri for uri in files.documents if uri.endswith("main.lzn"))
    for text in ('import "', 'import "ba', 'import "base.lzn"'):
        document = files.change(uri, text)
        start, items = complete(document, min(len(text), 10), files.resolve)
        assert (start, [item.label for item in items]) == (8, ["base.lzn", "inner/deep.lzn"])
    document = files.change(uri, 'import "base.lzn" as b { a: "')
    assert complete(document, len(document.text), files.resolve)[1] == []


RIGHT = [code.right for code in CODES.values() if code.right]
RIGHT += [path.read_text("utf-8") for path in SPECS]


@pytest.mark.parametrize("text", RIGHT)
def test_each_word_of_a_right_program_is_offered_where_it_stands(text: str) -> None:
    files, document, _ = opened(text)
    program = check(document, {}).program
    files.learn(document, program)
    for mention in document.mentions:
        gives_name = mention.defines and mention.role is not Role.MODALITY
        if gives_name or mention.space:  # what other files name is not here
            continue
        _, items = complete(document, mention.start + 1, files.resolve)
        assert mention.text in [item.label for item in items], mention
