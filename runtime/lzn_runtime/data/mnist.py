"""MNIST and Fashion-MNIST in memory."""

from pathlib import Path

import torch

from lzn_dsl.datafiles.errors import data_error
from lzn_dsl.datafiles.idx import read_idx
from lzn_dsl.datafiles.mnist import FASHION_MNIST, MNIST, SIDE, IdxSource, check_labels, check_pair
from lzn_dsl.registry.builtin.datasets import IdxSettings
from lzn_runtime.data.dataset import InMemoryDataset

_CLASSES = 10


def open_mnist(settings: IdxSettings, folder: Path) -> InMemoryDataset:
    """Return MNIST: image uint8 (n, 1, 28, 28) and label (n,), in the order of the files.

    Raises DataError: LZN501 missing, LZN502 root is no folder, LZN503 a broken file, LZN504 a
    label that is not one of the 10 classes.
    """
    return _open(settings, folder, MNIST)


def open_fashion_mnist(settings: IdxSettings, folder: Path) -> InMemoryDataset:
    """Return Fashion-MNIST: as `open_mnist`."""
    return _open(settings, folder, FASHION_MNIST)


def _open(settings: IdxSettings, folder: Path, source: IdxSource) -> InMemoryDataset:
    pair = source.find(settings.root, folder, settings.split)
    if isinstance(pair, str):
        raise data_error("LZN501", pair)
    count = check_pair(pair)
    used = min(count, settings.limit or count)
    pixels = read_idx(pair.images, 3)[1]
    labels = read_idx(pair.labels, 1)[1]
    check_labels(pair, labels, _CLASSES)
    images = torch.frombuffer(pixels, dtype=torch.uint8).view(count, 1, SIDE, SIDE)
    classes = torch.frombuffer(labels, dtype=torch.uint8).to(torch.int64)
    return InMemoryDataset({"image": images[:used], "label": classes[:used]})
