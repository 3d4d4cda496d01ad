"""The program that a converted checkpoint is of: one of the paper's, or one written for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from lzn_dsl.diagnostics.diagnostic import Diagnostic, SpecError, StorageError
from lzn_dsl.diagnostics.suggest import suggest
from lzn_dsl.planning.plan import Plan
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.resources import resource_folder
from lzn_dsl.spec import load
from lzn_runtime.convert.shapes import Layout

_EMBEDDED_SIDE = 224
_HEADER = "# The program of a checkpoint of the paper's published code, made by `lzn convert`.\n"


@dataclass(frozen=True)
class ConvertedProgram:
    """A program that fits a checkpoint: its name (empty: none of the paper's), text and plan."""

    name: str
    text: str
    plan: Plan


def configurations() -> tuple[str, ...]:
    """Return the names of the paper's configurations."""
    return tuple(sorted(path.stem for path in (resource_folder("specs") / "paper").glob("*.lzn")))


def choose_program(
    layout: Layout, facts: Mapping[str, str], registry: Registry, wanted: str | None
) -> ConvertedProgram:
    """Return the program of a checkpoint with these networks.

    Those of the paper that have the same networks are told apart by the decay of their averaged
    weights, unless one is `wanted` by name.

    Raises:
        SpecError: No configuration has the wanted name (LZN903).
        StorageError: The wanted one has other networks (LZN716).
    """
    if wanted is not None and wanted not in configurations():
        known = ", ".join(f"`{name}`" for name in configurations())
        summary = f"no configuration of the paper is called `{wanted}`"
        hint = suggest(wanted, configurations())
        raise SpecError(Diagnostic("LZN903", summary, notes=(f"there are: {known}",), hint=hint))
    for name in configurations() if wanted is None else (wanted,):
        program = _published(name, layout, registry)
        faults = _differences(program.plan, layout, registry)
        if not faults and (wanted is not None or _same_decay(program.plan, facts)):
            return program
        if wanted is not None:
            raise StorageError(
                Diagnostic(
                    code="LZN716",
                    summary=f"the checkpoint is not of the configuration `{wanted}`",
                    notes=tuple(faults),
                    hint="leave `--config` out to have it recognised",
                )
            )
    text = _HEADER + _text(layout)
    return ConvertedProgram("", text, load(text, registry=registry).plan())


def _published(name: str, layout: Layout, registry: Registry) -> ConvertedProgram:
    path = resource_folder("specs") / "paper" / f"{name}.lzn"
    spec = load(path, registry=registry)
    # The layers of the head are a parameter of the program that has one.
    encoder, settings = layout.encoder
    if encoder == "resnet50" and "head" in spec.plan().parameters:
        spec = load(path, params=settings, registry=registry)
    return ConvertedProgram(name, path.read_text("utf-8"), spec.plan())


def _differences(plan: Plan, layout: Layout, registry: Registry) -> list[str]:
    """Say in what a plan's networks are not those of a checkpoint."""
    image = plan.modality("image")
    labels = [m for m in plan.modalities if m.name == "label"]
    name, settings = layout.encoder
    want: dict[str, JsonValue] = {
        "dimension of the latent space": layout.dim,
        "channels": layout.channels,
        "side": layout.side or image.sample["height"],
        "encoder": _built(registry.complete(Kind.ENCODER, name, settings).model_dump(mode="json")),
        "network": None,
        "classes": layout.classes,
        "classes that the decoder is told": layout.told,
    }
    if layout.network is not None:
        network = registry.complete(Kind.NETWORK, "ncsnpp", layout.network)
        want["network"] = _built(network.model_dump(mode="json"))
    decoder = image.component.settings["decoder"]
    classes = labels[0].sample["classes"] if labels else 0
    found: dict[str, JsonValue] = {
        "dimension of the latent space": plan.dim,
        "channels": image.sample["channels"],
        "side": image.sample["height"],
        "encoder": _built(image.component.settings["encoder"]),
        "network": _built(_settings(decoder)["network"]) if decoder else None,
        "classes": classes,
        "classes that the decoder is told": classes if image.condition else 0,
    }
    return [
        f"{part}: {_show(want[part])}, where the configuration has {_show(found[part])}"
        for part in want
        if want[part] != found[part]
    ]


def _built(component: JsonValue) -> JsonValue:
    """Return a component without what training alone asks: no weight tells of it."""
    assert isinstance(component, dict)
    settings = {k: v for k, v in _settings(component).items() if k != "dropout"}
    return {**component, "settings": settings}


def _settings(component: JsonValue) -> dict[str, JsonValue]:
    assert isinstance(component, dict)
    settings = component["settings"]
    assert isinstance(settings, dict)
    return settings


def _show(value: JsonValue) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{k}: {_written(v)}" for k, v in _settings(value).items())
        return f"{value['name']}({inner})"
    return "none" if value is None else str(value)


def _same_decay(plan: Plan, facts: Mapping[str, str]) -> bool:
    return facts.get("encoder_ema.decay") in (None, repr(plan.train.ema))


def _text(layout: Layout) -> str:
    if layout.network is None:
        return _embedding(layout)
    name, settings = layout.encoder
    side, channels = layout.side, layout.channels
    classes = "" if layout.told else ", classes: none"
    lines = [
        "",
        f"space gaussian(dim: {layout.dim})",
        "",
        f'data pictures = image_folder(root: "pictures", size: {side}, channels: {channels})',
        "",
        "modality image = image(",
        f"    encoder: {name}({_arguments(settings)}),",
        "    decoder: flow(",
        f"        ncsnpp({_arguments(layout.network)}),",
        f"        sampler: dopri5(rtol: 1e-5, atol: 1e-5), start: 1e-3{classes},",
        "    ),",
        ")",
    ]
    tasks = {"imagine": "generate image", "rebuild": "reconstruct image", "gist": "embed image"}
    if layout.classes:
        lines.append(f"modality label = label({layout.classes})")
        labelled = {"draw": "generate image from label", "name": "classify image as label"}
        tasks = {**labelled, **tasks}
    lines += ["", *(f"task {task} = {phrase}" for task, phrase in tasks.items())]
    if layout.classes:
        lines += ["", "learn align image with label { alpha: 1, cutoff: 0.2, log: false }"]
    lines += ["", "train { on: pictures }", ""]
    return "\n".join(lines)


def _embedding(layout: Layout) -> str:
    name, settings = layout.encoder
    return (
        f"\nspace gaussian(dim: {layout.dim})\n\n"
        f'data pictures = image_folder(root: "pictures", size: {_EMBEDDED_SIDE}, '
        f"channels: {layout.channels})\n\n"
        f"modality image = image(encoder: {name}({_arguments(settings)}), decoder: none)\n\n"
        "task gist = embed image\n\n"
        "train { on: pictures }\n"
    )


def _arguments(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_written(value)}" for name, value in settings.items())


def _written(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    return "none" if value is None else str(value)
