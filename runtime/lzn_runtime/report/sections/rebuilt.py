"""Reconstructions: pictures of the data beside what tasks make of them."""

import torch

from lzn_dsl.planning.plan import TaskPlan
from lzn_runtime.evaluation.drawn import shuffled
from lzn_runtime.report.images import row
from lzn_runtime.report.markup import Html, join, tag
from lzn_runtime.report.material import Material
from lzn_runtime.report.section import Missing, Section

_TITLE = "Reconstructions"
_COLUMNS = 12
_WIDE = 100
"""Pictures of more pixels in a row are shown in smaller numbers."""


def rebuilt(material: Material) -> Section | Missing:
    """Return originals and, below them, the output of every task from a picture to a picture."""
    groups: dict[str, list[TaskPlan]] = {}
    for task in material.picture_tasks():
        inputs = list(material.inputs(task).values())
        if len(inputs) == 1 and inputs[0].component.name == "image":
            groups.setdefault(inputs[0].name, []).append(task)
    if not groups:
        return Missing(_TITLE, "no task makes a picture of a picture")
    parts = [_group(material, modality, tasks) for modality, tasks in groups.items()]
    lead = (
        f"Pictures of {material.data}, and what is left of them after a way through the latent "
        "space. Where the noise that leads to a picture is found as well, little is lost; the "
        "latent alone keeps what the model thinks a picture is of."
    )
    return Section("rebuilt", _TITLE, tag("div", *parts, class_="grid"), lead)


def _group(material: Material, modality: str, tasks: list[TaskPlan]) -> Html:
    dataset = material.datasets.get(material.data)
    wide = material.plan.modality(modality).sample["width"] > _WIDE
    index = shuffled(dataset, material.seed)[: 6 if wide else _COLUMNS]
    originals = dataset.__getitems__(index.tolist())[modality]
    rows = [row("original", originals, alt="original")]
    for task in sorted(tasks, key=lambda t: not _inverts(t)):
        inputs = dict.fromkeys(material.inputs(task), originals)
        result = material.trained.run(task.name, inputs, seed=material.seed, index=index)
        name = join(task.name, tag("small", _way(task)))
        rows.append(row(name, result.value.to(torch.uint8), alt=task.name))
    return tag("div", tag("div", *rows, class_="rows"), class_="panel")


def _inverts(task: TaskPlan) -> bool:
    return any(step.primitive == "invert" for step in task.steps)


def _way(task: TaskPlan) -> str:
    """Say what a task keeps of a picture."""
    if _inverts(task):
        return "latent and noise"
    alphas = sorted({step.alpha for step in task.steps if step.primitive == "encode"})
    if alphas:
        return f"latent alone, alpha {', '.join(f'{alpha:g}' for alpha in alphas)}"
    return "latent alone" if task.verb in ("translate", "generate") else task.phrase
