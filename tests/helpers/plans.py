"""Small hand-made plans on the digits, as the language would make them."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from lzn_dsl.planning.plan import (
    ColumnPlan,
    CostPlan,
    DatasetPlan,
    ModalityPlan,
    ObjectivePlan,
    Plan,
    SharedOp,
    StepPlan,
    TaskPlan,
    TrainPlan,
    TypePlan,
)
from lzn_dsl.registry.builtin import (
    augmentations,
    datasets,
    decoders,
    encoders,
    modalities,
    networks,
    optimizers,
    samplers,
    schedules,
)
from lzn_dsl.registry.entry import Kind
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component
from lzn_dsl.semantics.settings import AlignSettings, DecodeSettings

_FAMILIES = (
    augmentations,
    datasets,
    decoders,
    encoders,
    modalities,
    networks,
    optimizers,
    samplers,
    schedules,
)
_PICTURE = {"height": 8, "width": 8, "channels": 1}


def registry() -> Registry:
    """The built-in components that these plans name."""
    return Registry(tuple(entry for family in _FAMILIES for entry in family.ENTRIES))


def component(kind: Kind, name: str, **settings: JsonValue) -> Component:
    """A component with its defaults filled in."""
    return registry().complete(kind, name, settings)


def digits_plan(
    train: Mapping[str, object] | None = None,
    *,
    align: Mapping[str, object] | None = None,
    decode: Mapping[str, object] | None = None,
    tasks: Sequence[str] = ("draw", "fresh", "name", "gist", "rebuild"),
    augment: bool = False,
    conditioned: bool = True,
) -> Plan:
    """A tiny joint program on the digits: draw, name, embed, rebuild.

    `train`, `align` and `decode` lie over the settings of the plan.
    """
    picture = component(
        Kind.MODALITY,
        "image",
        encoder={"name": "conv", "settings": {"widths": [8, 8]}},
        decoder={
            "name": "flow",
            "settings": {
                "network": {"name": "unet", "settings": {"width": 8}},
                "sampler": {"name": "euler", "settings": {"steps": 4}},
            },
        },
        **_PICTURE,
    )
    digit = component(Kind.MODALITY, "label", classes=10)
    return Plan(
        version="0",
        title="digits",
        dim=8,
        datasets=(
            DatasetPlan(
                name="digits",
                component=component(Kind.DATASET, "digits", split="train"),
                columns={
                    "image": ColumnPlan(kind="image", facts=dict(_PICTURE)),
                    "label": ColumnPlan(kind="label", facts={"classes": 10}),
                },
            ),
        ),
        modalities=(
            ModalityPlan(
                name="image",
                component=picture,
                capabilities=("decodable", "encodable"),
                condition="label" if conditioned else None,
                sample=dict(_PICTURE),
                parameters={},
            ),
            ModalityPlan(
                name="label",
                component=digit,
                capabilities=("decodable", "discrete", "encodable"),
                sample={"classes": 10},
                names=(
                    "zero",
                    "one",
                    "two",
                    "three",
                    "four",
                    "five",
                    "six",
                    "seven",
                    "eight",
                    "nine",
                ),
                parameters={},
            ),
        ),
        objectives=(
            ObjectivePlan(
                id="align image with label",
                kind="align",
                modality="image",
                other="label",
                settings=AlignSettings(**{"alpha": 0.3, **(align or {})}).model_dump(),
                reasons=("stated",),
            ),
            ObjectivePlan(
                id="decode image",
                kind="decode",
                modality="image",
                settings=DecodeSettings(**{"alpha": 1.0, **(decode or {})}).model_dump(),
                reasons=("stated",),
            ),
        ),
        tasks=tuple(TASKS[name] for name in tasks),
        train=_train(train or {}, augment=augment),
        evaluations=(),
        step=_step(
            float(str((align or {}).get("alpha", 0.3))),
            float(str((decode or {}).get("alpha", 1.0))),
            conditioned=conditioned,
        ),
        cost=CostPlan(parameters=0, flops=0, memory=0, parts=()),
        origins={},
    )


def _train(changes: Mapping[str, object], *, augment: bool) -> TrainPlan:
    shift = component(Kind.AUGMENTATION, "shift", pixels=1)
    settings: dict[str, object] = {
        "on": "digits",
        "steps": 12,
        "batch": 32,
        "seed": 0,
        "optimizer": component(Kind.OPTIMIZER, "adam", lr=3e-3),
        "schedule": component(Kind.SCHEDULE, "cosine", warmup=2),
        "ema": 0.9,
        "clip": 1.0,
        "augment": (shift,) if augment else (),
        "solver_steps": 8,
        "support": 40,
        "workers": 0,
        "checkpoint_every": 5,
        "sample_every": 1000,
        "log_every": 1,
        "keep": 2,
    }
    return TrainPlan.model_validate({**settings, **changes})


def _step(align: float, decode: float, *, conditioned: bool) -> tuple[SharedOp, ...]:
    near, far = f"latents image {align:g}", f"latents image {decode:g}"
    ops = [
        SharedOp(id="batch image", op="batch", modality="image"),
        SharedOp(id="encode image", op="encode", operands=("batch image",), modality="image"),
        SharedOp(id=near, op="latents", operands=("encode image",), modality="image", alpha=align),
        SharedOp(id="batch label", op="batch", modality="label"),
        SharedOp(
            id="loss align image with label",
            op="loss",
            operands=(near, "batch label"),
            modality="image",
            objective="align image with label",
        ),
    ]
    if far != near:
        ops.append(
            SharedOp(
                id=far, op="latents", operands=("encode image",), modality="image", alpha=decode
            )
        )
    classes = ("batch label",) if conditioned else ()
    ops.append(
        SharedOp(
            id="loss decode image",
            op="loss",
            operands=(far, "batch image", *classes),
            modality="image",
            objective="decode image",
        )
    )
    return tuple(ops)


def step(step_id: str, primitive: str, *operands: str, modality: str | None = None) -> StepPlan:
    """A step of a task."""
    return StepPlan(id=step_id, primitive=primitive, operands=operands, modality=modality)


def task(
    name: str, phrase: str, output: tuple[str, str | None], *steps: StepPlan, alpha: float = 1.0
) -> TaskPlan:
    """A task of these steps; `output` is the kind and modality of its value."""
    own = tuple(_with_alpha(s, alpha) for s in steps)
    return TaskPlan.model_validate(
        {
            "name": name,
            "phrase": phrase,
            "verb": phrase.split()[0],
            "inputs": tuple(s.id for s in steps if s.primitive == "input"),
            "output": TypePlan.model_validate({"kind": output[0], "modality": output[1]}),
            "steps": own,
            "many": own[-1].many,
            "alpha": alpha,
        }
    )


def _with_alpha(one: StepPlan, alpha: float) -> StepPlan:
    draws = one.primitive in ("encode", "invert", "meet")
    return one.model_copy(update={"alpha": alpha}) if draws else one


_IMAGE = step("image", "input", modality="image")
_LABEL = step("label", "input", modality="label")

TASKS: dict[str, TaskPlan] = {
    t.name: t
    for t in (
        task(
            "draw",
            "generate image from label",
            ("sample", "image"),
            _LABEL,
            step("encode_label", "encode", "label", modality="label"),
            step("decode_image", "decode", "encode_label", modality="image"),
        ),
        task(
            "fresh",
            "generate image",
            ("sample", "image"),
            step("prior", "prior"),
            step("decode_image", "decode", "prior", modality="image"),
        ),
        task(
            "name",
            "classify image as label",
            ("sample", "label"),
            _IMAGE,
            step("center_image", "center", "image", modality="image"),
            step("decode_label", "decode", "center_image", modality="label"),
        ),
        task(
            "gist",
            "embed image",
            ("features", "image"),
            _IMAGE,
            step("features_image", "features", "image", modality="image"),
        ),
        task(
            "rebuild",
            "reconstruct image",
            ("sample", "image"),
            _IMAGE,
            step("invert_image", "invert", "image", modality="image"),
            step("decode_image", "decode", "invert_image", modality="image"),
        ),
    )
}
