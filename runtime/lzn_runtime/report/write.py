"""Writing the report of a run."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import Diagnostic, LznError, StorageError
from lzn_dsl.planning.plan import Plan
from lzn_runtime.evaluation.context import Datasets
from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.evaluation.subject import Trained
from lzn_runtime.flow.sampler import SamplerError
from lzn_runtime.pictures.atomic import write_bytes
from lzn_runtime.report.material import Material
from lzn_runtime.report.page import page
from lzn_runtime.report.section import Missing, Section
from lzn_runtime.report.sections.confusion import confusion
from lzn_runtime.report.sections.drawn import drawn
from lzn_runtime.report.sections.inside import circumstances, inside
from lzn_runtime.report.sections.numbers import glance, numbers
from lzn_runtime.report.sections.program import graph, program
from lzn_runtime.report.sections.rebuilt import rebuilt
from lzn_runtime.report.sections.space import space
from lzn_runtime.report.sections.training import training
from lzn_runtime.training.environment_file import read_environment
from lzn_runtime.training.metrics_log import read_metrics
from lzn_runtime.training.run_folder import RunFolder

_SECTIONS: tuple[tuple[str, Callable[[Material], Section | Missing]], ...] = (
    ("Key numbers", numbers),
    ("The latent space", space),
    ("What it draws", drawn),
    ("Reconstructions", rebuilt),
    ("Classes", confusion),
    ("Training", training),
    ("Program", program),
    ("Task graph", graph),
    ("Inside", inside),
    ("Circumstances", circumstances),
)


def write_report(
    folder: Path,
    plan: Plan,
    trained: Trained,
    results: Sequence[MetricResult],
    *,
    datasets: Datasets,
    spec: str = "",
    graph_svg: str = "",
    timings: Mapping[str, float] | None = None,
    problems: Sequence[Diagnostic] = (),
) -> Path:
    """Write `report.html` into a run folder and return its path.

    One file that needs nothing else: no script, no request, pictures inside. What cannot be drawn
    for this program is listed at its end with the reason.

    Args:
        folder: The run folder; its `metrics.jsonl` and `environment.json` are read.
        plan: The plan that was trained.
        trained: The trained model; its tasks draw the pictures, with the run's seed.
        results: What the metrics said.
        datasets: The plan's datasets.
        spec: The program's text.
        graph_svg: A picture of the task graph.
        timings: Seconds of each phase, by its name.
        problems: Metrics that could not be measured, and why.

    Raises:
        StorageError: The file cannot be written (LZN708); an older report stays as it was.
    """
    run = RunFolder(folder)
    material = Material(
        plan=plan,
        trained=trained,
        results=results,
        datasets=datasets,
        log=read_metrics(run.metrics),
        spec=spec,
        graph_svg=graph_svg,
        environment=read_environment(run.environment),
        timings=timings or {},
        problems=problems,
    )
    text = render(material)
    try:
        write_bytes(run.report, text.encode())
    except OSError as error:
        raise StorageError(
            Diagnostic(code="LZN708", summary=f"`{run.report}` cannot be written: {error}")
        ) from error
    return run.report


def render(material: Material) -> str:
    """Return the report as HTML."""
    made = [_make(title, section, material) for title, section in _SECTIONS]
    problems = [
        Missing(f"[{p.code}] {p.summary}", "; ".join((*p.notes, p.hint)).rstrip("; "))
        for p in material.problems
    ]
    plan = material.plan
    return page(
        plan.title,
        kicker="lzn_dsl run",
        tagline=glance(material),
        sections=[s for s in made if isinstance(s, Section)],
        missing=[*(m for m in made if isinstance(m, Missing)), *problems],
        foot=f"Made by lzn_dsl {plan.version} from seed {plan.train.seed}. "
        "Method: Latent Zoning Network, arXiv:2509.15591.",
    )


def _make(
    title: str, section: Callable[[Material], Section | Missing], material: Material
) -> Section | Missing:
    try:
        return section(material)
    except (LznError, SamplerError) as error:
        return Missing(title, str(error))
