"""What the program draws: samples class by class, and samples of the whole space."""

import torch
from torch import Tensor

from lzn_dsl.planning.plan import TaskPlan
from lzn_runtime.evaluation.conditions import conditions
from lzn_runtime.modalities.protocol import ClassDecoder
from lzn_runtime.report.charts.palette import class_colours
from lzn_runtime.report.images import name_column, picture, row, shown_width
from lzn_runtime.report.markup import Html, join, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.section import Missing, Section

_TITLE = "What it draws"
_CLASSES = 20
"""Classes that are shown, at most."""
_PER_CLASS = 10
_SHORT = 3
"""Characters of names beside which that many pictures find room."""
_PLAIN = 36
_WIDE = 100
"""Pictures of more pixels in a row are shown in smaller numbers."""


def drawn(material: Material) -> Section | Missing:
    """Return samples of each class, and samples without a condition."""
    panels = [p for p in (_by_class(material), _from_prior(material)) if p is not None]
    if not panels:
        return Missing(_TITLE, "no task draws a picture from a class, or from nothing")
    kind = "grid duo" if len(panels) > 1 else "grid"
    return Section("drawn", _TITLE, tag("div", *panels, class_=kind))


def _by_class(material: Material) -> Html | None:
    """Return samples of each class, for every task that draws pictures from classes alone."""
    parts: list[Html] = []
    for task in material.picture_tasks():
        inputs = list(material.inputs(task).items())
        if len(inputs) != 1 or "discrete" not in inputs[0][1].capabilities:
            continue
        name, modality = inputs[0]
        names = material.names(modality)[:_CLASSES]
        count = _per_row(material, task, longest=max(map(len, names)))
        labels = torch.arange(len(names)).repeat_interleave(count)
        images = material.trained.run(task.name, {name: labels}, seed=material.seed).value.cpu()
        rows = [
            row(class_, images[i * count : (i + 1) * count], alt=f"{task.name} {class_}")
            for i, class_ in enumerate(names)
        ]
        left_out = modality.sample["classes"] - len(names)
        note = f"; {left_out} more classes are not shown" if left_out > 0 else ""
        parts.append(tag("div", *rows, class_="rows", style=name_column(names)))
        parts.append(tag("p", f"{_said(material, task)}{note}", class_="note"))
    if not parts:
        return None
    lead = tag("p", "A latent from the zone of the class, handed to the decoder.", class_="hint")
    return tag("div", tag("h3", "From a class"), lead, *parts, class_="panel")


def _from_prior(material: Material) -> Html | None:
    """Return samples without a condition, each with the class that its latent belongs to."""
    parts: list[Html] = []
    for task in material.picture_tasks():
        if material.inputs(task):
            continue
        width = material.picture_of(task).sample["width"]
        count = _PLAIN if width <= _WIDE else 8
        result = material.trained.run(task.name, {}, count=count, seed=material.seed)
        read = read_off(material, result.latents)
        tiles = [_tile(image, read, i) for i, image in enumerate(result.value.cpu())]
        style = f"--tile: {shown_width(width) + 4}px"
        parts.append(tag("div", *tiles, class_="tiles", style=style))
        parts.append(tag("p", _said(material, task), class_="note"))
    if not parts:
        return None
    text = "A latent drawn from N(0, I)."
    if material.classes() is not None:
        text += " Below: the class whose zone it lies in."
    lead = tag("p", text, class_="hint")
    return tag("div", tag("h3", "From the whole space"), lead, *parts, class_="panel")


class Read:
    """Classes read off latents, with their names and colours."""

    def __init__(self, labels: list[int], names: tuple[str, ...]) -> None:
        self.labels = labels
        self.names = names
        self.colours = class_colours(len(names))

    def chip(self, i: int) -> Html:
        """Return the colour and name of sample i's class."""
        label = self.labels[i]
        dot = tag("span", class_="dot", style=f"--c: {self.colours[label]}")
        return join(dot, tag("b", self.names[label]))


@torch.no_grad()
def read_off(material: Material, latents: Tensor | None) -> Read | None:
    """Return the class of each latent by the label decoder, or None where there is none."""
    modality = material.classes()
    if modality is None or latents is None:
        return None
    decoder = material.trained.model.modality(modality.name).decoder
    if not isinstance(decoder, ClassDecoder):
        return None
    return Read(decoder.decode(latents).argmax(1).tolist(), material.names(modality))


def _tile(image: Tensor, read: Read | None, i: int) -> Html:
    name = read.names[read.labels[i]] if read else f"sample {i + 1}"
    shown = picture(image, alt=name if read is None else f"read as {name}")
    return tag("div", shown, read.chip(i) if read else None, class_="tile")


def _per_row(material: Material, task: TaskPlan, *, longest: int) -> int:
    """Return how many pictures stand beside a name of so many characters."""
    if material.picture_of(task).sample["width"] > _WIDE:
        return 3
    return _PER_CLASS if longest <= _SHORT else 8


def _said(material: Material, task: TaskPlan) -> str:
    found = conditions(material.plan, task, seed=material.seed)
    shown = [f"{k} {found[k]}" for k in ("alpha", "sampler", "seed") if k in found]
    return f"{task.name}: {task.phrase}; " + ", ".join(shown)
