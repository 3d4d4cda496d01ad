"""The runs that the findings are made from."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from lzn_dsl.resources import resource_folder
from lzn_runtime.comparison.runs import load_run

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Series:
    """One program over the seeds.

    Attributes:
        name: Its folder.
        spec: A file of specs/compare.
        label: What it is called in tables.
        parameters: Values of its parameters.
        again: Evaluations that its program does not name.
        over_steps: A task that is measured at every checkpoint, and untrained; empty for none.
    """

    name: str
    spec: str
    label: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    again: tuple[str, ...] = ()
    over_steps: str = ""

    def folder(self, root: Path, seed: int) -> Path:
        """Return the run folder of a seed."""
        return root / self.name / f"seed-{seed}"

    def run(self, root: Path, seed: int) -> None:
        """Train and measure with a seed, as far as that is not done."""
        folder = self.folder(root, seed)
        if not (folder / "metrics.json").exists():
            given = [f"{name}={str(value).lower()}" for name, value in self.parameters.items()]
            options = [word for text in given for word in ("-p", text)]
            spec = resource_folder("specs") / "compare" / f"{self.spec}.lzn"
            seeded = ["--set", f"train.seed={seed}"]
            _lzn("run", str(spec), *options, *seeded, "--out", str(folder), "--quiet")
        run = load_run(folder)
        measured = {run.step_of(result) for result in run.results}
        if self.over_steps and len(measured) == 1:
            _lzn("eval", str(folder), "--every-checkpoint", "--task", self.over_steps, "--quiet")
        if self.again and len(run.results) <= len(run.plan.evaluations):
            _lzn("eval", str(folder), *self.again, "--quiet")


_FLOW = {"method": "rectified_flow"}
_BATCHES = "name on unseen with accuracy(alpha: 0, batch: [32, 100, 250, 1_000])"
_CHANGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("alpha 0.3, cut-off 20 %, until 60 %, log, 12 steps", {}),
    ("alpha 0.1", {"alpha": 0.1}),
    ("alpha 1 (the paper's)", {"alpha": 1}),
    ("cut-off 0", {"cutoff": 0}),
    ("until 100 % (the paper's)", {"until": 1}),
    ("no log (the paper's)", {"log": False}),
    ("alpha 1, until 100 %, no log (the paper's)", {"alpha": 1, "until": 1, "log": False}),
    ("6 solver steps", {"solver_steps": 6}),
    ("24 solver steps", {"solver_steps": 24}),
    ("batches of 64", {"batch": 64}),
    ("batches of 256", {"batch": 256}),
)

GENERATION = (
    Series("generation_flow", "generation", "without latents", _FLOW),
    Series("generation_latents", "generation", "with latents"),
)
GENERATION_FASHION = (
    Series("generation_fashion_flow", "generation_fashion", "without latents", _FLOW),
    Series("generation_fashion_latents", "generation_fashion", "with latents"),
)
EMBEDDING = tuple(
    Series(name, "embedding_fashion", label, {"method": method}, over_steps="gist")
    for name, label, method in (
        ("embedding_latents", "latent zones", "latent_zoning"),
        ("embedding_simclr", "SimCLR", "simclr"),
        ("embedding_moco", "MoCo", "moco"),
    )
)
JOINT = (
    Series("joint", "joint_fashion", "joint"),
    Series("classification", "classification_fashion", "classification alone", again=(_BATCHES,)),
    Series("cross_entropy", "cross_entropy_fashion", "cross-entropy"),
)
_SHORT = {"steps": 300}
ABLATIONS = (
    *(
        Series(
            "ablation_" + ("_".join(f"{k}-{v}" for k, v in change.items()).lower() or "none"),
            "classification_fashion",
            label,
            {**_SHORT, **change},
        )
        for label, change in _CHANGES
    ),
    Series("ablation_cross_entropy", "cross_entropy_fashion", "cross-entropy", _SHORT),
)
SECTIONS: Mapping[str, tuple[Series, ...]] = {
    "generation": (*GENERATION, *GENERATION_FASHION),
    "embedding": EMBEDDING,
    "joint": JOINT,
    "ablations": ABLATIONS,
}


def run_all(root: Path, sections: Sequence[str], *, jobs: int) -> None:
    """Do the runs of some sections that are not done, so many at a time, seed by seed.

    Raises subprocess.CalledProcessError where one fails; its messages are on standard error.
    """
    todo = [(series, seed) for name in sections for seed in SEEDS for series in SECTIONS[name]]
    with ThreadPoolExecutor(jobs) as pool:
        for done in [pool.submit(series.run, root, seed) for series, seed in todo]:
            done.result()


def _lzn(*words: str) -> None:
    """Run a command of the shell on one thread."""
    sys.stderr.write(f"lzn {' '.join(words)}\n")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "lzn_dsl", *words]
    subprocess.run(command, check=True, env=environment, stdout=sys.stderr)  # noqa: S603
