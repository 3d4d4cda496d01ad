"""Reading a safetensors file, which may be a stranger's.

safetensors itself refuses what is malformed; here what would cost much, or mean two things, is.
"""

import json

from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor

from lzn_dsl.datafiles.pickled import what_head_tells

LONGEST_HEADER = 4 * 1024 * 1024
"""Bytes of the names and shapes of about 30,000 tensors."""
_HEAD = 512


class BadTensorsError(Exception):
    """A file of tensors is not one; its text says what it is instead."""


def load_tensors(content: bytes) -> dict[str, Tensor]:
    """Return the tensors of a safetensors file. Raises BadTensorsError for anything else."""
    length = int.from_bytes(content[:8], "little")
    header = content[8 : 8 + length] if length <= len(content) else b""
    if len(header) > LONGEST_HEADER:
        raise BadTensorsError(f"has a header of {length:,} bytes")
    try:
        if header:
            json.loads(header, object_pairs_hook=_once)
        return load(content)
    except (SafetensorError, ValueError, RecursionError) as error:
        kind = what_head_tells(content[:_HEAD])
        raise BadTensorsError(f"is {kind}" if kind else "cannot be read") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise BadTensorsError("names a tensor twice")
    return table
