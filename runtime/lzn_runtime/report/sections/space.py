"""The project's own picture: a plane of the latent space, its zones and what lies in them.

Dimensions: n samples, c classes, q latent size, p points of the plane.
"""

from collections import Counter
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from lzn_dsl.planning.plan import ModalityPlan, TaskPlan
from lzn_runtime import randomness
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.subject import run_on
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder
from lzn_runtime.report.charts.palette import class_colours
from lzn_runtime.report.charts.plane import class_plane, principal_plane
from lzn_runtime.report.charts.scatter import scatter
from lzn_runtime.report.charts.zones import lay_tiles, paint_zones, tile_points
from lzn_runtime.report.images import data_uri
from lzn_runtime.report.markup import Html, join, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.section import Missing, Section

_TITLE = "The latent space"
_SPOTS = 600
"""Samples of the data that are shown, at most."""
_MOST_CLASSES = 40
"""Classes up to which zones are told apart by colour."""
_TILES = 15
"""Pictures in a row of the drawn plane, while they are small."""
_CHUNK = 64


class _Classes(NamedTuple):
    """The classes that zones are painted by."""

    name: str
    names: tuple[str, ...]
    anchors: Float[Tensor, "c q"]
    decoder: ClassDecoder
    colours: list[str]


class _Spots(NamedTuple):
    """Latents of samples with their true classes, where the data has any."""

    latents: Float[Tensor, "n q"]
    labels: Int[Tensor, " n"] | None


def space(material: Material) -> Section | Missing:
    """Return the zones of a plane with samples in them, and what the model draws from the plane."""
    classes = _classes(material)
    spots = _spots(material, classes)
    plane = _plane(classes, spots)
    if plane is None:
        return Missing(_TITLE, "there are neither classes nor a task that encodes samples")
    panels = [_zones(material, plane, classes, spots), _drawn(material, plane, classes)]
    shown = [panel for panel in panels if panel is not None]
    legend = _legend(classes) if classes else None
    lead = (
        f"A plane through the middle of the {material.plan.dim} dimensions, out to three standard "
        "deviations of the prior."
    )
    body = join(tag("div", *shown, class_="grid pair"), legend)
    return Section("space", _TITLE, body, lead)


def _classes(material: Material) -> _Classes | None:
    modality = material.classes()
    if modality is None or not 2 <= modality.sample["classes"] <= _MOST_CLASSES:
        return None
    module = material.trained.model.modality(modality.name)
    anchors = module.finite_anchors()
    if anchors is None or not isinstance(module.decoder, ClassDecoder):
        return None
    names = material.names(modality)
    colours = class_colours(len(names))
    return _Classes(modality.name, names, anchors.detach(), module.decoder, colours)


def _spots(material: Material, classes: _Classes | None) -> _Spots | None:
    """Return latents of some of the data, by the first task that encodes one picture or the like."""
    task = next((t for t in material.plan.tasks if _encodes(material, t)), None)
    if task is None:
        return None
    dataset = material.datasets.get(material.data)
    rows = shuffled(dataset, material.seed)[:_SPOTS]
    found = [
        result.latents.cpu()
        for _, result in run_on(material.trained, task, dataset, rows, seed=material.seed)
        if result.latents is not None
    ]
    if not found:
        return None
    labels = dataset.labels(classes.name) if classes else None
    return _Spots(torch.cat(found), None if labels is None else labels[rows].long())


def _encodes(material: Material, task: TaskPlan) -> bool:
    """Whether a task has one input, that is not a class, and takes it to the centre of its zone."""
    inputs = list(material.inputs(task).values())
    if len(inputs) != 1 or "discrete" in inputs[0].capabilities:
        return False
    return any(step.primitive == "center" for step in task.steps)


def _plane(classes: _Classes | None, spots: _Spots | None) -> Float[Tensor, "2 q"] | None:
    if classes is not None and len(classes.names) >= 3:
        return class_plane(classes.anchors)
    if spots is not None and len(spots.latents) >= 3 and spots.latents.shape[1] >= 2:
        return principal_plane(spots.latents)
    return None


def _zones(
    material: Material,
    plane: Float[Tensor, "2 q"],
    classes: _Classes | None,
    spots: _Spots | None,
) -> Html:
    ground = None
    centres: dict[str, tuple[float, float]] = {}
    if classes is not None:
        with torch.no_grad():
            image = paint_zones(plane, classes.decoder.decode, classes.colours)
        ground = data_uri(image)
        centres = _named(plane, classes)
    points = spots.latents.to(plane) @ plane.T if spots else None  # (n, q) @ (q, 2) -> (n, 2)
    labels = spots.labels if spots else None
    caption = "Ground: the zone that the label decoder finds at each point." if classes else ""
    if spots is not None:
        wrong = _wrong(classes, spots)
        caption += (
            f" Spots: {len(spots.latents)} samples of {material.data}, the centres of their zones "
            "dropped onto the plane" + (", in the colour of their true class." if classes else ".")
        )
        if wrong is not None:
            caption += f" Dark rim: read as another class ({int(wrong.sum())})."
    else:
        wrong = None
    picture = scatter(
        points, labels, wrong, colours=classes.colours if classes else [], ground=ground, names=centres
    )
    return tag("figure", picture, tag("p", caption, class_="caption"), class_="panel map")
