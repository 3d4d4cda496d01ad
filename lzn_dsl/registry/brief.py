"""Components in a word or two, for tables and pictures."""

from typing import Literal

from lzn_dsl.registry.settings import Component

Part = Literal["encoder", "decoder"]

_DISCRETE: dict[Part, str] = {"encoder": "one anchor a class", "decoder": "nearest zone"}


def brief(component: object) -> str:
    """Name a component with the network inside it: `conv`, `flow(unet)`; empty for no component."""
    if isinstance(component, dict) and isinstance(component.get("name"), str):
        component = Component.model_validate(component)
    if not isinstance(component, Component):
        return ""
    inner = brief(component.settings.get("network"))
    return f"{component.name}({inner})" if inner else component.name


def module_name(modality: Component, part: Part, *, discrete: bool) -> str:
    """Name the encoder or decoder of a modality."""
    named = brief(modality.settings.get(part))
    return named or (_DISCRETE[part] if discrete else modality.name)
