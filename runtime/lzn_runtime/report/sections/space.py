"""The project's own picture: a plane of the latent space, its zones and what lies in them.

Dimensions: n samples, c classes, q latent size, p points of the plane.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from lzn_dsl.planning.plan import ModalityPlan, TaskPlan
from lzn_runtime import randomness
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.evaluation.subject import run_on
from lzn_runtime.latent import carry_to_anchors
from lzn_runtime.modalities.protocol import ClassDecoder, Decoder
from lzn_runtime.report.charts.palette import class_colours
from lzn_runtime.report.charts.plane import ClassPlane, class_plane, principal_plane
from lzn_runtime.report.charts.scatter import Spots, chart
from lzn_runtime.report.charts.zones import RADIUS, lay_tiles, paint_zones, tile_points
from lzn_runtime.report.images import data_uri
from lzn_runtime.report.markup import Html, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.section import Missing, Section

_TITLE = "The latent space"
_SPOTS = 600
"""Samples of the data that are shown, at most."""
_MOST_CLASSES = 40
"""Classes up to which zones are told apart by colour."""
_CHUNK = 64
_LEAN = 0.45
"""Samples are placed at the time at which the likeliest class has this probability on average."""


class _Classes(NamedTuple):
    """The classes that zones are painted by."""

    name: str
    names: tuple[str, ...]
    anchors: Float[Tensor, "c q"]
    decoder: ClassDecoder
    colours: list[str]
    plane: ClassPlane


class _Latents(NamedTuple):
    """Latents of samples with their true classes, where the data has any."""

    points: Float[Tensor, "n q"]
    labels: Int[Tensor, " n"] | None


def space(material: Material) -> Section | Missing:
    """Return the zones of a plane, what is drawn from it, and where the data lies."""
    classes = _classes(material)
    latents = _latents(material, classes)
    if classes is not None:
        basis = classes.plane.basis
    elif latents is not None and len(latents.points) > 2 and latents.points.shape[1] > 1:
        basis = principal_plane(latents.points).to(material.trained.model.device)
    else:
        return Missing(_TITLE, "there are neither aligned classes nor a task that encodes samples")
    panels = [
        _zones(classes) if classes else None,
        _drawn(material, basis, classes),
        _data(material, basis, classes, latents) if latents else None,
    ]
    shown = [panel for panel in panels if panel is not None]
    what = "which every class has a zone on" if classes else "in which the data differs most"
    lead = (
        f"A plane through the middle of all {material.plan.dim} dimensions, {what}, out to "
        f"{RADIUS:g} standard deviations of the prior."
    )
    return Section("space", _TITLE, tag("div", *shown, class_="grid trio"), lead)


def _classes(material: Material) -> _Classes | None:
    modality = material.classes()
    if modality is None or material.plan.dim < 2:
        return None
    pairs = [(o.modality, o.other) for o in material.plan.objectives if o.kind == "align"]
    if not any(modality.name in pair for pair in pairs):  # no flow was trained to reach them
        return None
    count = modality.sample["classes"]
    module = material.trained.model.modality(modality.name)
    anchors = module.finite_anchors()
    if anchors is None or not isinstance(module.decoder, ClassDecoder) or count > _MOST_CLASSES:
        return None
    held = anchors.detach()
    names, colours = material.names(modality), class_colours(count)
    return _Classes(modality.name, names, held, module.decoder, colours, class_plane(held))


def _latents(material: Material, classes: _Classes | None) -> _Latents | None:
    """Return latents of some of the data by the first task that takes samples to zone centres."""
    task = next((t for t in material.plan.tasks if _centres(material, t)), None)
    if task is None:
        return None
    dataset = material.datasets.get(material.data)
    rows = shuffled(dataset, material.seed)[:_SPOTS]
    found = [
        result.latents
        for _, result in run_on(material.trained, task, dataset, rows, seed=material.seed)
        if result.latents is not None
    ]
    if not found:
        return None
    labels = dataset.labels(classes.name) if classes else None
    return _Latents(torch.cat(found), None if labels is None else labels[rows].long())


def _centres(material: Material, task: TaskPlan) -> bool:
    inputs = list(material.inputs(task).values())
    if len(inputs) != 1 or "discrete" in inputs[0].capabilities:
        return False
    between = [s.primitive for s in task.steps if s.primitive not in ("input", "decode")]
    return between == ["center"] and task.many == 1


@torch.no_grad()
def _zones(classes: _Classes) -> Html:
    zones = paint_zones(classes.plane.basis, classes.decoder.decode, classes.colours)
    names = [(*place, classes.names[label]) for label, place in zones.places.items()]
    hidden = len(classes.names) - len(zones.places)
    text = "The class that each point of the plane belongs to; paler where the prior is thinner."
    if hidden:
        text += f" {hidden} classes have no zone on it."
    picture = chart(ground=data_uri(zones.image), names=names, alt="zones of the classes")
    return _panel("Zones", picture, text)


def _panel(title: str, picture: Html, text: str) -> Html:
    caption = tag("p", text, class_="caption")
    return tag("figure", tag("h3", title), picture, caption, class_="panel map")


def _drawn(
    material: Material, basis: Float[Tensor, "2 q"], classes: _Classes | None
) -> Html | None:
    """Return what a decoder draws from points of the plane, all from one noise."""
    modality = _drawable(material)
    if modality is None:
        return None
    tiles = 13 if modality.sample["width"] <= 16 else 12 if modality.sample["width"] <= 40 else 8
    points = tile_points(tiles).to(basis)
    images, labels = _draw(material, modality, points @ basis, classes)
    inks = [classes.colours[label] for label in labels] if classes and labels else None
    image = lay_tiles(images, points.cpu(), inks, tiles=tiles)
    shown = tag("img", src=data_uri(image), alt="pictures drawn from points of the plane")
    text = f"The {modality.name} as it is drawn from points of the same plane, all from one noise."
    return _panel("What is drawn there", shown, text)


def _drawable(material: Material) -> ModalityPlan | None:
    tasks = material.picture_tasks()
    for task in tasks:
        name = str(task.output.modality)
        if isinstance(material.trained.model.modality(name).decoder, Decoder):
            return material.plan.modality(name)
    return None


@torch.no_grad()
def _draw(
    material: Material,
    modality: ModalityPlan,
    latents: Float[Tensor, "p q"],
    classes: _Classes | None,
) -> tuple[Tensor, list[int]]:
    """Return pictures of latents, and the class of each where there are classes."""
    module = material.trained.model.modality(modality.name)
    assert isinstance(module.decoder, Decoder)
    key = randomness.key(material.seed, "plane of the report")
    pictures: list[Tensor] = []
    labels: list[int] = []
    for part in torch.split(latents, _CHUNK):
        told = None
        if classes is not None:
            scores = classes.decoder.decode(part)
            found = scores.argmax(1)
            labels.extend(found.tolist())
            if modality.condition == classes.name:
                told = functional.one_hot(found, scores.shape[1]).to(part)
        index = torch.zeros(len(part), dtype=torch.int64, device=part.device)
        drawn = module.decoder.sample(part, classes=told, key=key, index=index)
        pictures.append(module.to_data(drawn).cpu())
    return torch.cat(pictures), labels


@torch.no_grad()
def _data(
    material: Material,
    basis: Float[Tensor, "2 q"],
    classes: _Classes | None,
    latents: _Latents,
) -> Html:
    count = len(latents.points)
    if classes is None or len(classes.names) < 3:
        places = latents.points.to(basis) @ basis.T  # (n, q) @ (q, 2) -> (n, 2)
        text = f"{count} samples of {material.data}: the centres of their zones on the plane."
    else:
        places = _lean(latents.points, classes)
        text = (
            f"{count} samples of {material.data}, by the class that their latent leans to part of "
            "the way along the flow of the labels; classes stand around as in the zones."
        )
    wrong = None
    if classes is not None and latents.labels is not None:
        read = classes.decoder.decode(latents.points).argmax(1).cpu()
        wrong = read != latents.labels
        text += f" Colour: true class. Rim: read as another ({int(wrong.sum())})."
    spots = Spots(places.cpu().double(), latents.labels, wrong)
    reach = 1.08 * float(spots.places.norm(dim=1).max())
    spots = spots._replace(places=spots.places * (RADIUS / reach))
    names = _names(spots, classes) if classes and latents.labels is not None else []
    colours = classes.colours if classes else []
    picture = chart(spots=spots, colours=colours, names=names, alt="samples of the data")
    return _panel("Where the data lies", picture, text)


def _lean(points: Float[Tensor, "n q"], classes: _Classes) -> Float[Tensor, "n 2"]:
    """Return the mean of the classes' corners, weighted by their probability part of the way."""
    assignment = carry_to_anchors(points, classes.anchors.to(points))
    probs = assignment.log_probs.exp()  # (r, n, c)
    likeliest = probs.amax(2).mean(1)  # (r,)
    reached = (likeliest >= _LEAN).nonzero()
    step = int(reached[0]) if len(reached) else len(likeliest) - 1
    return probs[step] @ classes.plane.corners.to(points)  # (n, c) @ (c, 2) -> (n, 2)


def _names(spots: Spots, classes: _Classes) -> list[tuple[float, float, str]]:
    assert spots.labels is not None
    found = []
    for label, name in enumerate(classes.names):
        members = spots.places[spots.labels == label]
        if len(members):
            middle = members.median(0).values
            found.append((float(middle[0]), float(middle[1]), name))
    return found
