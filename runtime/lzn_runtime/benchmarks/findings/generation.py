"""Part (a) of the findings: rectified flow with and without latents."""

from lzn_runtime.benchmarks.findings.page import Page, cells, fewer_seeds, percent, plain
from lzn_runtime.benchmarks.findings.series import GENERATION, GENERATION_FASHION, Series
from lzn_runtime.comparison.compare import Comparison


def write_generation(page: Page) -> None:
    """Write the part."""
    page.text(
        "## (a) Rectified flow, with and without latents",
        "Network, data, steps and optimizer are the same; `using rectified_flow` takes the latent\n"
        "out of the decoder's condition. Frechet distance of drawn pictures to test pictures, by\n"
        "features of a classifier that the project trains; lower is better.",
    )
    _on(page, "digits", GENERATION, [5, 10, 20, 50], most=0.8)
    _on(page, "Fashion-MNIST", GENERATION_FASHION, [5, 10, 50], most=1.0)


def _on(
    page: Page, data: str, series: tuple[Series, ...], steps: list[int], *, most: float
) -> None:
    found = page.compare(series)
    head = [f"{data}: Frechet distance", *(f"{n} Euler steps" for n in steps), "adaptive"]
    drawn = [("frechet", f"draw{n}", plain) for n in steps]
    page.table(head, cells(found, [*drawn, ("frechet", "draw", plain)]))
    head = [data, "precision, 10 steps", "recall, 10 steps", "rebuilt L2, 10 steps", "50 steps"]
    shares = [("precision", "draw10", percent), ("recall", "draw10", percent)]
    rebuilt = [("reconstruction", f"rebuild{n}", plain) for n in (10, 50)]
    page.table(head, cells(found, [*shares, *rebuilt]))
    for what, metric, task in (
        ("Frechet distance, 10 steps", "frechet", "draw10"),
        ("reconstruction, 10 steps", "reconstruction", "rebuild10"),
        ("reconstruction, 50 steps", "reconstruction", "rebuild50"),
    ):
        value = _ratio(found, metric, task)
        seeds = min(len(program.runs) for program in found.programs)
        wanted = f"at most {most:g}" if most < 1 else "below 1"
        shown = f"{value:.2f}{fewer_seeds(seeds)}"
        met = value <= most if most < 1 else value < 1
        page.bar(f"{data}: {what}, with over without latents", shown, wanted, met=met)


def _ratio(found: Comparison, metric: str, task: str) -> float:
    latents = found.cell("with latents", metric, task).spread.mean
    return latents / found.cell("without latents", metric, task).spread.mean
