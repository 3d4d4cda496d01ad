"""A program written out is the same program, and says where each value came from."""

from pathlib import Path

import pytest
from PIL import Image

from helpers.golden import GOLDEN, assert_golden
from helpers.programs import program
from lzn_dsl.spec import load

ROOT = Path(__file__).parent.parent.parent
JOINT = """
let strength = 0.25
data d = toy(columns: [image, label, mood])
modality image = image(decoder: flow(unet(width: 8), classes: label))
task draw = generate image from label
task name = classify image as label { alpha: 0.5 }
task check = name (draw label)
task mixed = blend(encode image, encode mood, strength) |> decode image
verb soft photo: image with s: number = 0.5 -> image {
    let latent = encode photo
    blend(latent, prior, s) |> decode image
}
task soft = soft image
task softer = soft image with strength
learn align image with mood { weight: 0.1 }
learn decode image { weight: 0.5 }
train { augment: [shift(2), flip], optimizer: adamw, batch: 1_000 }
evaluate name on d with accuracy(top_k: 2)
evaluate draw on d with recognition, frechet(samples: 64)
"""


@pytest.mark.parametrize("path", sorted(ROOT.glob("specs/**/*.lzn")), ids=lambda path: path.name)
@pytest.mark.parametrize("notes", [False, True])
def test_a_shipped_spec_written_out_is_the_same_program(path: Path, notes: bool) -> None:
    spec = load(path)
    written = load(spec.to_text(notes=notes))
    assert written.same_as(spec)
    assert notes or written.to_text() == spec.to_text()


@pytest.mark.parametrize(
    "text",
    [
        "generate image from label",
        "generate image\nembed image\nembed label\nclassify image as label",
        'data d = toy(columns: ["image", label])\ngenerate image from label',
        "task t = sample 3 of (generate image from label)",
        JOINT,
    ],
)
def test_a_program_written_out_is_the_same_program(text: str) -> None:
    spec = program(text)
    for notes in (False, True):
        assert program(spec.to_text(notes=notes)).same_as(spec)


def test_what_was_set_outside_is_written_out() -> None:
    settings = {"train.steps": 7, "learn.decode image.weight": 0.25, "task.generate.alpha": 0}
    spec = program("generate image from label", settings)
    assert program(spec.to_text()).same_as(spec)
    assert not program("generate image from label").same_as(spec)
    assert "    steps: 7  # --set\n" in spec.to_text(notes=True)


def test_an_objective_that_was_switched_off_stays_off() -> None:
    text = "modality image = image(decoder: flow(classes: none))\ngenerate image"
    for spec in (
        program(f"{text}\nlearn align image with label {{ weight: 0 }}"),
        program(text, {"learn.align image with label.weight": 0}),
    ):
        assert "learn align image with label { weight: 0.0," in spec.to_text()
        assert program(spec.to_text()).same_as(spec)


def test_tasks_and_objectives_written_out() -> None:
    text = program(JOINT).to_text(notes=True)
    shown = text[text.index("let ") : text.index("train {")]
    assert_golden(GOLDEN / "planning" / "written_out.txt", shown)


def test_names_of_classes_are_the_data_s_to_say(tmp_path: Path) -> None:
    path = tmp_path / "folder.lzn"
    path.write_text(
        'data d = image_folder(root: "pictures", size: 8)\n'
        "generate image from label\n"
        "train { batch: 2 }\n",
        encoding="utf-8",
    )

    def check(*names: str) -> str:
        for name in names:
            (tmp_path / "pictures" / name).mkdir(parents=True)
            Image.new("L", (8, 8)).save(tmp_path / "pictures" / name / "1.png")
        spec = load(path)
        for notes in (False, True):
            written = tmp_path / "written.lzn"
            written.write_text(spec.to_text(notes=notes), encoding="utf-8")
            assert load(written).same_as(spec)
        assert "names" not in spec.to_text()
        return spec.to_text(notes=True)

    assert '    names: ["back\\\\slash", "none", "say \\"hi\\""],  # data\n' in check(
        'say "hi"', "back\\slash", "none"
    )
    assert "    # names: 23 values  # data\n" in check(*map(str, range(20)))


def test_names_of_imported_files_lose_their_point(tmp_path: Path) -> None:
    (tmp_path / "base.lzn").write_text(
        "param width: integer = 16 in 8..64\n"
        "let share = 0.5\n"
        "data seen = digits(split: train)\n"
        "verb mix a: image with b: image -> image"
        " = blend(encode a, encode b, share) |> decode image\n"
        "task draw = generate image from label\n",
        encoding="utf-8",
    )
    top = tmp_path / "top.lzn"
    top.write_text(
        'import "base.lzn" as base { width: 24 }\n'
        "let base_share = 0.1\n"
        "modality image = image(decoder: flow(unet(width: base.width)))\n"
        "task both = base.mix image with image\n"
        "task less = blend(encode image, prior, base_share) |> decode image\n"
        "train { on: base.seen }\n",
        encoding="utf-8",
    )
    spec = load(top)
    text = spec.to_text(notes=True)
    assert "# param base.width = 24  # " in text
    assert "task base_draw = " in text
    assert "    on: base_seen  # " in text
    assert "let base_share_ = 0.5\n" in text
    written = load(spec.to_text())
    assert written.to_text() == spec.to_text()
    assert [t.steps for t in written.plan().tasks] == [t.steps for t in spec.plan().tasks]


def test_every_setting_is_listed_with_its_origin() -> None:
    spec = program(JOINT, {"train.steps": 7})
    listed = {setting.path: setting for setting in spec.settings()}
    assert (listed["train.steps"].value, listed["train.steps"].origin) == (7, "--set")
    assert listed["train.ema"].origin == "default"
    assert listed["modality.image.height"].origin == "data"
    assert listed["modality.image.decoder.network.width"].origin == "<text>:4:50"
    assert listed["task.name.alpha"].value == 0.5
    assert listed["data.d"].value == "toy"
    assert listed["evaluate.name.d.accuracy.top_k"].value == 2
    assert listed["learn.decode image.weight"].value == 0.5
