"""A spec over several seeds, beside a cross-entropy classifier with the same encoder.

    python tests/benchmarks/first_light.py specs/digits.lzn --seeds 0 1 2 --out build/first_light

For each seed: the whole job as `lzn run` does it (its own process, timed from outside), its
metrics, and the accuracy of a classifier made of the spec's image encoder, whose head has one
output a class, trained by cross-entropy for the same steps, batches, augmentation, optimizer,
schedule, clipping and averaged weights. Prints a table and writes it, with machine and versions, to
OUT/NAME.json.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.entry import Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_dsl.spec import load
from lzn_runtime.compile.parts import make_augment, make_schedule, open_dataset
from lzn_runtime.data.batches import BatchLoader
from lzn_runtime.loading import load_factory
from lzn_runtime.modalities.build import build_modality
from lzn_runtime.training.ema import update_average


def cross_entropy_accuracy(plan: Plan, registry: Registry, folder: Path) -> float:
    """Train the encoder of `image` with one output a class; return its held-out accuracy."""
    image, label = plan.modality("image"), plan.modality("label")
    encoder = Component.model_validate(image.component.settings["encoder"])
    lone = Component(
        name="image",
        settings={**image.component.settings, "encoder": encoder.model_dump(), "decoder": None},
    )
    sizes = Sizes(latent_dim=label.sample["classes"], sample=image.sample)
    model, average = (
        build_modality("image", lone, sizes, registry, seed=plan.train.seed) for _ in range(2)
    )
    entry = registry.get(Kind.OPTIMIZER, plan.train.optimizer.name)
    settings = registry.settings(Kind.OPTIMIZER, plan.train.optimizer)
    optimizer = load_factory(entry)(settings, model.parameters())
    base_lr = optimizer.param_groups[0]["lr"]
    schedule, change = make_schedule(plan, registry), make_augment(plan, registry)
    loader = BatchLoader(
        open_dataset(plan.dataset(plan.train.on), registry, folder),
        seed=plan.train.seed,
        batch=plan.train.batch,
        start_step=0,
        stop_step=plan.train.steps,
        num_workers=0,
    )
    for step, batch in enumerate(loader):
        pictures: Tensor = batch.columns["image"]
        if change is not None:
            pictures = change("image", pictures, step, batch.indices)
        loss = functional.cross_entropy(
            model.encoder(model.to_model(pictures)), batch.columns["label"]
        )
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), plan.train.clip)
        for group in optimizer.param_groups:
            group["lr"] = base_lr * schedule(step)
        optimizer.step()
        update_average(average, model, decay=plan.train.ema, updates=step)
    held_out = plan.dataset(plan.evaluations[0].data)
    unseen = open_dataset(held_out, registry, folder)
    right = 0
    with torch.no_grad():
        for rows in torch.split(torch.arange(len(unseen)), 1000):
            columns = unseen.__getitems__(rows.tolist())
            scores = average.encoder(average.to_model(columns["image"]))
            right += int((scores.argmax(1) == columns["label"]).sum())
    return right / len(unseen)


def whole_job(spec: Path, settings: dict[str, str], folder: Path) -> tuple[float, dict[str, float]]:
    """Run the spec as the shell does; return its seconds and its metrics."""
    command = [sys.executable, "-m", "lzn_dsl", "run", str(spec), "--out", str(folder), "--fresh"]
    start = time.perf_counter()
    chosen = [word for path, value in settings.items() for word in ("--set", f"{path}={value}")]
    subprocess.run([*command, "--quiet", *chosen], check=True)
    seconds = time.perf_counter() - start
    results = json.loads((folder / "metrics.json").read_text())["results"]
    return seconds, {f"{r['task']} {r['name']}": float(r["value"]) for r in results}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("spec", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--out", type=Path, default=Path("build/first_light"))
    parser.add_argument("--set", dest="settings", action="append", default=[])
    parser.add_argument("--no-baseline", action="store_true", help="leave the classifier out")
    options = parser.parse_args()
    name = options.spec.stem
    rows: list[dict[str, Any]] = []
    for seed in options.seeds:
        settings = dict(s.split("=", 1) for s in options.settings) | {"train.seed": str(seed)}
        seconds, metrics = whole_job(options.spec, settings, options.out / f"{name}-{seed}")
        rows.append({"seed": seed, "seconds": seconds, **metrics})
        if not options.no_baseline:
            loaded = load(options.spec, settings=settings)
            baseline = cross_entropy_accuracy(loaded.plan(), loaded.registry, loaded.folder)
            rows[-1]["cross-entropy accuracy"] = baseline
        print(json.dumps(rows[-1]), flush=True)
    columns = [c for c in rows[0] if c != "seed"]
    record = {
        "spec": str(options.spec),
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads",
        "torch": torch.__version__,
        "settings": options.settings,
        "runs": rows,
        "mean": {c: mean(row[c] for row in rows) for c in columns},
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{name}.json").write_text(json.dumps(record, indent=1))
    width = max(map(len, columns))
    print(
        f"\n{'':<{width}}  "
        + "".join(f"{'seed ' + str(r['seed']):>10}" for r in rows)
        + f"{'mean':>10}"
    )
    for column in columns:
        values = [row[column] for row in rows]
        print(f"{column:<{width}}  " + "".join(f"{v:>10.4g}" for v in [*values, mean(values)]))


if __name__ == "__main__":
    main()
