"""A plan made by hand, so that how it is shown does not move with the defaults."""

from typing import Any

from lzn_dsl.planning.plan import Plan

Record = dict[str, Any]


def shown_plan() -> Plan:
    """Return a plan with every kind of thing that can be shown."""
    return Plan.model_validate(
        {
            "version": "0",
            "title": "clothes",
            "dim": 64,
            "datasets": [_dataset("clothes", "train", 60_000), _dataset("unseen", "test", None)],
            "modalities": [_image(), _label("label", 10), _label("season", 4)],
            "objectives": _objectives(),
            "tasks": _tasks(),
            "train": _train(),
            "evaluations": [
                _evaluation("draw", "frechet", samples=5_000, ridge=1e-6),
                _evaluation("draw", "recognition", samples=1_000),
                _evaluation("gist", "linear_probe"),
            ],
            "step": _step(),
            "cost": _cost(),
            "origins": _origins(),
        }
    )


def _part(name: str, **settings: object) -> Record:
    return {"name": name, "settings": settings}


def _dataset(name: str, split: str, size: int | None) -> Record:
    picture = {"height": 28, "width": 28, "channels": 1}
    return {
        "name": name,
        "component": _part("fashion_mnist", split=split, root=None),
        "columns": {
            "image": {"kind": "image", "facts": picture},
            "label": {"kind": "label", "facts": {"classes": 10, "names": list("abcdefghij")}},
        },
        "num_samples": size,
    }


def _image() -> Record:
    decoder = _part("flow", network=_part("unet", width=32), sampler=_part("euler", steps=20))
    return {
        "name": "image",
        "component": _part("image", encoder=_part("conv", widths=[32, 64]), decoder=decoder),
        "capabilities": ["decodable", "encodable"],
        "condition": "label",
        "sample": {"height": 28, "width": 28, "channels": 1},
        "parameters": {"encoder": 421_312, "decoder": 1_204_993},
    }


def _label(name: str, classes: int) -> Record:
    return {
        "name": name,
        "component": _part("label", classes=classes),
        "capabilities": ["decodable", "discrete", "encodable"],
        "sample": {"classes": classes},
        "parameters": {"encoder": 64 * classes, "decoder": 0},
    }


def _objectives() -> list[Record]:
    def align(other: str, *reasons: str) -> Record:
        settings = {"weight": 1.0, "alpha": 0.3, "cutoff": 0.2, "until": 1.0, "log": True}
        name = f"align image with {other}"
        ends = {"modality": "image", "other": other}
        return {"id": name, "kind": "align", **ends, "settings": settings, "reasons": reasons}

    reasons = ("`draw` decodes `image`", "`mix` decodes `image`", "stated")
    settings = {"weight": 0.5, "alpha": 1.0, "samples": 128}
    decode = {"kind": "decode", "modality": "image", "settings": settings, "reasons": reasons}
    return [
        {"id": "decode image", **decode},
        align("label", "`draw` goes from `label` to `image`"),
        align(
            "season",
            "`dress`, a task whose name and reason were made long enough that one line of the "
            "terminal cannot hold them, goes from `season` to `label`",
        ),
    ]


def _tasks() -> list[Record]:
    aligned = ("decode image", "align image with label")
    draw = _task(
        "draw", "generate image from label", "image", aligned,
        [("label", "input", "label", ()), ("e", "encode", "label", ("label",)),
         ("d", "decode", "image", ("e",))],
    )  # fmt: skip
    gist = _task(
        "gist", "embed image", None, aligned,
        [("image", "input", "image", ()), ("f", "features", "image", ("image",))],
    )  # fmt: skip
    mix = _task(
        "mix", "blend image with image as label", "image", aligned,
        [("one", "input", "image", ()), ("label", "input", "label", ()),
         ("a", "encode", "image", ("one",)), ("b", "encode", "label", ("label",)),
         ("m", "blend", None, ("a", "b")), ("d", "decode", "image", ("m",))],
    )  # fmt: skip
    fresh = _task(
        "fresh", "generate image", "image", ("decode image",),
        [("prior", "prior", None, ()), ("d", "decode", "image", ("prior",))],
    )  # fmt: skip
    dress = _task(
        "dress", "classify season as label", "label", ("align image with season",),
        [("season", "input", "season", ()), ("c", "center", "season", ("season",)),
         ("d", "decode", "label", ("c",))],
    )  # fmt: skip
    return [draw, gist, mix, fresh, {**dress, "unpaired": ["image"]}]


def _task(
    name: str,
    phrase: str,
    output: str | None,
    trained_by: tuple[str, ...],
    steps: list[tuple[str, str, str | None, tuple[str, ...]]],
) -> Record:
    parts = {"encode": "encoder", "center": "encoder", "features": "encoder", "decode": "decoder"}
    return {
        "name": name,
        "phrase": phrase,
        "verb": phrase.split()[0],
        "inputs": [i for i, primitive, _, _ in steps if primitive == "input"],
        "output": {"kind": "sample" if output else "features", "modality": output},
        "steps": [
            {"id": i, "primitive": primitive, "modality": modality, "operands": operands}
            for i, primitive, modality, operands in steps
        ],
        "alpha": 0.5 if name == "mix" else 1.0,
        "needs": [f"{m}.{parts[p]}" for _, p, m, _ in steps if p in parts],
        "trained_by": trained_by,
    }


def _train() -> Record:
    every = {"checkpoint_every": 500, "sample_every": 500, "log_every": 20, "keep": 2}
    return {
        "on": "clothes",
        "steps": 4_000,
        "batch": 500,
        "seed": 0,
        "optimizer": _part("adam", lr=2e-3, betas=[0.9, 0.999]),
        "schedule": _part("cosine", warmup=0),
        "ema": 0.999,
        "clip": 1.0,
        "augment": [_part("flip"), _part("shift", pixels=2)],
        "solver_steps": 20,
        "support": 1000,
        "workers": 0,
        **every,
    }


def _evaluation(task: str, metric: str, **settings: object) -> Record:
    return {"task": task, "data": "unseen", "metric": _part(metric, **settings)}


def _step() -> list[Record]:
    def op(kind: str, modality: str, *operands: str, alpha: float = 0.0) -> Record:
        name = f"{kind} {modality}" + (f" {alpha:g}" if kind == "latents" else "")
        record = {"id": name, "op": kind, "modality": modality, "operands": operands}
        return {**record, "alpha": alpha}

    def loss(name: str, *operands: str) -> Record:
        return {**op("loss", name, *operands), "modality": "image", "objective": name}

    return [
        op("batch", "image"),
        op("encode", "image", "batch image"),
        op("latents", "image", "encode image", alpha=1.0),
        op("batch", "label"),
        loss("decode image", "latents image 1", "batch image", "batch label"),
        op("latents", "image", "encode image", alpha=0.3),
        loss("align image with label", "latents image 0.3", "batch label"),
        op("batch", "season"),
        loss("align image with season", "latents image 0.3", "batch season"),
    ]


def _cost() -> Record:
    parts = (
        ("encode image", 11_000_000_000, 40_000_000),
        ("latents image 1", 1_400_000_000, 3_000_000),
        ("loss decode image", 47_600_000_000, 120_000_000),
        ("latents image 0.3", 1_400_000_000, 3_000_000),
        ("loss align image with label", 90_000_000, 500_000),
        ("loss align image with season", 36_000_000, 400_000),
    )
    parameters = 1_627_201
    return {
        "parameters": parameters,
        "flops": sum(flops for _, flops, _ in parts),
        "memory": 20 * parameters + sum(memory for _, _, memory in parts),
        "parts": [{"id": i, "flops": f, "memory": m} for i, f, m in parts],
    }


def _origins() -> dict[str, str]:
    return {
        "space.dim": "clothes.lzn:3:21",
        "data.clothes.split": "clothes.lzn:5:30",
        "data.clothes.root": "default",
        "data.unseen.split": "clothes.lzn:6:30",
        "modality.image.height": "data",
        "modality.image.encoder.widths": "clothes.lzn:9:27",
        "modality.image.encoder": "clothes.lzn:9:14",
        "modality.image.decoder.network.width": "--set modality.image.decoder.network.width:1:1",
        "learn.decode image.weight": "clothes.lzn:20:31",
        "learn.decode image.samples": "clothes.lzn:20:44",
        "task.mix.alpha": "clothes.lzn:14:52",
        "evaluate.draw.unseen.frechet.samples": "clothes.lzn:40:51",
        "train.on": "default: the first dataset",
        "train.optimizer.lr": "clothes.lzn:27:26",
        "train.augment": "clothes.lzn:28:14",
        "train.augment.pixels": "clothes.lzn:28:31",
        "train.steps": "--set train.steps:1:1",
    }
