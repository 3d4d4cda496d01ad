"""A data set that ends its process, where workers can import it."""

import os

from torch import Tensor


class SuddenEnd:
    """Four samples; the process that asks for one is gone, with exit code 9."""

    fingerprint = ""

    def __len__(self) -> int:
        return 4

    def __getitems__(self, indices: list[int]) -> dict[str, Tensor]:
        os._exit(9)

    def labels(self, column: str) -> Tensor | None:
        """Return nothing."""
        return None
