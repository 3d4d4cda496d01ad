import itertools
import math
import re

import pytest

from lzn_runtime.report.charts.curve import curve, running_mean
from lzn_runtime.report.charts.palette import class_colours, oklch, rgb
from lzn_runtime.report.charts.ticks import linear_ticks, log_ticks, tick_text


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (0, 450, [0, 200, 400]),
        (0.0003, 0.002, [0.0005, 0.001, 0.0015, 0.002]),
        (-1, 1, [-1, -0.5, 0, 0.5, 1]),
    ],
)
def test_linear_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    assert linear_ticks(low, high) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.1, 1000, [0.1, 1, 10, 100, 1000]),
        (0.3, 12, [0.5, 1, 2, 5, 10]),
        (1e-8, 10, [1e-8, 1e-6, 1e-4, 1e-2, 1]),
    ],
)
def test_log_ticks_are_powers_of_ten_or_finer(low: float, high: float, ticks: list[float]) -> None:
    assert log_ticks(low, high) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.05, "0.05"), (200, "200"), (12_000, "12k"), (2e-5, "2e-5"), (1e6, "1000k")],
)
def test_tick_texts_are_short(value: float, text: str) -> None:
    assert tick_text(value) == text


def test_running_mean_is_unbiased_and_smooth() -> None:
    assert running_mean([3.0] * 100) == pytest.approx([3.0] * 100)
    assert running_mean([1.0, 5.0]) == [1.0, 5.0]  # too few to smooth
    zigzag = [float(i % 2) for i in range(400)]
    assert max(abs(v - 0.5) for v in running_mean(zigzag)[100:]) < 0.05


def points(svg: str, kind: str) -> list[tuple[float, float]]:
    path = re.search(rf'd="([^"]*)" class="{kind}"', svg)
    assert path is not None
    return [tuple(map(float, p.split())) for p in path[1][1:].split("L")]  # type: ignore[misc]  # pairs


def test_curve_rises_where_values_do_and_stays_in_its_frame() -> None:
    svg = curve(range(100), [float(i) for i in range(100)], title="loss")
    line = points(svg, "line")
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in itertools.pairwise(line))
    assert all(40 < x < 340 and 0 < y < 190 for x, y in [*line, *points(svg, "raw")])


def test_far_apart_positive_values_get_a_log_scale() -> None:
    falling = [math.exp(-i / 10) for i in range(100)]
    svg = curve(range(100), falling, title="loss", smooth=False)
    assert "log scale" in svg
    steps = [b[1] - a[1] for a, b in itertools.pairwise(points(svg, "line"))]
    assert max(steps) - min(steps) < 0.3  # an exponential is a straight line
    assert "log scale" not in curve(range(100), [-f for f in falling], title="loss")


def test_one_wild_value_does_not_flatten_the_rest() -> None:
    values = [1.0] * 500 + [1e9] + [2.0] * 500
    line = points(curve(range(1001), values, title="loss", smooth=False), "line")
    assert line[0][1] - line[-1][1] > 0 or "log" in curve(range(1001), values, title="loss")


def test_constant_and_long_curves_are_drawn() -> None:
    assert points(curve([0, 1], [0.0, 0.0], title="lr"), "line")
    assert points(curve([5, 5], [2.0, 2.0], title="lr"), "line")
    many = curve(range(100_000), [1.0] * 100_000, title="loss")
    assert len(points(many, "line")) <= 602


def test_title_is_escaped() -> None:
    assert "<script>" not in curve([0, 1], [1.0, 2.0], title="<script>")


@pytest.mark.parametrize("count", [0, 1, 2, 10, 40])
def test_classes_have_colours_of_their_own(count: int) -> None:
    colours = class_colours(count)
    assert len(set(colours)) == count
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)


def test_oklch_knows_black_white_and_grey() -> None:
    assert oklch(0, 0, 0) == "#000000"
    assert oklch(1, 0, 0) == "#ffffff"
    assert rgb("#ff8000") == (255, 128, 0)
    assert rgb(oklch(0.627955, 0.257683, 29.2339)) == (255, 0, 0)  # sRGB's red
