"""How fast a training goes, lately."""

import time

_MEMORY = 0.95
"""Share of the running mean that each step keeps: it follows the last twenty steps or so."""


class Pace:
    """A running mean of the time that a step takes."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._seconds: float | None = None

    def tick(self) -> float:
        """Count a step; return the seconds that one takes."""
        now = time.perf_counter()
        took, self._last = now - self._last, now
        before = took if self._seconds is None else self._seconds
        self._seconds = _MEMORY * before + (1 - _MEMORY) * took
        return max(self._seconds, 1e-9)

    def pause(self) -> None:
        """Leave out the time since the last step: it went to something else."""
        self._last = time.perf_counter()
