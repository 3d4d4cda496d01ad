"""Checkpoints from strangers: nothing in them runs, whatever they hold (cases F1 and F8)."""

import contextlib
import json
import os
import pickle
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from helpers.archives import (
    ZEROS,
    call,
    checkpoint_of,
    name,
    number,
    numbers,
    table,
    tensor,
    text,
    whole,
    write_archive,
)
from helpers.paper_networks import FOLDER
from lzn_dsl.diagnostics.diagnostic import StorageError
from lzn_runtime.convert.jail import BROKEN_OUT
from lzn_runtime.convert.reading import Published, read_checkpoint

TINY = FOLDER / "checkpoint_tiny.pt"
CANARY = "canary"


def read(path: Path, *, seconds: int = 60) -> Published:
    return read_checkpoint(path, path.parent, seconds=seconds)


def refusal(path: Path, *, seconds: int = 60) -> str:
    with pytest.raises(StorageError) as stopped:
        read(path, seconds=seconds)
    (finding,) = stopped.value.diagnostics
    assert finding.code == "LZN715"
    return finding.summary.partition(" is refused: ")[2]


def hostile(canary: Path) -> dict[str, bytes]:
    """Pickles that would make the canary if anything in them ran."""
    touch = text(f"touch {canary}")
    python = text(f"open({str(canary)!r}, 'w')")
    sure = tensor()
    return {
        "system": checkpoint_of(call(name("os", "system"), touch)),
        "posix": checkpoint_of(call(name("posix", "system"), touch)),
        "eval": checkpoint_of(call(name("builtins", "eval"), python)),
        "getattr": checkpoint_of(call(name("builtins", "getattr"), name("os", "system"), touch)),
        "stack global": checkpoint_of(
            text("os")
            + text("system")
            + pickle.STACK_GLOBAL
            + touch
            + pickle.TUPLE1
            + pickle.REDUCE
        ),
        "dotted": checkpoint_of(call(name("torch", "serialization.os.system"), touch)),
        "inst": checkpoint_of(pickle.MARK + touch + pickle.INST + b"os\nsystem\n"),
        "obj": checkpoint_of(pickle.MARK + name("os", "system") + touch + pickle.OBJ),
        "state": checkpoint_of(
            call(name("collections", "OrderedDict")) + name("os", "system") + pickle.BUILD
        ),
        "class of a storage": checkpoint_of(call(name("torch", "FloatStorage"))),
        "torch.load": checkpoint_of(call(name("torch", "load"), text(str(TINY)))),
        "numpy": checkpoint_of(call(name("numpy", "load"), text(str(TINY)))),
        "extension": checkpoint_of(pickle.EXT1 + b"\x01"),
        "beside": whole(
            table({"encoder": table({"w": sure}), "rest": call(name("os", "system"), touch)})
        ),
        "as a key": whole(
            pickle.EMPTY_DICT + call(name("os", "system"), touch) + sure + pickle.SETITEM
        ),
    }


KINDS = list(hostile(Path(CANARY)))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_a_pickle_names_is_called(tmp_path: Path, kind: str) -> None:
    canary = tmp_path / CANARY
    refusal(write_archive(tmp_path / "bad.pt", hostile(canary)[kind]))
    assert not canary.exists()
    assert [p.name for p in tmp_path.iterdir()] == ["bad.pt"]


def test_the_reading_process_is_the_only_one_and_the_parent_unpickles_nothing(
    tmp_path: Path,
) -> None:
    canary = tmp_path / CANARY
    bad = [write_archive(tmp_path / f"{n}.pt", p) for n, p in hostile(canary).items()]
    script = Path(__file__).parent.parent.parent / "helpers" / "audited_convert.py"
    files = [str(TINY), *map(str, bad[:4])]
    done = subprocess.run(
        [sys.executable, str(script), *files], capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["codes"] for line in lines] == [[], *[["LZN715"]] * 4]
    for line in lines:
        spawned = [e for e in line["events"] if e != "subprocess.Popen"]
        assert set(spawned) <= {"os.fork", "os.posix_spawn"}
        assert line["events"].count("subprocess.Popen") == 1
    assert not canary.exists()


ATTEMPTS = {
    "write": "open('canary', 'w')",
    "read": "open('/etc/hostname')",
    "descriptor": "os.open('canary', os.O_CREAT | os.O_WRONLY)",
    "socket": "socket.socket()",
    "system": "os.system('touch canary')",
    "process": "subprocess.run(['touch', 'canary'])",
    "fork": "os.fork()",
    "import": "import this",
    "remove": "os.remove('kept')",
    "library": "ctypes.CDLL(None)",
    "evaluate": "eval('1')",
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_locked_process_ends_at_the_first_attempt(tmp_path: Path, attempt: str) -> None:
    (tmp_path / "kept").touch()
    lines = (
        "import ctypes, os, socket, subprocess",
        "from lzn_runtime.convert import jail",
        "jail.lock()",
        ATTEMPTS[attempt],
        "os.write(1, b'went on')",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == BROKEN_OUT
    assert done.stdout == b""
    assert [p.name for p in tmp_path.iterdir()] == ["kept"]


def deep_key() -> bytes:
    """A key whose hash takes 2 to the 60 steps."""
    return pickle.EMPTY_TUPLE + b"".join(pickle.DUP + pickle.TUPLE2 for _ in range(60))


def test_a_pickle_that_never_ends_is_killed(tmp_path: Path) -> None:
    never = whole(pickle.EMPTY_DICT + deep_key() + tensor() + pickle.SETITEM)
    path = write_archive(tmp_path / "bad.pt", never)
    assert refusal(path, seconds=1) in (
        "reading it takes more than 1 s",
        "the process that read it ended with -9",
        "the process that read it ended with -24",
    )


BOMBS = {
    "place in the memo": pickle.NONE + pickle.LONG_BINPUT + b"\xfe\xff\xff\x7f",
    "long bytes": b"\x80\x04" + pickle.BINBYTES8 + (2**50).to_bytes(8, "little"),
    "long text": pickle.BINUNICODE + b"\xff\xff\xff\xff",
    "long number": pickle.LONG4 + b"\xff\xff\xff\x7f",
    "many zeros": tensor((2**40, 2**40), (0, 0)),
    "repeated numbers": tensor((2**31,), (0,)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_takes_neither_memory_nor_disk(tmp_path: Path, bomb: str) -> None:
    refusal(write_archive(tmp_path / "bad.pt", checkpoint_of(BOMBS[bomb])))
    assert [p.name for p in tmp_path.iterdir()] == ["bad.pt"]


ODD: dict[str, tuple[bytes, str]] = {
    "beyond its storage": (checkpoint_of(tensor((17,))), "reaches beyond"),
    "an offset beyond": (checkpoint_of(tensor(offset=15)), "reaches beyond"),
    "a stride beyond": (checkpoint_of(tensor((2, 2), (15, 2))), "reaches beyond"),
    "a negative offset": (checkpoint_of(tensor(offset=-1)), "described oddly"),
    "a negative stride": (checkpoint_of(tensor((2,), (-1,))), "described oddly"),
    "nine dimensions": (checkpoint_of(tensor((1,) * 9, (1,) * 9)), "described oddly"),
    "shape without strides": (checkpoint_of(tensor((1, 1), (1,))), "described oddly"),
    "no such storage": (checkpoint_of(tensor(key="../../etc/passwd")), "is not there"),
    "another size": (checkpoint_of(tensor(count=17)), "another size than it says"),
    "another format": (checkpoint_of(tensor(kind="DoubleStorage")), "another size"),
    "complex numbers": (checkpoint_of(tensor(kind="ComplexFloatStorage")), "ComplexFloatStorage"),
    "a weight that is a number": (checkpoint_of(number(3)), "no tensor"),
    "a weight that is a table": (checkpoint_of(table({})), "no tensor"),
    "a part that is a list": (whole(table({"encoder": pickle.EMPTY_LIST})), "no table of tensors"),
    "no table": (whole(numbers(1, 2)), "no table of named parts"),
    "a path for a name": (whole(table({"encoder": table({"a/../b": tensor()})})), "no parameter"),
    "an escape in a name": (
        whole(table({"encoder": table({"\x1b[2J": tensor()})})),
        "no parameter",
    ),
    "a number for a name": (
        whole(table({"encoder": pickle.EMPTY_DICT + number(1) + tensor() + pickle.SETITEM})),
        "no parameter",
    ),
    "averages without a list": (
        whole(table({"encoder": table({"w": tensor()}), "encoder_ema": table({})})),
        "no list",
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_no_checkpoint_has_is_named(tmp_path: Path, odd: str) -> None:
    pickled, reason = ODD[odd]
    assert reason in refusal(write_archive(tmp_path / "bad.pt", pickled))


def test_an_odd_archive_is_named(tmp_path: Path) -> None:
    sound, path = checkpoint_of(tensor()), tmp_path / "bad.pt"
    packed = write_archive(path, sound, compression=zipfile.ZIP_DEFLATED)
    assert "compressed" in refusal(packed)
    assert "byte order" in refusal(write_archive(path, sound, order=b"big"))
    write_archive(path, sound)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("archive/data/0", b"\1" * 64)
    assert "two files of one name" in refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data/0", ZEROS)
    assert "0 files `data.pkl`" in refusal(path)


@pytest.mark.parametrize(
    "content", [b"", b"\x80\x02}q\x00.", b"hello", b"PK\x03\x04", b"\x93NUMPY", b"\0" * 4096]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.pt"
    path.write_bytes(content)
    assert "no sound torch checkpoint" in refusal(path)


def test_checkpoints_of_old_torch_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.pt"
    state = {"encoder": {"w": torch.zeros(2)}}
    torch.save(state, path, _use_new_zipfile_serialization=False)
    assert "no sound torch checkpoint" in refusal(path)


@pytest.mark.parametrize("seed", range(12))
def test_damage_is_refused_or_harmless(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    content = bytearray(TINY.read_bytes())
    for _ in range(rng.choice((1, 10, 1000))):
        content[rng.randrange(len(content))] = rng.randrange(256)
    path = tmp_path / "bad.pt"
    path.write_bytes(content[: rng.choice((len(content), len(content) // 2))])
    with contextlib.suppress(StorageError):
        read(path)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    def no_file(path: Path) -> None:
        with pytest.raises(StorageError, match="LZN708"):
            read_checkpoint(path, tmp_path)

    no_file(tmp_path)
    no_file(tmp_path / "missing.pt")
    os.mkfifo(tmp_path / "pipe.pt")
    no_file(tmp_path / "pipe.pt")
    no_file(Path("/dev/zero"))


LAYOUTS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "in order": lambda x: x,
    "channels last": lambda x: x.contiguous(memory_format=torch.channels_last),
    "turned": lambda x: x.transpose(0, 3),
    "a part": lambda x: x[1:, :, 1:2],
    "repeated": lambda x: x[:, :, :1].expand(-1, -1, 4, -1),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool]
)
def test_tensors_arrive_as_they_are(tmp_path: Path, layout: str, dtype: torch.dtype) -> None:
    value = LAYOUTS[layout](torch.randn(2, 3, 4, 5).mul(10).to(dtype))
    path = tmp_path / "good.pt"
    weight = torch.nn.Parameter(value) if value.is_floating_point() else value
    torch.save({"encoder": {"w": weight, "none": torch.zeros(0), "one": torch.tensor(2)}}, path)
    found = read(path).states["encoder"]
    assert torch.equal(found["w"], value)
    assert found["w"].dtype == dtype
    assert found["none"].shape == (0,)
    assert int(found["one"]) == 2


def test_the_published_writers_checkpoint_is_read_as_torch_reads_it(tmp_path: Path) -> None:
    want = torch.load(TINY, weights_only=True)
    found = read_checkpoint(TINY, tmp_path)
    assert set(found.states) == {"encoder", "decoder", "label_anchor"}
    for part, state in found.states.items():
        assert state.keys() == want[part].keys()
        assert all(torch.equal(state[name], value) for name, value in want[part].items())
        listed = want[f"{part}_ema"]["shadow_params"]
        assert all(map(torch.equal, found.averages[part], listed))
        assert len(found.averages[part]) == len(listed)
    assert found.facts["iteration"] == "3"
    assert found.facts["decoder_ema.decay"] == "0.999999"
