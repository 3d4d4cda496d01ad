"""Verbs: forms, overloads, defaults, names in bodies; those of the prelude."""

import pytest

from helpers.programs import errors, program
from lzn_dsl.diagnostics.diagnostic import Diagnostic
from lzn_dsl.diagnostics.source import Source
from lzn_dsl.planning.show import pipe
from lzn_dsl.planning.verbs import plan_verb, read_verb
from lzn_dsl.registry.plugins import default_registry
from lzn_dsl.semantics.definitions import check_verbs
from lzn_dsl.semantics.names import Abandoned, Names
from lzn_dsl.semantics.program import Task
from lzn_dsl.semantics.verbs import VerbTable, form, help_of, prelude, types
from lzn_dsl.syntax import tree
from lzn_dsl.syntax.parser import parse

DATA = "data d = toy(columns: [image, label, mood, sketch])\n"
RESTYLE = (
    "verb restyle photo: image as mood: label by amount: number = 0.6 -> photo = "
    "blend(encode photo, encode mood, amount) |> decode photo\n"
)


def steps_of(text: str, name: str = "t") -> str:
    return pipe(program(text).plan().task(name))


def own(text: str) -> tree.Verb:
    verb = parse(Source("verb.lzn", text))[0].statements[0]
    assert isinstance(verb, tree.Verb)
    return verb


def warnings(text: str) -> list[tuple[str, str]]:
    found = program(text).check()
    return [(d.code, d.span.text if d.span else "") for d in found if d.severity == "warning"]


def _no_task(name: tree.Name) -> Task:
    raise Abandoned


def test_the_prelude_passes_the_check_of_any_program_s_verbs() -> None:
    registry = default_registry()
    found: list[Diagnostic] = []
    names = Names({}, VerbTable(prelude()), (), _no_task, lambda _: None)
    check_verbs(prelude(), names, registry, found)
    assert found == []


def test_each_verb_of_the_prelude_has_help() -> None:
    for verb in prelude():
        text = help_of(verb)
        assert text[:1].isupper(), form(verb)
        assert text.endswith("."), form(verb)
    walk = next(verb for verb in prelude() if verb.name.text == "interpolate")
    assert form(walk) == "interpolate source to other [by points]"
    assert types(walk).endswith("points: number = 8 -> source")


def test_a_default_stands_where_nothing_is_said() -> None:
    assert steps_of(f"{RESTYLE}task t = restyle image as label") == (
        "blend(encode image, encode label, 0.6) |> decode image"
    )
    assert "0.1" in steps_of(f"{RESTYLE}task t = restyle image as label by 0.1")
    assert "0.2" in steps_of(f"let few = 0.2\n{RESTYLE}task t = restyle image as label by few")


def test_overloads_are_told_apart_by_prepositions_and_by_what_they_ask() -> None:
    verbs = """
    verb tell photo: encodable as what: label -> latent = blend(encode photo, encode what, 0.1)
    verb tell photo: image as what: label -> latent = blend(encode photo, encode what, 0.2)
    verb tell photo: image from what: label -> latent = blend(encode photo, encode what, 0.3)
    verb tell photo: encodable as what: image -> latent = blend(encode photo, encode what, 0.4)
    """

    def share(body: str) -> str:
        return steps_of(f"{DATA}{verbs}\ntask t = {body} |> decode image").split(", ")[2][:3]

    assert share("tell mood as label") == "0.1"
    assert share("tell image as label") == "0.2"
    assert share("tell image from label") == "0.3"
    assert share("tell label as image") == "0.4"


def test_of_two_verbs_the_more_demanding_is_taken_whatever_the_order() -> None:
    wide = "verb v photo: encodable decodable -> photo = encode photo |> decode photo"
    narrow = "verb v photo: image -> photo = center of photo |> decode photo"
    for order in ([wide, narrow], [narrow, wide]):
        assert steps_of("\n".join([*order, "task t = v image"])).startswith("center")


def test_verbs_use_verbs_in_any_order_with_names_for_values() -> None:
    text = """
    verb recast photo: image as mood: label -> image {
        let other = restyle photo as mood by 0.3
        let z = encode other

        blend(z, center of photo, 0.5) |> decode image
    }
    """
    assert steps_of(f"{text}{RESTYLE}task t = recast image as label") == (
        "blend((blend(encode image, encode label, 0.3) |> decode image |> encode), "
        "center image, 0.5) |> decode image"
    )


def test_verbs_over_latents_and_modalities_of_the_program() -> None:
    nudge = "verb nudge z: latent by share: number = 0.1 -> latent = blend(z, prior, share)\n"
    assert steps_of(f"{nudge}task t = encode label |> nudge |> decode image") == (
        "blend(encode label, prior, 0.1) |> decode image"
    )
    named = "verb name photo: encodable -> label = center of photo |> decode label\n"
    assert steps_of(f"{named}task t = name image") == "center image |> decode label"


def test_capabilities_are_asked_of_what_a_verb_is_given() -> None:
    body = "-> kind = classify photo as kind\n"
    verb = f"verb name photo: encodable as kind: discrete decodable {body}"
    assert errors(f"{verb}task t = name image as label") == []
    assert errors(f"{verb}task t = name image as image") == ["LZN301"]
    rated = f"verb rate photo: encodable as kind: ordered discrete decodable {body}"
    assert errors(f"{rated}task t = rate image as label") == ["LZN301"]
    ordered = "modality label = label(ordered: true)\n"
    assert errors(f"{ordered}{rated}task t = rate image as label") == []


def test_what_a_body_does_not_use_is_a_warning() -> None:
    text = """
    verb v photo: image as mood: label by share: number = 0.5 -> image {
        let z = encode photo
        let w = encode mood
        z |> decode image
    }
    task t = v image as label
    """
    assert warnings(text) == [("LZN215", "share"), ("LZN215", "w")]
    assert program(text).plan().task("t").inputs == ("image",)


def test_a_verb_is_checked_though_no_task_uses_it() -> None:
    assert errors("verb v photo: image -> latent = decode photo\ngenerate image") == ["LZN307"]
    assert errors("verb v photo: image -> latent = encode phto\ngenerate image") == ["LZN211"]


def test_a_promise_is_held_for_what_the_verb_is_given() -> None:
    verb = f"{DATA}verb v photo: image -> image = encode photo |> decode photo\n"
    assert errors(f"{verb}task t = v image") == []
    assert errors(f"{verb}task t = v sketch") == ["LZN307"]


@pytest.mark.parametrize(
    "text",
    [
        RESTYLE,
        "verb v photo: image -> image {\n let z = encode photo\n z |> decode image\n}",
        "verb v photo as mood: label -> ranking = encode (base.soften photo by 0.2) |> rank mood",
        "verb v photo from mood: label and kind: label -> latent = sample 4 of (encode mood)",
        "verb generate z: latent -> image = blend(z, prior, 1e-1) |> decode(image)",
    ],
)
def test_a_verb_comes_back_from_the_plan(text: str) -> None:
    written = plan_verb(own(text))
    assert plan_verb(read_verb(written)) == written
