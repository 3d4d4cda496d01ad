"""`lzn test-modality`, as the author of a modality sees it."""

import json
from dataclasses import replace

import pytest

from helpers.faulty_modalities import FAULTS
from helpers.toy_settings import TOY
from lzn_dsl.cli import app
from lzn_dsl.registry import plugins
from lzn_dsl.registry.registry import Registry


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["lzn", "test-modality", *arguments])
    with pytest.raises(SystemExit) as stop:
        app.main()
    return int(stop.value.code or 0)


def test_a_sound_modality_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "label") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"modality `label`: {len(lines) - 1} ok"


def test_a_faulty_one_ends_with_1_and_says_the_same_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = replace(FAULTS["gives scores"][1], name="odd")
    registry = Registry((*plugins.builtin_entries(), faulty))
    monkeypatch.setattr(plugins, "default_registry", lambda: registry)
    assert run(monkeypatch, "odd", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["modality"], found["ok"]) == ("odd", False)
    (failed,) = [c for c in found["checks"] if c["outcome"] == "failed"]
    assert failed["name"] == "decoder"
    assert failed["problems"][0]["hint"] == "return torch.log_softmax of the scores"


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("imge",), 2, "error[LZN902]: no modality is called `imge`"),
        (("imge",), 2, "did you mean `image`?"),
        (("image", "--data", "digist"), 2, "error[LZN902]: no dataset is called `digist`"),
        (("toy",), 3, "error[LZN906]: there are no samples of `toy` to try"),
        (("toy", "--data", "digits"), 3, "the dataset `digits` has a column of that kind"),
    ],
)
def test_what_cannot_be_tried_is_answered_with_a_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    text: str,
) -> None:
    registry = Registry((*plugins.builtin_entries(), TOY))
    monkeypatch.setattr(plugins, "default_registry", lambda: registry)
    assert run(monkeypatch, *arguments) == code
    assert text in capsys.readouterr().err
