"""The checks of a modality's torch half, in order."""

from collections.abc import Iterable

from lzn_dsl.registry.entry import Entry
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_dsl.testing.checks import Check, run_checks
from lzn_dsl.testing.report import CheckResult
from lzn_runtime.conformance.building import check_build, check_costs, check_extremes, check_facts
from lzn_runtime.conformance.determinism import check_determinism, check_independence
from lzn_runtime.conformance.devices import check_devices
from lzn_runtime.conformance.gradients import check_gradients
from lzn_runtime.conformance.learning import check_learning, check_round_trip
from lzn_runtime.conformance.preprocessing import check_preprocessing
from lzn_runtime.conformance.samples import Samples
from lzn_runtime.conformance.shapes import check_decoder, check_encoder
from lzn_runtime.conformance.state import check_state
from lzn_runtime.conformance.subject import Subject
from lzn_runtime.conformance.zones import check_zones

CHECKS: tuple[Check[Subject], ...] = (
    Check(
        "build",
        "the factory builds a Modality whose parts are those its capabilities say",
        check_build,
        needs=("declaration", "capabilities"),
    ),
    Check(
        "facts",
        "each fact of the data that it needs can also be stated in a program",
        check_facts,
        needs=("build",),
    ),
    Check(
        "extremes",
        "with the smallest and the largest value of each setting it builds, or is refused",
        check_extremes,
        needs=("build",),
    ),
    Check("costs", "the costs count the parameters that there are", check_costs, needs=("build",)),
    Check(
        "preprocessing",
        "samples go to the model and back, and the data is left as it was",
        check_preprocessing,
        needs=("build",),
    ),
    Check(
        "encoder",
        "anchors and features have their shapes, are float32 and finite",
        check_encoder,
        needs=("preprocessing",),
    ),
    Check(
        "decoder",
        "losses, samples and class probabilities have their shapes and are finite",
        check_decoder,
        needs=("preprocessing",),
    ),
    Check(
        "gradients",
        "a gradient reaches every parameter, and the latents",
        check_gradients,
        needs=("encoder", "decoder"),
    ),
    Check(
        "determinism",
        "the seed decides the weights, and nothing else the results",
        check_determinism,
        needs=("encoder", "decoder"),
    ),
    Check(
        "independence",
        "the result of a sample does not depend on its batch mates or its place",
        check_independence,
        needs=("determinism",),
    ),
    Check(
        "devices",
        "moved to another device, no tensor is left behind",
        check_devices,
        needs=("encoder", "decoder"),
    ),
    Check(
        "state",
        "saved and loaded, it computes the same",
        check_state,
        needs=("determinism",),
    ),
    Check(
        "zones",
        "latents are finite, and each flows back to its own anchor",
        check_zones,
        needs=("encoder",),
    ),
    Check(
        "learning",
        "a few steps of training lower the decoder's loss",
        check_learning,
        needs=("gradients", "independence"),
    ),
    Check(
        "round trip",
        "a sample comes back from its latent",
        check_round_trip,
        needs=("zones", "learning"),
    ),
)


def examine(
    entry: Entry,
    registry: Registry,
    component: Component,
    samples: Samples,
    *,
    latent_dim: int,
    before: Iterable[CheckResult],
) -> tuple[CheckResult, ...]:
    """Run the checks of a modality's torch half; `before` are those of its declaration."""
    try:
        subject = Subject.of(entry, registry, component, samples, latent_dim=latent_dim)
    except Exception as failure:  # noqa: BLE001 -- its settings are a stranger's code
        why = f"its settings cannot be completed: {failure}"
        return tuple(CheckResult(c.name, c.claim, not_run=why) for c in CHECKS)
    return run_checks(CHECKS, subject, before)
