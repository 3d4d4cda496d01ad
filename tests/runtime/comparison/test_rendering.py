"""A comparison as text, Markdown, JSON, page and plots."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from helpers.run_folders import plan_of, result, run_folder
from lzn_runtime.comparison.compare import Comparison, compare_runs
from lzn_runtime.comparison.rendering.data import as_data
from lzn_runtime.comparison.rendering.markdown import as_markdown
from lzn_runtime.comparison.rendering.plots import plots
from lzn_runtime.comparison.rendering.text import as_text
from lzn_runtime.comparison.rendering.write import write_comparison

LOSSES = {step: 2.0 / step for step in range(1, 30)}


@pytest.fixture
def comparison(tmp_path: Path) -> Comparison:
    for name, dim, values in (("one", 4, (0.5, 0.51, 0.52)), ("a | <b>", 5, (0.9, 0.91, 0.92))):
        for seed, value in enumerate(values):
            plan = plan_of(name, seed=seed, dim=dim, steps=20)
            results = [result(0.1, step=0), result(value, step=20)]
            path = tmp_path / "runs" / str(dim) / str(seed)
            run_folder(path, plan, results, losses=LOSSES, seconds=30.0 + seed)
    plan = plan_of("single", dim=6, steps=20)
    run_folder(tmp_path / "runs" / "6", plan, [result(0.7, step=20)], losses=LOSSES)
    return compare_runs(tmp_path / "runs")


def test_text_is_a_table_of_mean_and_spread(comparison: Comparison) -> None:
    text = as_text(comparison)
    assert text.isascii()
    assert "space.dim: 4 (one); 5 (a | <b>); 6 (single)" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["one", "51.0", "+-1.0", "0", "31", "+-1", "s"] in rows
    assert ["3", "seeds", "50.0", "to", "52.0"] in rows
    assert ["single", "70.0", "0", "-"] in rows
    assert ["single", "seed"] in rows
    assert not any("*" in row for row in rows)  # not better than a single seed by any test
    assert "A single seed, so without a spread: single." in text


def test_the_best_is_marked_where_every_program_has_a_spread(
    comparison: Comparison, tmp_path: Path
) -> None:
    found = compare_runs(*(tmp_path / "runs" / name for name in "45"))
    assert "91.0 +-1.0 *" in as_text(found)
    assert "**91.0" in as_markdown(found)
    assert as_data(found)["cells"][1][0]["best"] is True


def test_markdown_breaks_out_of_no_cell(comparison: Comparison) -> None:
    lines = as_markdown(comparison, pictures=[("losses", "plots/x.svg")]).splitlines()
    [row] = [line for line in lines if line.startswith("| a ")]
    assert row.startswith("| a \\| &lt;b> | 3 seeds | ")
    assert "![losses](plots/x.svg)" in lines


def test_json_has_every_value_and_the_curves_of_metrics(comparison: Comparison) -> None:
    data = json.loads(json.dumps(as_data(comparison)))
    assert [p["label"] for p in data["programs"]] == ["one", "a | <b>", "single"]
    cell = data["cells"][0][0]
    assert [v["value"] for v in cell["values"]] == [0.5, 0.51, 0.52]
    assert cell["count"] == 3
    [over] = data["over_steps"]
    assert over["curves"][1]["steps"] == [0, 20]
    assert over["curves"][2]["steps"] == [20]


def test_plots_are_whole_pictures_with_axes_and_words(comparison: Comparison) -> None:
    made = plots(comparison)
    assert [plot.name for plot in made] == [
        "value-accuracy-of-name-on-unseen",
        "steps-accuracy-of-name-on-unseen",
        "loss-decode-image",
    ]
    for plot in made:
        root = ElementTree.fromstring(plot.picture)
        texts = {element.text for element in root.iter() if element.tag.endswith("text")}
        assert {"one", "a | <b>", "single"} <= texts
        width, height = (float(root.attrib[side]) for side in ("width", "height"))
        for circle in (e for e in root.iter() if e.tag.endswith("circle")):
            assert 0 < float(circle.attrib["cx"]) < width
            assert 0 < float(circle.attrib["cy"]) < height
    dots = [e for e in ElementTree.fromstring(made[0].picture).iter() if e.tag.endswith("circle")]
    assert len(dots) == 7  # every seed


def test_a_folder_gets_table_page_and_plots_and_loses_old_ones(
    comparison: Comparison, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "plots").mkdir(parents=True)
    (out / "plots" / "value-gone.svg").write_text("old")
    (out / "plots" / "mine.svg").write_text("mine")
    written = write_comparison(comparison, out)
    assert {str(path.relative_to(out)) for path in written} == {
        "compare.md",
        "compare.json",
        "compare.html",
        "plots/value-accuracy-of-name-on-unseen.svg",
        "plots/steps-accuracy-of-name-on-unseen.svg",
        "plots/loss-decode-image.svg",
    }
    assert not (out / "plots" / "value-gone.svg").exists()
    assert (out / "plots" / "mine.svg").exists()
    page = (out / "compare.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    assert "a | &lt;b&gt;" in page
    picture = (out / "plots" / "loss-decode-image.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(picture)
    assert "prefers-color-scheme: dark" in picture
