"""The process that reads a checkpoint from a stranger and writes what it holds as safetensors.

It is given two open files, the checkpoint (standard input) and an empty one to write (standard
output), and its limits as JSON in its last argument. It imports no torch. What it writes: all
tensors of the parts that are wanted, called `PART/NAME`, and in the metadata the numbers and texts
beside them. It says on standard error, in one line, why it refuses a file.

Dimensions are those of the stored tensors; numbers are copied, never computed with.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import IO, Any

from lzn_dsl.datafiles.torch_archive import (
    MALFORMED_ERRORS,
    RefusedError,
    StoredTensor,
    TorchArchive,
)
from lzn_runtime.convert import jail

PARTS = ("encoder", "decoder", "label_anchor")
MAX_TENSORS = 20_000
REFUSED, MALFORMED = 3, 4
"""Exit codes."""
_LONGEST = 300
_CHUNK = 4 * 1024 * 1024


def main() -> None:
    """Read, check and write, under the limits that were given."""
    limits = json.loads(sys.argv[-1])
    jail.leave_network()
    source, target = os.fdopen(0, "rb"), os.fdopen(1, "wb")
    "".encode("cp437")  # names in a zip archive may need it; nothing is imported once locked
    jail.limit(**limits)
    jail.lock()
    try:
        opened = TorchArchive(source)
        tensors, facts = _wanted(opened.contents)
        _write(opened, tensors, facts, target, most=limits["file_size"])
        target.flush()
    except RefusedError as reason:
        _end(REFUSED, str(reason))
    except MALFORMED_ERRORS as reason:
        _end(MALFORMED, str(reason) or type(reason).__name__)
    os._exit(0)


def _end(code: int, reason: str) -> None:
    os.write(2, ascii(reason)[1:-1][:_LONGEST].encode())
    os._exit(code)


def _wanted(contents: object) -> tuple[dict[str, StoredTensor], dict[str, str]]:
    """Return the tensors of the wanted parts by name, and the facts beside them."""
    if not isinstance(contents, dict):
        raise RefusedError("no table of named parts")
    tensors: dict[str, object] = {}
    facts: dict[str, str] = {}
    for part in PARTS:
        state = contents.get(part)
        if state is None:
            continue
        for name, value in _items(state):
            tensors[f"{part}/{name}"] = value
        average = contents.get(f"{part}_ema")
        if average is None:
            continue
        if not isinstance(average, dict) or not isinstance(average.get("shadow_params"), list):
            raise RefusedError("averaged weights that are no list")
        for number, value in enumerate(average["shadow_params"]):
            tensors[f"{part}_ema/{number}"] = value
        facts |= _numbers(average, ("decay", "num_updates"), f"{part}_ema")
    facts |= _numbers(contents, ("epoch", "iteration"), "")
    if len(tensors) > MAX_TENSORS:
        raise RefusedError(f"{len(tensors)} tensors, more than {MAX_TENSORS}")
    checked = {name: value for name, value in tensors.items() if isinstance(value, StoredTensor)}
    if len(checked) != len(tensors):
        raise RefusedError("a weight that is no tensor")
    return checked, facts


def _items(state: object) -> Iterator[tuple[str, object]]:
    if not isinstance(state, dict):
        raise RefusedError("a part that is no table of tensors")
    for name, value in state.items():
        if not isinstance(name, str) or not name.isascii() or len(name) > _LONGEST:
            raise RefusedError("a name that no parameter has")
        if "/" in name or not name.isprintable():
            raise RefusedError("a name that no parameter has")
        yield name, value


def _numbers(table: dict[Any, Any], names: tuple[str, ...], prefix: str) -> dict[str, str]:
    found = {}
    for name in names:
        value = table.get(name)
        if isinstance(value, int | float) and abs(value) < 1e15:
            found[f"{prefix}.{name}" if prefix else name] = repr(value)
    return found


def _write(
    opened: TorchArchive,
    tensors: dict[str, StoredTensor],
    facts: dict[str, str],
    target: IO[bytes],
    *,
    most: int,
) -> None:
    """Write a safetensors file: the length of its header, the header, the numbers in order."""
    header: dict[str, Any] = {"__metadata__": facts}
    place = 0
    for name, tensor in tensors.items():
        end = place + tensor.size
        header[name] = {
            "dtype": tensor.storage.dtype,
            "shape": tensor.shape,
            "data_offsets": (place, end),
        }
        place = end
    if place > most:
        raise RefusedError("tensors that are larger than the file")
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    target.write(len(text).to_bytes(8, "little"))
    target.write(text)
    for tensor in tensors.values():
        with opened.open(tensor.storage) as numbers:
            _copy(numbers, tensor, target)


def _copy(numbers: IO[bytes], tensor: StoredTensor, target: IO[bytes]) -> None:
    """Copy a tensor's numbers in the order of its indices."""
    if not tensor.size:
        return
    itemsize = tensor.storage.itemsize
    if _lies_in_order(tensor):
        numbers.seek(tensor.offset * itemsize)
        left = tensor.size
        while left:
            part = numbers.read(min(left, _CHUNK))
            if not part:
                raise EOFError("a storage ends early")
            target.write(part)
            left -= len(part)
        return
    memory = memoryview(numbers.read())
    for start in _starts(tensor.shape, tensor.strides, tensor.offset):
        target.write(memory[start * itemsize : (start + 1) * itemsize])


def _lies_in_order(tensor: StoredTensor) -> bool:
    step = 1
    for size, stride in zip(reversed(tensor.shape), reversed(tensor.strides), strict=True):
        if size != 1 and stride != step:
            return False
        step *= size
    return True


def _starts(shape: tuple[int, ...], strides: tuple[int, ...], offset: int) -> Iterator[int]:
    if not shape:
        yield offset
        return
    for index in range(shape[0]):
        yield from _starts(shape[1:], strides[1:], offset + index * strides[0])


if __name__ == "__main__":
    main()
