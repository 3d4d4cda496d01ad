"""Signals that end a training in order: finish the step, save, leave.

The first SIGINT or SIGTERM asks; the second one does what it does without this module.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(KeyboardInterrupt):
    """Training was stopped by a signal after its state was saved.

    Attributes:
        exit_code: What a process ends with: 130 for SIGINT, 143 for SIGTERM.
        step: Steps that are done.
        checkpoint: The checkpoint that was saved.
    """

    def __init__(self, number: int, step: int, checkpoint: Path) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name} after step {step}")
        self.exit_code = 128 + number
        self.step = step
        self.checkpoint = checkpoint


class StopRequest:
    """Whether a signal asked to stop, and which."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def __bool__(self) -> bool:
        return self.signal is not None


@contextlib.contextmanager
def watch() -> Iterator[StopRequest]:
    """Turn the first SIGINT or SIGTERM of this process into a request.

    Outside of the main thread signals cannot be watched, and none is.
    """
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return
    owner = os.getpid()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        if os.getpid() != owner:  # a worker, forked from here: its parent tells it when to end
            if number == signal.SIGTERM:
                os._exit(0)
            return
        if request:
            restore()
            signal.raise_signal(number)
            return
        request.signal = number

    for number in _SIGNALS:
        signal.signal(number, on_signal)
    try:
        yield request
    finally:
        restore()
