"""CIFAR-10 in memory."""

from pathlib import Path

import torch

from lzn_dsl.datafiles.cifar import CHANNELS, SIDE, find_cifar, read_batch
from lzn_dsl.datafiles.errors import data_error
from lzn_dsl.registry.builtin.datasets import CifarSettings
from lzn_runtime.data.dataset import InMemoryDataset


def open_cifar10(settings: CifarSettings, folder: Path) -> InMemoryDataset:
    """Return CIFAR-10: image uint8 (n, 3, 32, 32) and label (n,), in the order of the files.

    Raises DataError: LZN501 missing, LZN502 root is no folder, LZN503 a damaged file, LZN504 a
    label that is not one of the 10 classes, LZN505 a pickle that holds what it must not.
    """
    files = find_cifar(settings.root, folder, settings.split)
    if isinstance(files, str):
        raise data_error("LZN501", files)
    batches = [read_batch(path, binary=files.binary) for path in files.paths]
    labels = torch.frombuffer(bytearray().join(b[0] for b in batches), dtype=torch.uint8)
    values = torch.frombuffer(bytearray().join(b[1] for b in batches), dtype=torch.uint8)
    images = values.view(-1, CHANNELS, SIDE, SIDE)
    used = min(len(labels), settings.limit or len(labels))
    return InMemoryDataset({"image": images[:used], "label": labels[:used].to(torch.int64)})
