"""What is shown of a word."""

import pytest

from helpers.editing import opened, shown
from lzn_dsl.editor.hover import hover
from lzn_dsl.spec import load

TEXT = """\
let wide = 64
param steps: integer = 100
data seen = digits(split: train)
# Twice as much.
verb double one: image -> one = encode one |> decode one
task draw = generate image from label
task both = double image
learn align image with label
train { steps: steps, optimizer: adam(lr: 1e-3) }
task gist = embed image using simclr(temperature: 0.2)
train image.decoder { until: 0.5 }
"""


@pytest.mark.parametrize(
    ("before", "parts"),
    [
        ("ada", ["**adam**: optimizer", "`lr` (a number above 0, at most 10; default `0.001`)"]),
        ("{ st", ["**steps**: setting", "from 1 to 10_000_000; default `1_000`"]),
        ("steps: st", ["**steps**: parameter", "param steps: integer = 100"]),
        ("let w", ["**wide**: constant", "let wide = 64"]),
        ("gen", ["**generate target from source**", "encode source |> decode target"]),
        ("task both = dou", ["**double one**", "Twice as much."]),
        ("encode on", ["**one**: name of this verb"]),
        ("one = enc", ["**encode x**: primitive", "A latent drawn from its zone."]),
        ("from la", ["**label**: modality", "label 10 classes"]),
        ("data se", ["**seen**: dataset", "1,437 samples, image 8 x 8 x 1, label 10 classes"]),
        ("spl", ["Which part", "`train` or `test`"]),
        ("learn al", ["**align M with N**: objective"]),
        ("tas", ["**task**", "task draw = generate image from label"]),
        ("digi", ["**digits**: dataset", "`holdout`"]),
        ("integ", ["A whole number."]),
        ("usi", ["**using**", "By what method a task is trained"]),
        ("simcl", ["**simclr**: method", "`temperature`"]),
        ("unti", ["**until**: setting", "Share of the steps"]),
    ],
)
def test_help_is_shown(before: str, parts: list[str]) -> None:
    place = TEXT.index(before) + len(before)
    text = shown(f"{TEXT[:place]}^{TEXT[place:]}")
    assert [part for part in parts if part not in text] == [], text


def test_what_was_inferred_is_shown_once_the_program_was_checked() -> None:
    files, document, _ = opened(TEXT)
    files.learn(document, load(TEXT).program)
    for before, part in [
        ("task dr", "`label -> image`"),
        ("from la", "classes: 0, 1, 2"),
        ("image.dec", "**image.decoder**: module\n\n`flow("),
    ]:
        found = hover(document, TEXT.index(before) + len(before), files.resolve)
        assert found is not None
        assert part in found.text


def test_a_code_is_explained_where_it_is_written() -> None:
    text = shown("let a = 1  # lzn: ignore[LZN2^01]")
    assert text.startswith("**LZN201**: ")
    assert "Wrong:" in text


def test_mistakes_around_a_word_do_not_hide_its_help() -> None:
    assert "Training steps" in shown("train { batch: 3 4, ste^ps: }")


def test_nothing_is_shown_of_a_comment_a_number_or_a_blank() -> None:
    for text in ("# tr^ain", "let a = 1^2", "let a = 1 ^  ", 'import "a^.lzn"'):
        assert shown(text) == ""
