"""What is measured of a step: that it runs, fits, and adds up."""

import pytest

from lzn_runtime.benchmarks.scaling.calibrate import calibrated, predictions
from lzn_runtime.benchmarks.scaling.growth import slope
from lzn_runtime.benchmarks.scaling.hardware import Assumptions, Processor
from lzn_runtime.benchmarks.scaling.parts import Part, measure_parts
from lzn_runtime.benchmarks.scaling.programs import program
from lzn_runtime.benchmarks.scaling.whole import measure_step
from lzn_runtime.benchmarks.scaling.workload import workload

PROCESSOR = Processor("p", 1e9, 1.0, 1e9, 1.0, 1e9, 1e9, "here", queues=False)


def test_parts_of_an_embedding_step_are_timed() -> None:
    spec = program("embedding", steps=5, train__batch=8, train__solver_steps=2)
    parts = {part.name: part for part in measure_parts(spec, repeats=1)}
    work = workload(spec.plan(), spec.registry)
    ids = {n.id for n in work.networks} | {f.id for f in work.flows}
    assert ids <= parts.keys()
    assert {"load", "clip", "optimizer", "average"} <= parts.keys()
    assert sum(name.startswith("augment: ") for name in parts) == 2
    assert all(part.forward > 0 for part in parts.values())


def test_a_step_of_the_training_loop_is_timed() -> None:
    spec = program("joint", steps=6, train__batch=8, train__solver_steps=2)
    assert 0 < measure_step(spec) < 60


def test_calibration_gives_the_measured_sums() -> None:
    spec = program("joint", steps=5, train__batch=16)
    work = workload(spec.plan(), spec.registry)
    once, in_each = Assumptions().strip_touches
    half = (once / 2, in_each / 2)
    truth = Assumptions(touches=5.5, strip_touches=half, bandwidth_share=1.0, launch=1e-6)
    measured = [Part(k, s) for k, s in predictions(work, PROCESSOR, truth).items()]
    start = Assumptions(bandwidth_share=1.0, launch=1e-6)
    found = calibrated(work, measured, PROCESSOR, start)
    assert found.touches == pytest.approx(5.5)
    assert found.strip_touches == pytest.approx(half)


def test_the_exponent_is_the_slope_of_logarithms() -> None:
    assert slope([2, 8, 64], [3.0 * n**1.5 for n in (2, 8, 64)]) == pytest.approx(1.5)
