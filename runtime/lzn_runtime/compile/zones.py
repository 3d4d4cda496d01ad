"""Latents in use: against all classes, or against the support and the sample itself.

A sample's latent has the same bits whatever else is in its batch. Two things see to that: batches
have a fixed number of rows (`chunks`), and the number of anchors is a multiple of 16, filled up
with anchors of weight 0. Without the latter a matrix product rounds a row differently by its place
in the batch: rows whose length is no multiple of 16 bytes start at odd addresses, and MKL's small
products sum them in another order. (Measured: 10 or 1001 anchors, row 17 against row 0.)

Dimensions: b samples, c classes, k support anchors, q latent size.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_dsl.diagnostics.diagnostic import Diagnostic, TrainingError
from lzn_runtime.compile.chunks import in_blocks
from lzn_runtime.compile.membership import class_log_probs, own_probability, rank_anchors
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.latent import LocalizationPEC, Solver, compute_latents
from lzn_runtime.latent.tiles import pad_columns

_ALIGNED = 16
_FINE = LocalizationPEC(64)
"""For flows of few anchors, which cost next to nothing: so that a latent keeps its class."""


class Zones:
    """The zones of a model's modalities, as a task uses them.

    Args:
        model: The model, in evaluation mode.
        task: Name of the task, for messages.
        solver_steps: Steps of the flow that samples without a finite set of anchors go through.
        block: Rows that an encoder sees at a time.
    """

    def __init__(self, model: LatentModel, task: str, *, solver_steps: int, block: int) -> None:
        self._model = model
        self._task = task
        self._solver = LocalizationPEC(solver_steps)
        self._block = block

    def latents(
        self, name: str, samples: Tensor, noise: Float[Tensor, "b q"]
    ) -> Float[Tensor, "b q"]:
        """Return latents of samples from their zones, with this own noise."""
        return self.drawer(name, samples)(noise[None])[0]

    def drawer(
        self, name: str, samples: Tensor
    ) -> Callable[[Float[Tensor, "t b q"]], Float[Tensor, "t b q"]]:
        """Return what draws from the zones of samples, as often as it is given own noise."""
        modality = self._model.modality(name)
        classes = modality.finite_anchors()
        if classes is None:
            support = self._support(name)
            anchors = in_blocks(modality.encoder, samples, size=self._block)

        def draw(noise: Float[Tensor, "t b q"]) -> Float[Tensor, "t b q"]:
            points, times = noise.flatten(0, 1), len(noise)
            if classes is not None:
                found = latents_of_classes(classes, samples.repeat(times), points)
            else:
                found = latents_in_support(anchors.repeat(times, 1), support, points, self._solver)
            return found.view_as(noise)

        return draw

    def size(self, name: str) -> float:
        """Return how much of the space a zone of the modality takes; 0 where it is small."""
        anchors = self._model.modality(name).finite_anchors()
        return 0.0 if anchors is None else 1 / len(anchors)

    def classes(self, name: str, latents: Float[Tensor, "b q"]) -> Int[Tensor, " b"]:
        """Return the class in whose zone each latent lies."""
        return class_log_probs(self._model.modality(name), latents).argmax(1)

    def probability(
        self, name: str, samples: Tensor, latents: Float[Tensor, "b q"]
    ) -> Float[Tensor, " b"]:
        """Return how probably each latent lies in the zone of its sample."""
        modality = self._model.modality(name)
        if modality.finite_anchors() is not None:
            log_probs = class_log_probs(modality, latents)
            return log_probs.gather(1, samples[:, None])[:, 0].exp()
        support = self._support(name)
        anchors = in_blocks(modality.encoder, samples, size=self._block)
        return own_probability(latents, anchors, support)

    def rank(
        self, name: str, latents: Float[Tensor, "b q"]
    ) -> tuple[Int[Tensor, "b k"], Float[Tensor, "b k"]]:
        """Return candidates by how probably each latent lies in their zones, and the scores.

        They are the classes, or the support: by the rows of the training data it was made from.
        """
        modality = self._model.modality(name)
        if modality.finite_anchors() is None:
            order, scores = rank_anchors(latents, self._support(name))
            rows = self._model.support_rows()
            return (order if rows is None else rows[order]), scores
        probabilities = class_log_probs(modality, latents).exp()
        order = probabilities.argsort(dim=1, descending=True, stable=True)
        return order, probabilities.gather(1, order)

    def _support(self, name: str) -> Float[Tensor, "k q"]:
        support = self._model.support(name)
        if support is None:
            raise TrainingError(
                Diagnostic(
                    code="LZN604",
                    summary=f"`{self._task}` uses zones of `{name}`, but the model keeps no "
                    "support anchors",
                    hint="set `support: 1_000` in the `train` block and run again; for a converted "
                    "checkpoint, `lzn convert FILE --out DIR --support FOLDER`",
                )
            )
        return support


def latents_of_classes(
    classes: Float[Tensor, "c q"], labels: Int[Tensor, " b"], noise: Float[Tensor, "b q"]
) -> Float[Tensor, "b q"]:
    """Return latents in the zones of the labels, all classes being alike."""
    wide = pad_columns(classes)  # so that products give a row the same digits in any place
    pool, weights = _filled(wide, columns=0)
    found = compute_latents(
        wide[labels], pad_columns(noise), pool=pool, own=labels, weights=weights, solver=_FINE
    )
    return found[:, : noise.shape[1]]


def latents_in_support(
    anchors: Float[Tensor, "b q"],
    support: Float[Tensor, "k q"],
    noise: Float[Tensor, "b q"],
    solver: Solver,
) -> Float[Tensor, "b q"]:
    """Return latents in the zones of the anchors, each bounded by the support and itself."""
    rows, weights = _filled(support, columns=1)
    return compute_latents(anchors, noise, support=rows, weights=weights, solver=solver)


def _filled(
    anchors: Float[Tensor, "n q"], *, columns: int
) -> tuple[Float[Tensor, "m q"], Float[Tensor, " m"]]:
    """Add anchors of weight 0 until there are, with `columns` more, a multiple of 16."""
    missing = -(len(anchors) + columns) % _ALIGNED
    rows = torch.cat([anchors, anchors[:1].expand(missing, -1)])
    weights = torch.ones(len(rows), dtype=anchors.dtype, device=anchors.device)
    weights[len(anchors) :] = 0
    return rows, weights
