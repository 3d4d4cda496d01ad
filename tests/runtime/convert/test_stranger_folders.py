"""Run folders from strangers: read or refused, never obeyed (cases F1 to F10)."""

import contextlib
import hashlib
import json
import pickle
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from helpers.archives import call, name, text, whole, write_archive
from lzn_dsl.diagnostics.diagnostic import StorageError
from lzn_runtime.convert.convert import Converted
from lzn_runtime.trained_model import TrainedModel, open_run
from lzn_runtime.training.checkpoint_store import MANIFEST, sealed


@pytest.fixture
def run(converted: Converted, tmp_path: Path) -> Path:
    """A run folder of one's own."""
    folder = tmp_path / "run"
    shutil.copytree(converted.folder, folder)
    return folder


def checkpoint(run: Path) -> Path:
    return next((run / "checkpoints").glob("step-*"))


def seal(run: Path) -> None:
    """Write a manifest that vouches for what the checkpoint holds, as its author could."""
    folder = checkpoint(run)
    files = {
        path.name: {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.iterdir())
        if path.name != MANIFEST
    }
    step = int(folder.name.removeprefix("step-"))
    (folder / MANIFEST).write_bytes(sealed({"format": 1, "step": step, "files": files}))


def change_plan(run: Path, change: Callable[[dict[str, Any]], None]) -> None:
    plan = json.loads((run / "plan.json").read_text())
    change(plan)
    (run / "plan.json").write_text(json.dumps(plan))


def refusal(run: Path, code: str) -> str:
    with pytest.raises(StorageError) as stopped:
        open_run(run)
    (finding,) = stopped.value.diagnostics
    assert finding.code == code
    return "\n".join((finding.summary, *finding.notes, finding.hint))


def makes(canary: Path) -> bytes:
    return whole(call(name("os", "system"), text(f"touch {canary}")))


@pytest.mark.parametrize(
    "called", ["weights.pt", "weights.safetensors", "model.ckpt", "a.npy", "x"]
)
def test_f1_a_pickle_is_told_by_its_contents_and_not_opened(tmp_path: Path, called: str) -> None:
    canary, path = tmp_path / "canary", tmp_path / called
    objects = tmp_path / "objects.npy"
    np.save(objects, np.array([{}], dtype=object), allow_pickle=True)
    zlib_head = b"\x78\x9c" + b"\0" * 20
    contents = {
        "a torch checkpoint": write_archive(tmp_path / "t", makes(canary)).read_bytes(),
        "a pickle": makes(canary),
        "a pickle of protocol 0": pickle.dumps([1, 2], protocol=0),
        "an array of objects": objects.read_bytes(),
        "a compressed file, as joblib writes": zlib_head,
        "a tar archive": b"\0" * 257 + b"ustar" + b"\0" * 250,
    }
    for kind, content in contents.items():
        path.write_bytes(content)
        said = refusal(path, "LZN714")
        assert kind in said
        assert "lzn convert" in said
    assert not canary.exists()


def test_f1_a_folder_of_distributed_checkpoints_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / ".metadata").write_bytes(makes(tmp_path / "canary"))
    (tmp_path / "__0_0.distcp").write_bytes(b"")
    assert "distributed checkpoints" in refusal(tmp_path, "LZN714")


def test_f1_a_pickle_in_the_place_of_weights_is_not_opened(run: Path, tmp_path: Path) -> None:
    for part in ("ema", "support"):
        shutil.copy(checkpoint(run) / f"{part}.safetensors", tmp_path / part)
        (checkpoint(run) / f"{part}.safetensors").write_bytes(makes(tmp_path / "canary") * 4000)
        seal(run)
        refusal(run, "LZN709")
        shutil.copy(tmp_path / part, checkpoint(run) / f"{part}.safetensors")
    assert not (tmp_path / "canary").exists()


def test_f1_opening_runs_nothing_and_connects_nowhere(run: Path, tmp_path: Path) -> None:
    (run / "spec.lzn").write_text('import "/etc/passwd"\n')
    script = tmp_path / "audit.py"
    script.write_text(
        "import sys\n"
        "from lzn_runtime.trained_model import open_run\n"
        "import lzn_runtime.networks.ncsnpp.encoder, lzn_runtime.networks.ncsnpp.velocity\n"
        "import lzn_runtime.flow.decoder, lzn_runtime.flow.dormand_prince\n"
        "import lzn_runtime.modalities.image, lzn_runtime.modalities.label\n"
        "seen = []\n"
        "bad = ('os.system', 'subprocess', 'socket', 'pickle', 'os.fork', 'exec', 'marshal')\n"
        "sys.addaudithook(lambda e, a: seen.append(e) if e.startswith(bad) else None)\n"
        "opened = []\n"
        "sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None)\n"
        f"open_run({str(run)!r})\n"
        "print(seen, [p for p in opened if 'passwd' in p or 'spec.lzn' in p])\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"


def mutated(content: bytes, kind: str) -> bytes:
    """A safetensors file with something wrong in its header."""
    length = int.from_bytes(content[:8], "little")
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    first = next(key for key in header if key != "__metadata__")
    if kind == "long header":
        return (2**60).to_bytes(8, "little") + content[8:]
    if kind == "not utf-8":
        return content[:8] + b"\xff" * length + data
    if kind == "cut":
        return content[: len(content) // 2]
    if kind == "more":
        return content + b"\0" * 64
    if kind == "negative":
        header[first]["data_offsets"] = [-4, 0]
    elif kind == "overlap":
        header[first]["data_offsets"] = [0, len(data)]
    elif kind == "hole":
        end = max(v["data_offsets"][1] for k, v in header.items() if k != "__metadata__")
        header["z"] = {"dtype": "F32", "shape": [1], "data_offsets": [end + 4, end + 8]}
        data += b"\0" * 8
    elif kind == "wrong size":
        header[first]["dtype"] = "F64"
    elif kind == "huge shape":
        header[first]["shape"] = [2**62, 2**62]
    elif kind == "many tensors":
        header |= {
            f"t{n}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for n in range(100_000)
        }
    packed = json.dumps(header).encode()
    if kind == "twice":
        packed = packed[:-1] + b"," + json.dumps({first: header[first]}).encode()[1:]
    return len(packed).to_bytes(8, "little") + packed + data


KINDS = (
    *("long header", "not utf-8", "cut", "more", "negative", "overlap", "hole", "wrong size"),
    *("huge shape", "many tensors", "twice"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_f2_a_malformed_file_of_weights_is_refused_fast(run: Path, kind: str) -> None:
    path = checkpoint(run) / "ema.safetensors"
    content = path.read_bytes()
    path.write_bytes(mutated(content, kind))
    seal(run)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    refusal(run, "LZN709")
    assert time.monotonic() - start < 5
    grown = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    assert grown < 300 * 1024**2


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    places=st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_f2_damage_of_a_header_is_an_error_or_harmless(
    run: Path, converted: Converted, places: list[tuple[int, int]]
) -> None:
    content = bytearray((checkpoint(converted.folder) / "ema.safetensors").read_bytes())
    for place, value in places:
        content[place] = value
    (checkpoint(run) / "ema.safetensors").write_bytes(bytes(content))
    seal(run)
    with contextlib.suppress(StorageError):
        open_run(run)


def test_f3_other_shapes_and_names_are_listed(run: Path) -> None:
    path = checkpoint(run) / "ema.safetensors"
    tensors = load_file(path)
    tensors["image.encoder.down.input.bias"] = torch.zeros(3)
    tensors["strange"] = tensors.pop("label.encoder.anchors")
    save_file(tensors, path)
    seal(run)
    said = refusal(run, "LZN709")
    assert "`image.encoder.down.input.bias` has shape (3,), the plan's (8,)" in said
    assert "`label.encoder.anchors` is missing" in said
    assert "`strange` is unknown" in said


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e38])
def test_f4_damaged_numbers_are_loaded_with_a_warning_and_guarded(run: Path, value: float) -> None:
    path = checkpoint(run) / "ema.safetensors"
    tensors = load_file(path)
    for tensor in tensors.values():
        tensor.view(-1)[0] = value
    save_file(tensors, path)
    seal(run)
    model = open_run(run)
    (warning,) = [w for w in model.warnings if w.code == "LZN717"]
    assert "not finite or beyond 1e30" in warning.summary
    for task in ("imagine", "draw"):
        with pytest.raises(StorageError, match="LZN717"):
            model.run(task, {} if task == "imagine" else {"label": [0]})


def test_f5_a_plan_that_is_too_large_or_too_deep_is_refused(run: Path) -> None:
    plan = run / "plan.json"
    plan.write_bytes(b" " * (16 * 1024 * 1024 + 1))
    assert "larger than 16 MiB" in refusal(run, "LZN708")
    plan.write_text("[" * 100_000)
    refusal(run, "LZN708")
    plan.write_text('{"origins": ' + '{"a": ' * 50_000 + "1" + "}" * 50_001)
    refusal(run, "LZN708")


def test_f5_components_of_no_installed_package_are_refused(run: Path) -> None:
    def rename(plan: dict[str, Any]) -> None:
        plan["modalities"][0]["component"]["name"] = "os.system"

    change_plan(run, rename)
    assert "no modality is called `os.system`" in refusal(run, "LZN709")


@pytest.mark.parametrize(
    "odd", ["../ema.safetensors", "/etc/passwd", "a/../../b.json", "CON", "ema.pt", "\x1b[2J.json"]
)
def test_f6_paths_in_a_manifest_are_refused(run: Path, odd: str) -> None:
    folder = checkpoint(run)
    files = json.loads((folder / MANIFEST).read_text())["files"]
    files[odd] = files.pop("ema.safetensors")
    (folder / MANIFEST).write_bytes(sealed({"format": 1, "step": 3, "files": files}))
    refusal(run, "LZN702")


def test_f6_links_and_devices_in_a_checkpoint_are_refused(run: Path, tmp_path: Path) -> None:
    path = checkpoint(run) / "ema.safetensors"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    refusal(run, "LZN702")
    path.unlink()
    path.symlink_to("/dev/zero")
    refusal(run, "LZN702")


def test_f7_what_is_hashed_is_what_is_used(
    run: Path, monkeypatch: pytest.MonkeyPatch, converted: Converted
) -> None:
    from lzn_runtime.training.files import Files

    read = Files.read

    def read_and_replace(self: Files, path: Path) -> bytes:
        content = read(self, path)
        if path.name == "ema.safetensors":
            path.write_bytes(b"another file")
        return content

    monkeypatch.setattr(Files, "read", read_and_replace)
    model = open_run(run)
    want = load_file(checkpoint(converted.folder) / "ema.safetensors")
    for name_, value in model.model.state_dict().items():
        assert torch.equal(value, want[name_])


def test_f9_sizes_are_those_of_the_files_before_anything_is_allocated(run: Path) -> None:
    folder = checkpoint(run)
    files = json.loads((folder / MANIFEST).read_text())["files"]
    files["ema.safetensors"]["size"] = 10**13
    (folder / MANIFEST).write_bytes(sealed({"format": 1, "step": 3, "files": files}))
    refusal(run, "LZN702")


def test_f9_a_plan_that_asks_for_more_than_the_weights_is_refused(run: Path) -> None:
    def widen(plan: dict[str, Any]) -> None:
        picture = plan["modalities"][0]["component"]["settings"]
        picture["encoder"]["settings"] |= {"width": 1024, "blocks": 16, "mults": [16] * 8}

    change_plan(run, widen)
    start = time.monotonic()
    assert "the checkpoint holds" in refusal(run, "LZN709")
    assert time.monotonic() - start < 2


def test_f9_a_plan_without_the_facts_of_a_sample_is_refused(run: Path) -> None:
    change_plan(run, lambda plan: plan["modalities"][0]["sample"].clear())
    refusal(run, "LZN709")


@pytest.mark.parametrize("odd", ["\x1b[31mred", "a\x00b", "\x9b2J", "\u202etxt", "\x07"])
def test_f10_control_characters_in_a_plan_are_refused(run: Path, odd: str) -> None:
    def rename(plan: dict[str, Any]) -> None:
        plan["title"] = odd

    change_plan(run, rename)
    said = refusal(run, "LZN708")
    assert "control characters" in said
    assert odd not in said


def test_f10_html_in_a_plan_is_text(run: Path) -> None:
    def name_classes(plan: dict[str, Any]) -> None:
        label = next(m for m in plan["modalities"] if m["name"] == "label")
        label["names"] = ["<script>alert(1)</script>", "b", "c", "d"]

    change_plan(run, name_classes)
    model: TrainedModel = open_run(run)
    assert model.draw(label=["<script>alert(1)</script>"]).value.shape == (1, 3, 8, 8)
