"""Diagnostics as SARIF 2.1.0, which code hosts and editors read.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lzn_dsl.diagnostics.codes import CODES
from lzn_dsl.diagnostics.diagnostic import Diagnostic, Fix
from lzn_dsl.diagnostics.formats.prose import prose
from lzn_dsl.diagnostics.source import Source, Span
from lzn_dsl.version import __version__

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def to_sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return a log of one run, for JSON; its rules are the codes that were found, explained."""
    codes = list(dict.fromkeys(found.code for found in diagnostics))
    driver = {"name": "lzn_dsl", "version": __version__, "rules": [_rule(code) for code in codes]}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "invocations": [{"executionSuccessful": True}],
                "columnKind": "unicodeCodePoints",
                "results": [_result(found, codes.index(found.code)) for found in diagnostics],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    explained = CODES.get(code)
    if explained is None:
        return {"id": code}
    examples = "".join(
        f"\n\n{title}:\n\n```lzn\n{program.strip(chr(10))}\n```"
        for title, program in (("Wrong", explained.wrong), ("Right", explained.right))
        if program
    )
    return {
        "id": code,
        "shortDescription": {"text": explained.title},
        "fullDescription": {"text": explained.explanation},
        "help": {
            "text": explained.explanation,
            "markdown": f"{explained.explanation}{examples}",
        },
    }


def _result(found: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.severity.value,
        "message": {"text": prose(found)},
    }
    if found.span:
        result["locations"] = [_location(found.span)]
    if found.related:
        result["relatedLocations"] = [
            {"id": number, **_location(other.span), "message": {"text": other.label}}
            for number, other in enumerate(found.related, start=1)
        ]
    if found.fixes:
        result["fixes"] = [_fix(fix) for fix in found.fixes]
    return result


def _location(span: Span) -> dict[str, Any]:
    place = {"artifactLocation": _artifact(span.source), "region": _region(span)}
    return {"physicalLocation": place}


def _artifact(source: Source) -> dict[str, str]:
    path = Path(source.name)
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}


def _region(span: Span) -> dict[str, int]:
    end_line, end_column = span.source.position(span.end)
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": span.start,
        "charLength": span.end - span.start,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    changed: dict[Source, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {
            "deletedRegion": _region(edit.span),
            "insertedContent": {"text": edit.text},
        }
        changed.setdefault(edit.span.source, []).append(replacement)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(source), "replacements": replacements}
            for source, replacements in changed.items()
        ],
    }
