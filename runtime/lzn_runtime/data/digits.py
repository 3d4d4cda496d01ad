"""scikit-learn's digits in memory."""

import gzip
from pathlib import Path

import torch

from lzn_dsl.datafiles.digits import CLASS_COUNTS, find_digits
from lzn_dsl.datafiles.errors import data_error, show_path
from lzn_dsl.datafiles.split import held_out
from lzn_dsl.registry.builtin.datasets import DigitsSettings, describe_digits
from lzn_runtime.data.dataset import InMemoryDataset
from lzn_runtime.randomness import key, permutation

_VALUES = 65  # 64 pixels and the digit


def open_digits(settings: DigitsSettings, folder: Path) -> InMemoryDataset:
    """Return the digits: image uint8 (n, 1, 8, 8), 0 to 16 stretched to 0 to 255, and label (n,).

    The pictures of each class are put in an order that `split_seed` decides; the first ones are
    held out (`held_out` says how many), the others are for training. Both keep the file's order.

    Raises DataError LZN501 where the file is missing, LZN503 where it is not as it came.
    """
    path = find_digits()
    if path is None:
        raise data_error("LZN501", describe_digits(settings, folder).missing)
    try:
        text = gzip.decompress(path.read_bytes()).decode("ascii").replace("\n", ",")
        values = torch.tensor([int(value) for value in text.split(",") if value])
        rows = values.view(sum(CLASS_COUNTS), _VALUES)
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        problem = "is not the one that comes with scikit-learn"
        raise data_error("LZN503", f"the file `{show_path(path)}` {problem}: {error}") from error
    labels = rows[:, -1].contiguous()
    images = ((rows[:, :-1] * 255 + 8) // 16).to(torch.uint8).view(-1, 1, 8, 8)

    held = torch.zeros(len(rows), dtype=torch.bool)
    for digit, count in enumerate(held_out(CLASS_COUNTS, settings.holdout)):
        members = (labels == digit).nonzero()[:, 0]
        order = permutation(key(settings.split_seed, "digits held out", digit), len(members))
        held[members[order[:count]]] = True
    chosen = held if settings.split == "test" else ~held
    return InMemoryDataset({"image": images[chosen], "label": labels[chosen]})
