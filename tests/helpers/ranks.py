"""Two processes that stay, joined by gloo over the loopback interface: for tests of collectives.

Each call of `Ranks.run` runs one function in both. What it is given and returns is pickled, so that
the function must be importable: put it into a module of `helpers`.
"""

import multiprocessing
import os
import pickle
import socket
import warnings
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch
from torch import distributed

WORLD = 2
_PATIENCE = 60.0
"""Seconds to wait for an answer; a collective that waits for nobody ends before."""


class Ranks:
    """Processes of one group, of `WORLD` ranks. `folder` is for the file where they meet."""

    def __init__(self, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        pipes = [context.Pipe() for _ in range(WORLD)]
        self._pipes = [ours for ours, _ in pipes]
        self._processes = [
            context.Process(target=_serve, args=(rank, theirs, str(folder / "meet")), daemon=True)
            for rank, (_, theirs) in enumerate(pipes)
        ]
        for process in self._processes:
            process.start()

    def run(self, function: Callable[..., Any], *arguments: object) -> list[Any]:
        """Return what `function(rank, *arguments)` returns in each process, or the error there."""
        for pipe in self._pipes:
            pipe.send_bytes(pickle.dumps((function, arguments)))
        return [self._answer(pipe) for pipe in self._pipes]

    def _answer(self, pipe: Connection) -> Any:
        if not pipe.poll(_PATIENCE):
            raise TimeoutError(f"a process gave no answer for {_PATIENCE:g} s")
        return pickle.loads(pipe.recv_bytes())

    def close(self) -> None:
        """End the processes."""
        for pipe in self._pipes:
            pipe.send_bytes(pickle.dumps(None))
        for process in self._processes:
            process.join(_PATIENCE)
            if process.is_alive():
                process.kill()


def _serve(rank: int, pipe: Connection, meet: str) -> None:
    loopback = next(name for _, name in socket.if_nameindex() if name.startswith("lo"))
    os.environ["GLOO_SOCKET_IFNAME"] = loopback
    warnings.simplefilter("error")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    distributed.init_process_group(
        "gloo",
        init_method=Path(meet).as_uri(),
        rank=rank,
        world_size=WORLD,
        timeout=timedelta(seconds=_PATIENCE / 2),
    )
    while (task := pickle.loads(pipe.recv_bytes())) is not None:
        function, arguments = task
        try:
            answer = function(rank, *arguments)
        except Exception as error:  # noqa: BLE001  # the test decides what it means
            answer = error
        pipe.send_bytes(pickle.dumps(answer))
    distributed.destroy_process_group()
