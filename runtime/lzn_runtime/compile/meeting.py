"""Latents from where several zones meet, by rejection.

Latents are drawn from one zone, the smallest, until one lies in all the others. Each try of a row
has noise of its own, a function of the seed, the row's index and the number of the try: so a row's
latent is the same whatever rows are drawn with it.

Dimensions: b rows, t tries at a time, q latent size.
"""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

TRIES = 2048
"""Draws from the first zone before a meeting is given up."""


class NoMeetingError(Exception):
    """No latent of a zone was found in all the others, for these rows."""

    def __init__(self, rows: Int[Tensor, " k"]) -> None:
        self.rows = rows.tolist()
        super().__init__(f"nothing found for {len(self.rows)} rows in {TRIES} tries")


def meet(
    draw: Callable[[range], Float[Tensor, "t b q"]],
    lies_inside: Callable[[Float[Tensor, "t b q"]], Bool[Tensor, "t b"]],
    *,
    at_once: int,
) -> tuple[Float[Tensor, "b q"], Int[Tensor, " b"]]:
    """Return for each row the first latent that lies inside, and how many were drawn for it.

    Args:
        draw: Draws a latent for each row and each of the tries of these numbers.
        lies_inside: Whether latents lie in all the other zones.
        at_once: Tries t at a time.

    Raises:
        NoMeetingError: None of a row's tries lies inside.
    """
    latents: Tensor | None = None
    found = tries = torch.zeros(0)
    # All rows are drawn again until all are done, so that blocks keep one shape.
    for start in range(0, TRIES, at_once):
        drawn = draw(range(start, start + at_once))
        inside = lies_inside(drawn)
        first = inside.int().argmax(0)  # (t, b) -> (b,)
        hit = inside.any(0)
        chosen = drawn.gather(0, first[None, :, None].expand(1, -1, drawn.shape[2]))[0]
        used = torch.where(hit, first + 1, at_once)
        if latents is None:
            latents, found, tries = chosen, hit, used
        else:
            latents = torch.where((hit & ~found)[:, None], chosen, latents)
            tries = torch.where(found, tries, tries + used)
            found = found | hit
        if bool(found.all()):
            return latents, tries
    raise NoMeetingError((~found).nonzero()[:, 0])
