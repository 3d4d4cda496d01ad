"""The conformance kit: sound modalities pass, and each fault fails the check meant for it alone."""

import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from pydantic import JsonValue

from helpers.faulty_modalities import FAULTS
from helpers.toy_settings import TOKENS, TOY
from lzn_dsl.registry.plugins import builtin_entries
from lzn_dsl.registry.registry import Registry
from lzn_dsl.testing import ConformanceError, check_modality, examine_modality
from lzn_runtime.conformance.examine import CHECKS

REGISTRY = Registry(builtin_entries())
NETWORK: dict[str, JsonValue] = {
    "network": {"name": "unet", "settings": {"width": 8, "mults": [1]}}
}
FEW: dict[str, JsonValue] = {"sampler": {"name": "euler", "settings": {"steps": 8}}}
SMALL_IMAGE: dict[str, JsonValue] = {
    "encoder": {"name": "conv", "settings": {"widths": [8]}},
    "decoder": {
        "name": "flow",
        "settings": {**NETWORK, **FEW},
    },
}


def vectors(count: int) -> torch.Tensor:
    return torch.randn(count, 3, generator=torch.Generator().manual_seed(1))


def test_a_picture_conforms() -> None:
    report = check_modality("image", settings=SMALL_IMAGE, latent_dim=4, registry=REGISTRY)
    assert len(report.results) == len(CHECKS) + 4


def test_a_picture_without_decoder_conforms() -> None:
    settings = {**SMALL_IMAGE, "decoder": None}
    check_modality("image", settings=settings, latent_dim=4, registry=REGISTRY)


def test_a_label_conforms() -> None:
    check_modality("label", facts={"classes": 5}, registry=REGISTRY)


def test_a_modality_of_another_package_conforms() -> None:
    check_modality(TOY, column=vectors, facts={"size": 3}, registry=REGISTRY)


def test_a_modality_of_whole_numbers_without_inverse_conforms() -> None:
    column = torch.arange(60, dtype=torch.uint8).view(12, 5) * 7 % 11
    check_modality(TOKENS, column=column, facts={"length": 5, "tokens": 11}, registry=REGISTRY)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_the_check_that_is_meant_to_find_it(fault: str) -> None:
    check, entry = FAULTS[fault]
    discrete = "classes" in entry.settings.model_fields
    report = examine_modality(
        entry,
        column=None if discrete else vectors,
        facts={"classes": 4, "size": 3} if discrete else {"size": 3},
        registry=REGISTRY,
    )
    assert report.failed == (check,), str(report)
    for result in report.results:
        assert all(p.expected and p.found and p.hint for p in result.problems)


def test_every_check_has_a_fault_that_only_it_finds() -> None:
    meant = {check for check, _ in FAULTS.values()}
    assert meant == {"declaration", "settings", "capabilities", "imports"} | {
        check.name for check in CHECKS
    }


def test_all_failures_are_reported_at_once_each_with_what_to_do() -> None:
    faulty = replace(FAULTS["an open range"][1], factory=FAULTS["averages its loss"][1].factory)
    with pytest.raises(ConformanceError) as failed:
        check_modality(faulty, column=vectors, facts={"size": 3}, registry=REGISTRY)
    report = failed.value.report
    assert report.failed == ("settings", "decoder")
    assert str(report).splitlines()[0] == "modality `toy`: 10 ok, 2 failed, 7 not run"
    assert (
        "           expected: a smallest and a largest value of the setting `rate`\n"
        "           found:    0 to anything\n"
        "           do:       give `rate` both `ge=` and `le=`, so that no value fails later\n"
    ) in str(report)
    assert "           because `decoder` did not pass" in str(failed.value)


def test_an_error_is_a_finding_with_its_place() -> None:
    entry = FAULTS["raises in its encoder"][1]
    report = examine_modality(entry, column=vectors, facts={"size": 3}, registry=REGISTRY)
    (problem,) = next(r for r in report.results if r.name == "encoder").problems
    assert problem.found == "KeyError: 'first'"
    assert "faulty_modalities.py" in problem.hint
    assert problem.hint.endswith("in `features`")


def test_settings_that_are_refused_leave_the_rest_unrun() -> None:
    report = examine_modality(
        TOY, column=vectors, facts={"size": 3}, settings={"hidden": 0}, registry=REGISTRY
    )
    assert report.failed == ("settings", "capabilities")
    assert all(r.outcome == "not run" for r in report.results if r.name in {c.name for c in CHECKS})
    assert not report.ok


def test_samples_must_be_given_where_there_are_none() -> None:
    with pytest.raises(ValueError, match="there are no samples of `toy` to try"):
        examine_modality(TOY, registry=REGISTRY)
    with pytest.raises(ValueError, match="the dataset `digits` has"):
        examine_modality(TOY, data="digits", registry=REGISTRY)
    with pytest.raises(ValueError, match="`column` must hold 4 samples or more, got 3"):
        examine_modality(TOY, column=vectors(3), registry=REGISTRY)
    with pytest.raises(ValueError, match="no modality is called `toy`"):
        examine_modality("toy", registry=REGISTRY)


def test_samples_of_a_dataset_are_tried() -> None:
    small = {**SMALL_IMAGE, "decoder": None}
    check_modality("image", data="digits", settings=small, latent_dim=4, registry=REGISTRY)


def test_importing_the_kit_imports_no_torch() -> None:
    probe = "import sys, lzn_dsl.testing; sys.exit('torch' in sys.modules)"
    path = [p for p in sys.path if p]
    code = f"import sys; sys.path[:0] = {path!r}; {probe}"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
