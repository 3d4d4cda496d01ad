import itertools
import math
import re

import pytest

from lzn_runtime.report.charts.bands import Line, bands
from lzn_runtime.report.charts.curve import curve, running_mean
from lzn_runtime.report.charts.dots import Row, dots
from lzn_runtime.report.charts.palette import class_colours, line_colours, oklch, rgb
from lzn_runtime.report.charts.plot import standalone
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
    path = re.search(rf'd="([^"]*L[^"]*)"[^>]* class="{kind}"', svg)
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


def test_lines_have_colours_of_their_own_that_read_on_light_and_dark() -> None:
    colours = line_colours(12)
    assert len(set(colours)) == 12
    for colour in colours:
        light = [(v / 255) ** 2.2 for v in rgb(colour)]
        luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
        assert 1.05 / (luminance + 0.05) > 2.4  # beside white
        assert (luminance + 0.05) / 0.06 > 3  # beside nearly black


def test_bands_lie_around_their_lines() -> None:
    line = Line(
        "one",
        range(10),
        [float(i) for i in range(10)],
        [i - 1.0 for i in range(10)],
        [i + 1.0 for i in range(10)],
    )
    svg = bands([line, line._replace(name="two", mean=[3.0] * 10)], title="t", label="l")
    rising = points(svg, "line")
    assert all(a[0] < b[0] and a[1] > b[1] for a, b in itertools.pairwise(rising))
    band = re.search(r'd="M([^"]*)Z" fill="#[0-9a-f]{6}" class="band"', svg)
    assert band is not None
    edges = [tuple(map(float, p.split())) for p in band[1].split("L")]
    assert all(
        up[1] < p[1] < down[1] for up, p, down in zip(edges[:10], rising, edges[:9:-1], strict=True)
    )
    assert "two" in svg


def test_shares_stay_on_a_linear_scale() -> None:
    line = Line("one", [0, 10], [0.01, 99.0], [0.01, 99.0], [0.01, 99.0])
    assert "logarithmic" in bands([line], title="t", label="l")
    assert "logarithmic" not in bands([line], title="t", label="l", linear=True)


def test_dots_of_one_value_and_of_equal_values_are_drawn() -> None:
    svg = dots(
        [Row("one", [2.0], 2.0, "2"), Row("two", [2.0, 2.0], 2.0, "2")], title="t", label="l"
    )
    assert svg.count("<circle") == 3
    assert len(set(re.findall(r'cy="([^"]*)"', svg))) == 3


def test_a_plot_alone_brings_its_style() -> None:
    text = standalone(dots([Row("one", [2.0], 2.0, "2")], title="t", label="l"))
    assert text.startswith("<svg xmlns")
    assert text.count("<style>") == 1
