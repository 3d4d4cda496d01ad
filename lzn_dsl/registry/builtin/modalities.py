"""Built-in modalities: pictures and class labels. Torch-free half."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from lzn_dsl.registry.entry import Capability, Cost, Entry, Kind, Sizes
from lzn_dsl.registry.registry import Registry
from lzn_dsl.registry.settings import Component, Settings, component

ClassName = Annotated[str, Field(min_length=1, max_length=200)]


class ImageSettings(Settings):
    """Pictures of one size."""

    positional: ClassVar[tuple[str, ...]] = ("height", "width", "channels")

    height: int | None = Field(
        default=None, ge=1, le=4096, description="Height in pixels; by default the data's."
    )
    width: int | None = Field(
        default=None, ge=1, le=4096, description="Width in pixels; by default the data's."
    )
    channels: int | None = Field(
        default=None, ge=1, le=64, description="1 for grey, 3 for colour; by default the data's."
    )
    encoder: Component = component("encoder", "conv", description="From pictures to anchors.")
    decoder: Component | None = component(
        "decoder", "flow", description="From latents to pictures; none if nothing draws them."
    )


def image_capabilities(settings: ImageSettings) -> frozenset[Capability]:
    """Pictures can be encoded, and decoded where there is a decoder."""
    if settings.decoder is None:
        return frozenset({Capability.ENCODABLE})
    return frozenset({Capability.ENCODABLE, Capability.DECODABLE})


def image_costs(settings: ImageSettings, sizes: Sizes, registry: Registry) -> dict[str, Cost]:
    """Cost of the encoder and, where there is one, of the decoder."""
    costs = {"encoder": _cost(Kind.ENCODER, settings.encoder, sizes, registry)}
    if settings.decoder is not None:
        costs["decoder"] = _cost(Kind.DECODER, settings.decoder, sizes, registry)
    return costs


def _cost(kind: Kind, part: Component, sizes: Sizes, registry: Registry) -> Cost:
    entry = registry.get(kind, part.name)
    if entry.cost is None:
        return Cost()
    return entry.cost(registry.settings(kind, part), sizes, registry)


class LabelSettings(Settings):
    """Classes that exclude each other, one learned anchor each."""

    positional: ClassVar[tuple[str, ...]] = ("classes",)

    classes: int | None = Field(
        default=None, ge=2, le=100_000, description="Number of classes; by default the data's."
    )
    names: list[ClassName] | None = Field(
        default=None, description="Name of each class, in order; by default the data's."
    )
    init_std: float = Field(
        default=1.0, ge=1e-3, le=100.0, description="Standard deviation of anchors at the start."
    )
    steps: int = Field(
        default=30, ge=1, le=1_000, description="Steps of the flow that reads a class off a latent."
    )
    ordered: bool = Field(
        default=False, description="Whether the classes have an order, such as ratings."
    )

    @model_validator(mode="after")
    def _one_name_per_class(self) -> Self:
        if self.names is None:
            return self
        if len(set(self.names)) != len(self.names):
            twice = next(n for n in self.names if self.names.count(n) > 1)
            raise ValueError(f"names must differ: `{twice}` occurs more than once")
        if self.classes is not None and len(self.names) != self.classes:
            raise ValueError(
                f"names must have one name per class: there are {self.classes} classes and "
                f"{len(self.names)} names"
            )
        return self


def label_capabilities(settings: LabelSettings) -> frozenset[Capability]:
    """Labels can be encoded and decoded, there are finitely many, and they may have an order."""
    always = {Capability.ENCODABLE, Capability.DECODABLE, Capability.DISCRETE}
    return frozenset(always | {Capability.ORDERED} if settings.ordered else always)


def label_costs(settings: LabelSettings, sizes: Sizes, registry: Registry) -> dict[str, Cost]:
    """Cost of the table of anchors; the decoder has no parameters of its own."""
    del registry
    num_classes, dim = sizes.sample["classes"], sizes.latent_dim
    flow = Cost(flops=settings.steps * 4 * num_classes * dim)
    return {"encoder": Cost(parameters=num_classes * dim, activations=1), "decoder": flow}


ENTRIES: tuple[Entry, ...] = (
    Entry(
        kind=Kind.MODALITY,
        name="image",
        help="Pictures of one size, grey or colour.",
        settings=ImageSettings,
        factory="lzn_runtime.modalities.image:build_image",
        capabilities=image_capabilities,
        costs=image_costs,
    ),
    Entry(
        kind=Kind.MODALITY,
        name="label",
        help="Classes that exclude each other, one learned anchor each.",
        settings=LabelSettings,
        factory="lzn_runtime.modalities.label:build_label",
        capabilities=label_capabilities,
        costs=label_costs,
    ),
)
