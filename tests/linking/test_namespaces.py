"""What an imported file declares lives under the name of its import."""

from pathlib import Path

import pytest

from helpers.projects import DIGITS, codes, linked, write
from lzn_dsl.linking.linked import by_file
from lzn_dsl.linking.names import Named
from lzn_dsl.planning.plan import Plan
from lzn_dsl.spec import Spec, load
from lzn_dsl.syntax import tree


def program(folder: Path, top: str, **others: str) -> Spec:
    """Write a program and files beside it; load it."""
    files = {"top.lzn": top, "base.lzn": DIGITS} | {f"{n}.lzn": text for n, text in others.items()}
    return load(write(folder, files))


def plan(folder: Path, top: str, **others: str) -> Plan:
    return program(folder, top, **others).plan()


def test_tasks_data_and_constants_are_qualified(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        'import "base.lzn"\nlet steps = base.width\n'
        "train { steps: steps }\nevaluate base.draw on base.unseen with frechet\n",
    )
    assert [t.name for t in made.tasks] == ["base.draw", "base.name"]
    assert [d.name for d in made.datasets] == ["base.seen", "base.unseen"]
    assert made.train.on == "base.seen"
    assert made.train.steps == 16
    assert [(e.task, e.data, e.metric.name) for e in made.evaluations] == [
        ("base.name", "base.unseen", "accuracy"),
        ("base.draw", "base.unseen", "frechet"),
    ]
    encoder = made.modality("image").component.settings["encoder"]
    assert isinstance(encoder, dict)
    assert encoder["settings"] == {**encoder["settings"], "widths": [16, 16]}  # type: ignore[dict-item]


def test_columns_and_components_keep_their_names(tmp_path: Path) -> None:
    made = plan(tmp_path, 'import "base.lzn" as b\ntask mine = generate image from label\n')
    assert [m.name for m in made.modalities] == ["image", "label"]
    assert [d.component.name for d in made.datasets] == ["digits", "digits"]
    assert made.task("mine").steps == made.task("b.draw").steps


def test_constants_of_a_method_are_those_of_its_file(tmp_path: Path) -> None:
    one = "let cool = 0.5\ntask gist = embed image using simclr(temperature: cool)\n"
    result = linked(tmp_path, {"top.lzn": 'import "one.lzn"\nlet cool = 0.1\n', "one.lzn": one})
    (task,) = (s for s in result.file.statements if isinstance(s, tree.Task))
    assert task.method is not None
    assert task.method.name.text == "simclr"
    (value,) = (argument.value for argument in task.method.arguments)
    assert isinstance(value, tree.Reference)
    assert value.name.text == "one.cool"


def test_a_column_is_meant_where_a_task_has_its_name(tmp_path: Path) -> None:
    named = "task label = classify image as label\ntask again = generate image from label\n"
    made = plan(tmp_path, 'import "other.lzn"\n', other=named)
    assert [t.name for t in made.tasks] == ["other.label", "other.again"]
    assert made.task("other.again").inputs == ("label",)


def test_a_verb_of_an_imported_file_is_used_by_its_qualified_name(tmp_path: Path) -> None:
    verbs = (
        "let half = 0.5\n"
        "verb soften photo: image into picture: decodable -> picture"
        " = center of photo |> decode picture\n"
    )
    made = plan(
        tmp_path, 'import "verbs.lzn"\ntask s = verbs.soften image into image\n', verbs=verbs
    )
    assert [s.primitive for s in made.task("s").steps] == ["input", "center", "decode"]


def test_a_verb_s_own_names_are_its_own(tmp_path: Path) -> None:
    verbs = (
        "let photo = 3\n"
        "verb soften photo: image into picture: decodable -> picture {\n"
        "    let seed = center of photo\n"
        "    seed |> decode picture\n"
        "}\n"
        "task seed = soften image into image\n"
    )
    made = plan(tmp_path, 'import "verbs.lzn"\n', verbs=verbs)
    assert [s.primitive for s in made.task("verbs.seed").steps] == ["input", "center", "decode"]


def test_a_new_form_of_a_built_in_verb_keeps_the_other_forms(tmp_path: Path) -> None:
    verbs = (
        "verb classify photo: image into picture: decodable -> picture"
        " = center of photo |> decode picture\n"
        "task mine = classify image into image\n"
        "task usual = classify image as label\n"
    )
    made = plan(
        tmp_path,
        'import "verbs.lzn"\ntask a = verbs.classify image as label\n'
        "task b = classify image as label\n",
        verbs=verbs,
    )
    assert made.task("verbs.usual").steps == made.task("a").steps == made.task("b").steps
    found = program(
        tmp_path, 'import "verbs.lzn"\ntask c = classify image into image\n', verbs=verbs
    )
    assert codes(found.check()) == ["LZN306"]


def test_a_task_without_a_name_is_named_by_its_verb(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        'import "wishes.lzn"\nevaluate wishes.classify on unseen with accuracy\ngenerate image\n',
        wishes="generate image from label\nclassify image as label\ngenerate image\n",
    )
    names = [t.name for t in made.tasks]
    assert names == ["wishes.generate", "wishes.classify", "wishes.generate_image", "generate"]


def test_a_task_is_a_stage_of_another_across_files(tmp_path: Path) -> None:
    made = plan(tmp_path, 'import "base.lzn"\ntask echo = base.name (base.draw label)\n')
    assert made.task("echo").inputs == ("label",)
    inside = "task draw = generate image from label\ntask name = classify image as label\n"
    made = plan(tmp_path, 'import "t.lzn"\n', t=f"{inside}task echo = draw label |> name\n")
    assert made.task("t.echo").inputs == ("label",)


def test_the_imports_of_an_import_are_reached_through_it(tmp_path: Path) -> None:
    middle = 'import "base.lzn"\nlet twice = base.width\ntask same = base.draw label\n'
    made = plan(
        tmp_path,
        'import "middle.lzn"\ntrain { steps: middle.base.width, batch: middle.twice }\n'
        "task mine = middle.base.draw label\n",
        middle=middle,
    )
    assert (made.train.steps, made.train.batch) == (16, 16)
    assert {"middle.base.draw", "middle.same", "mine"} <= {t.name for t in made.tasks}


def test_settings_of_the_command_line_reach_into_imported_files(tmp_path: Path) -> None:
    path = write(tmp_path, {"top.lzn": 'import "base.lzn"\n', "base.lzn": DIGITS})
    settings = {
        "let.base.width": 8,
        "data.base.seen.split": "test",
        "task.base.draw.alpha": 0.5,
        "train.steps": 7,
    }
    made = load(path, settings=settings).plan()
    assert made.dataset("base.seen").component.settings["split"] == "test"
    assert made.task("base.draw").alpha == 0.5
    assert made.train.steps == 7
    assert made.origins["train.steps"] == "--set train.steps:1:1"
    assert "[8, 8]" in str(made.modality("image").component)
    found = load(path, settings={"let.base.widht": 8}).check()
    assert codes(found) == ["LZN210"]


def test_findings_are_in_the_file_they_are_about(tmp_path: Path) -> None:
    spec = program(
        tmp_path,
        'import "wrong.lzn"\ntrain { steps: none_such }\n',
        wrong="let wide = 8\ntask t = generate image from lable\n"
        "modality image = image(encoder: conv(widths: [8], norm: wid))\nspace gaussian(dim: wid)\n",
    )
    table = by_file(spec.check())
    names = {Path(name).name: [d.code for d in found] for name, found in table.items()}
    assert names == {"top.lzn": ["LZN208"], "wrong.lzn": ["LZN201", "LZN204", "LZN208"]}
    last = table[str(tmp_path / "wrong.lzn")][-1]
    assert last.hint == "did you mean `wide`?"  # as that file would write it
    assert last.fixes[0].edits[0].text == "wide"


def test_each_definition_is_found_from_each_file(tmp_path: Path) -> None:
    spec = program(tmp_path, 'import "middle.lzn"\n', middle='import "base.lzn" as b\nlet n = 1\n')
    top, middle, base = spec.linked.units
    (found,) = top.find("middle.b.draw")
    assert (found.kind, found.name) == (Named.TASK, "middle.b.draw")
    assert found.at.span.source.name == str(tmp_path / "base.lzn")
    assert found.at.span.text == "draw"
    assert middle.find("b.draw") == base.find("draw") == (found,)
    assert top.find("draw") == top.find("middle.x") == top.find("nothing.draw") == ()
    assert spec.linked.unit_of(tmp_path / "base.lzn") is base


def test_open_texts_take_the_place_of_files(tmp_path: Path) -> None:
    path = write(tmp_path, {"top.lzn": 'import "base.lzn"\n', "base.lzn": "broken = ="})
    plain = load(path)
    assert codes(plain.check())
    texts = {tmp_path / "base.lzn": DIGITS}
    spec = Spec(plain.source, tmp_path, "digits", {}, None, texts=texts)
    assert codes(spec.check()) == []


@pytest.mark.parametrize("other", ["", "let base = 3\n"])
def test_a_namespace_is_no_constant(tmp_path: Path, other: str) -> None:
    spec = program(tmp_path, f'{other}import "base.lzn"\ntask mine = base.draw label\n')
    assert codes(spec.check()) == []


def test_a_file_alone_is_linked_to_itself(tmp_path: Path) -> None:
    result = linked(tmp_path, {"top.lzn": "# x\nlzn 1\nlet a = 1\ngenerate image\n"})
    assert [type(s).__name__ for s in result.file.statements] == ["Let", "Task"]
    assert len(result.units) == 1
