"""What every test has: no network, and deterministic torch where torch is used."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TINY = """\
# A program small enough to train in a test.
space gaussian(dim: 8)

data seen   = digits(split: train)
data unseen = digits(split: test)

modality image = image(
    encoder: conv(widths: [8, 16]),
    decoder: flow(unet(width: 8, mults: [1, 2], embedding: 16), sampler: euler(steps: 3)),
)

task draw    = generate image from label
task imagine = generate image
task name    = classify image as label
task rebuild = reconstruct image
task gist    = embed image

train {
    on: seen
    steps: 6
    batch: 64
    optimizer: adam(lr: 3e-3)
    support: 100
    solver_steps: 6
    checkpoint_every: 3
    sample_every: 6
    log_every: 1
}

evaluate name on unseen with accuracy
evaluate rebuild on unseen with reconstruction(samples: 32)
"""


class NetworkUsedError(AssertionError):
    """A test reached for the network."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            raise NetworkUsedError(f"a test connects to {address}")
        connect(self, address)  # type: ignore[arg-type]  # whatever a Unix socket takes

    connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def _deterministic() -> Iterator[None]:
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


@pytest.fixture(scope="session")
def tiny_spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spec file with all kinds of tasks, small enough to train in seconds."""
    path = tmp_path_factory.mktemp("spec") / "tiny.lzn"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_run(tiny_spec: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of `tiny_spec`, trained, evaluated, with its report. Do not change it."""
    from lzn_dsl.spec import load

    folder = tmp_path_factory.mktemp("run") / "tiny"
    load(tiny_spec).run(folder)
    return folder
