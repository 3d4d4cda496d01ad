"""How fast a training goes, lately."""

import time

_MEMORY = 0.95
"""Share of the running mean that each step keeps: it follows the last twenty steps or so."""


class Pace:
    """A running mean of the time that a step takes."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._seconds: float | None = None
        self._warm = False

    def tick(self) -> float:
        """Count a step; return the seconds that one takes."""
        now = time.perf_counter()
        took, self._last = now - self._last, now
        if self._seconds is None or not self._warm:  # the first step is slow and says nothing
            self._warm = self._seconds is not None
            self._seconds = took
        else:
            self._seconds = _MEMORY * self._seconds + (1 - _MEMORY) * took
        return max(self._seconds, 1e-9)

    def pause(self) -> None:
        """Leave out the time since the last step: it went to something else."""
        self._last = time.perf_counter()
