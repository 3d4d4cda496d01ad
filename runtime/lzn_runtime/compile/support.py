"""Support anchors: training anchors that bound the zones of samples in use.

A trained model computes a sample's latent against this fixed set and the sample alone, so that the
answer does not depend on which other samples are asked for. The set is balanced over the classes
where the data has any. Source: math.md, section 5.

Dimensions: n samples of the dataset, k support samples, q latent size.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lzn_dsl.planning.plan import Plan
from lzn_runtime import randomness
from lzn_runtime.compile.chunks import Rows, chunk_size, run_in_chunks
from lzn_runtime.compile.model import LatentModel
from lzn_runtime.data.dataset import Dataset

_FETCHED = 1024
"""Samples that are in memory at a time."""


def choose_support(
    size: int, num_samples: int, labels: Int[Tensor, " n"] | None, *, seed: int
) -> Int[Tensor, " k"]:
    """Return the numbers of `size` samples, or of all where there are fewer.

    With labels the classes take turns, each in an order that the seed decides, until there are
    enough: numbers per class differ by at most one unless a class has too few.
    """
    order = randomness.permutation(randomness.key(seed, "support"), num_samples)
    size = min(size, num_samples)
    if labels is None:
        return order[:size]
    # Stable sorts: by class, to number the members of a class; then by that number.
    by_class = torch.sort(labels[order], stable=True)
    members = torch.bincount(labels)  # 0 for a class without samples
    turns = torch.cat([torch.arange(int(count)) for count in members])
    turn = torch.empty_like(turns)
    turn[by_class.indices] = turns
    return order[torch.sort(turn, stable=True).indices[:size]]


@torch.no_grad()
def fill_support(
    model: LatentModel, plan: Plan, dataset: Dataset, indices: Int[Tensor, " k"]
) -> None:
    """Encode the support samples with the model's weights, and keep their anchors in it.

    Modalities with a finite set of anchors need no support; those that the dataset lacks get none.
    With no indices there is no support.
    """
    columns = plan.dataset(plan.train.on).columns
    names = [m.name for m in plan.modalities if m.name in columns]
    names = [name for name in names if model.modality(name).finite_anchors() is None]
    model.set_support_rows(indices if len(indices) else None)
    if len(indices) == 0:
        for name in names:
            model.set_support(name, None)
        return
    parts: dict[str, list[Tensor]] = {name: [] for name in names}
    for first in range(0, len(indices), _FETCHED):
        batch = dataset.__getitems__(indices[first : first + _FETCHED].tolist())
        for name in names:
            parts[name].append(encode_column(model, name, batch[name]))
    for name in names:
        model.set_support(name, torch.cat(parts[name]))


@torch.no_grad()
def encode_column(model: LatentModel, name: str, column: Tensor) -> Float[Tensor, "b q"]:
    """Return the anchors of a dataset's column of a modality, on the model's device."""
    modality = model.modality(name)

    def encode(rows: Rows) -> dict[str, Tensor]:
        return {"anchors": modality.encoder(modality.to_model(rows.inputs["column"]))}

    device = model.device
    index = torch.arange(len(column), device=device)
    inputs = {"column": column.to(device)}
    return run_in_chunks(encode, inputs, index, size=chunk_size(device, drawing=False))["anchors"]
