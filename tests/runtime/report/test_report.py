import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
import torch

from helpers.judging import REGISTRY, untrained
from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_dsl.spec import load
from lzn_runtime.evaluation.context import Datasets
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.report.sections.program import highlight
from lzn_runtime.report.write import write_report

HEAD = """
space gaussian(dim: 8)
data seen   = digits(split: train)
data unseen = digits(split: test)
modality image = image(
    encoder: conv(widths: [8, 16]),
    decoder: flow(unet(width: 8, mults: [1, 2], embedding: 16), sampler: euler(steps: 2)),
)
train { on: seen, steps: 6, batch: 64, support: 50, solver_steps: 6 }
"""
ALL = """
task draw    = generate image from label
task imagine = generate image
task name    = classify image as label
task rebuild = reconstruct image
task redraw  = translate image to image
task gist    = embed image
evaluate name on unseen with accuracy
"""
EMBED = "embed image\nlearn align image with label"
NASTY = '<script>alert("x")</script>'
VOID = {"meta", "img", "br", "hr", "input", "link"}


class Page(HTMLParser):
    """Checks nesting, and collects what the page holds."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, attrs)
        self.attributes.extend(attrs)
        self.links.extend(v or "" for n, v in attrs if n in ("src", "href", "srcset", "action"))
        self.ids.extend(v or "" for n, v in attrs if n == "id")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def headings(self) -> list[str]:
        shown = " ".join(self.text)
        return [h for h in ("Key numbers", "The latent space", "What it draws") if h in shown]


def report(
    program: str,
    folder: Path,
    results: Sequence[MetricResult] = (),
    *,
    names: tuple[str, ...] = (),
    **more: object,
) -> str:
    """The report of an untrained program; `names` are those of its classes."""
    spec = load(program)
    plan = spec.plan()
    if names:
        named = [m.model_copy(update={"names": names if m.names else ()}) for m in plan.modalities]
        plan = plan.model_copy(update={"modalities": tuple(named)})
    datasets = Datasets(plan, REGISTRY, Path())
    trained = untrained(plan, datasets.get(plan.train.on))
    path = write_report(
        folder,
        plan,
        trained,
        results,
        datasets=datasets,
        spec=spec.source.text,
        **more,  # type: ignore[arg-type]  # each test's own
    )
    assert path == folder / "report.html"
    return path.read_text(encoding="utf-8")


RESULTS = (
    MetricResult(
        name="accuracy",
        task="name",
        data="unseen",
        value=0.9,
        unit="share",
        better="higher",
        details={
            "samples": 10,
            "alpha": 0.0,
            "classes": ["a", NASTY],
            "per_class": [1.0, 0.8],
            "per_class_count": [5, 5],
            "confusion": [[5, 0], [1, 4]],
        },
    ),
    MetricResult(
        name="odd_plugin", task="draw", data="unseen", value=12345.678, unit=NASTY, better="lower"
    ),
)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a program with everything, and hostile names everywhere."""
    folder = tmp_path_factory.mktemp("run")
    lines = [
        {"step": s, "total": 5.0 / s, "losses": {NASTY: 3.0 / s, "b": None}, "lr": 1e-3}
        for s in range(1, 40)
    ]
    (folder / "metrics.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\nbroken")
    (folder / "environment.json").write_text(json.dumps({"host": {"cpu": NASTY}}))
    problem = Diagnostic("LZN801", f"no labels {NASTY}", notes=("not measured: x",))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as `one_thread`, which comes after fixtures of modules
    made = report(
        f"# {NASTY}\n{HEAD}{ALL}",
        folder,
        RESULTS,
        names=("<script>x</script>", *"123456789"),
        graph_svg=f"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script>{NASTY}</svg>",
        timings={"training": 3.0, NASTY: 1.0},
        problems=[problem],
    )
    torch.set_num_threads(threads)
    return made


def test_page_is_well_formed_and_has_every_section(full: str) -> None:
    page = Page(full)
    assert full.startswith('<!DOCTYPE html>\n<html lang="en">')
    wanted = ["numbers", "space", "drawn", "rebuilt", "classes", "training", "program", "graph"]
    assert [i for i in page.ids if i in wanted] == wanted
    assert len(set(page.ids)) == len(page.ids)
    assert {f"#{i}" for i in wanted} <= set(page.links)


def test_page_asks_nothing_of_the_network(full: str) -> None:
    page = Page(full)
    assert all(link.startswith(("data:image/", "#")) for link in page.links)
    assert "http://" not in full
    assert "https://" not in full
    assert "url(" not in full
    assert "@import" not in full
    assert any("default-src 'none'" in (v or "") for n, v in page.attributes if n == "content")


def test_no_text_becomes_markup(full: str) -> None:
    page = Page(full)
    assert "script" not in page.tags
    assert not [n for n, _ in page.attributes if n.startswith("on")]
    shown = " ".join(page.text)
    assert NASTY in shown  # in a card, a curve, a table, the program
    assert "<script>x</script>" in shown  # a class's name
    assert shown.count("alert") >= 5


def test_both_themes_are_there(full: str) -> None:
    assert "prefers-color-scheme: dark" in full
    assert "color-scheme: light dark" in full


def test_numbers_stand_with_their_conditions(full: str) -> None:
    shown = " ".join(Page(full).text)
    assert "90.0" in shown
    assert "10 samples of unseen" in shown
    assert "1.23e+04" in shown
    assert "Most often confused:" in shown
    assert "[LZN801]" in shown


def test_pictures_have_a_text_and_a_size(full: str) -> None:
    images = re.findall(r"<img [^>]*>", full)
    assert len(images) > 100
    assert all(' alt="' in image for image in images)


def test_same_model_same_report(full: str, tmp_path: Path) -> None:
    first, second = (report(HEAD + "generate image", tmp_path / n) for n in ("a", "b"))
    assert first == second


@pytest.mark.parametrize(
    ("tasks", "there", "missing"),
    [
        ("generate image", ["drawn"], ["Reconstructions", "The latent space", "Classes"]),
        ("generate image from label", ["drawn", "space"], ["Reconstructions"]),
        ("classify image as label", ["space"], ["What it draws", "Reconstructions"]),
        ("classify image as label using cross_entropy", [], ["The latent space"]),
        (EMBED, ["space"], ["What it draws", "Key numbers", "Classes"]),
        ("reconstruct image", ["rebuilt"], ["What it draws"]),
    ],
)
def test_small_programs_say_what_is_not_there(
    tasks: str, there: list[str], missing: list[str], tmp_path: Path
) -> None:
    page = Page(report(HEAD + tasks, tmp_path))
    assert set(there) <= set(page.ids)
    shown = "".join(page.text)
    assert "Not in this report" in shown
    for title in missing:
        assert f"{title}: " in shown


def test_a_full_disk_keeps_the_older_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.html").write_text("old")

    def full_disk(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lzn_runtime.report.write.write_bytes", full_disk)
    with pytest.raises(StorageError, match=r"LZN708.*No space left"):
        report(HEAD + "generate image", tmp_path)
    assert (tmp_path / "report.html").read_text() == "old"


def test_program_is_coloured_and_unchanged() -> None:
    text = (
        'let w = 4_000 # a <comment>\ndata d = digits(split: "train")\n'
        "task t = generate image from label"
    )
    made = highlight(text)
    page = Page(f"<pre>{made}</pre>")
    assert "".join(page.text) == text
    assert '<span class="k">let</span>' in made
    assert '<span class="n">4_000</span>' in made
    assert '<span class="c"># a &lt;comment&gt;</span>' in made
    assert '<span class="s">&quot;train&quot;</span>' in made
    assert '<span class="d">digits</span>' in made
    assert '<span class="k">from</span>' in made
