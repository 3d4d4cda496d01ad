"""Latents from where several zones meet, by rejection.

Latents are drawn from one zone, the smallest, until one lies in all the others. Each try of a row
has noise of its own, a function of the seed, the row's index and the number of the try: so a row's
latent is the same whatever rows are drawn with it.

Dimensions: b rows, q latent size.
"""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

TRIES = 2048
"""Draws from the first zone before a meeting is given up."""

class NoMeetingError(Exception):
    """No latent of a zone was found in all the others."""

    def __init__(self, rows: Int[Tensor, " k"]) -> None:
        self.rows = rows.tolist()
        super().__init__(f"nothing found for {len(self.rows)} rows in {TRIES} tries")


def meet(
    draw: Callable[[int], Float[Tensor, "b q"]],
    lies_inside: Callable[[Float[Tensor, "b q"]], Bool[Tensor, " b"]],
) -> tuple[Float[Tensor, "b q"], Int[Tensor, " b"]]:
    """Return for each row the first latent that lies inside, and how many were drawn for it.

    Args:
        draw: Draws a latent for each row, given the number of the try.
        lies_inside: Whether a latent of each row lies in all the other zones.

    Raises:
        NoMeetingError: None of a row's tries lies inside.
    """
    latents = draw(0)
    found = lies_inside(latents)
    tries = torch.ones_like(found, dtype=torch.int64)
    number = 1
    # All rows are drawn again until all are done, so that blocks keep one shape.
    while not bool(found.all()):
        if number >= TRIES:
            raise NoMeetingError((~found).nonzero()[:, 0])
        tries += ~found
        more = draw(number)
        number += 1
        hit = lies_inside(more) & ~found
        latents = torch.where(hit[:, None], more, latents)
        found = found | hit
    return latents, tries
