"""The U-Net v(x_t, t, z, classes) of a rectified flow of pictures.

t = 0: noise, t = 1: data; times outside [0, 1] are cut off. The latent and the class vector join
the time's embedding. Where it is scaled by time, v is divided by 999 t, of t = 0.001 at least.

Dimensions: b batch, q latent size, k classes, c channels, h w pixels.
"""

from jaxtyping import Float
from torch import Tensor, nn

from lzn_dsl.registry.builtin.ncsnpp import EMBEDDING, NcsnppSettings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.networks.ncsnpp.condition import Condition
from lzn_runtime.networks.ncsnpp.down import DownPath
from lzn_runtime.networks.ncsnpp.middle import Middle
from lzn_runtime.networks.ncsnpp.times import EARLIEST, SCALE, FourierTime, PositionalTime
from lzn_runtime.networks.ncsnpp.up import UpPath


class NcsnppVelocity(nn.Module):
    """Velocity of a flow of pictures.

    Args:
        condition: What is made of time, latent and classes.
        down: The way down.
        middle: The coarsest level.
        up: The way up.
        scale_by_time: Whether the velocity is divided by 999 t.
    """

    def __init__(
        self,
        condition: Condition,
        down: DownPath,
        middle: Middle,
        up: UpPath,
        *,
        scale_by_time: bool,
    ) -> None:
        super().__init__()
        self.condition = condition
        self.down = down
        self.middle = middle
        self.up = up
        self.scale_by_time = scale_by_time

    def forward(
        self,
        x_t: Float[Tensor, "b c h w"],
        t: Float[Tensor, " b"],
        latents: Float[Tensor, "b q"],
        classes: Float[Tensor, "b k"] | None,
    ) -> Float[Tensor, "b c h w"]:
        """Return the velocity at x_t.

        Raises:
            ValueError: The class vector is not of the length that the network was built for.
        """
        t = t.clamp(0, 1)
        embedding = self.condition(t, latents, classes)
        maps = self.down(x_t, embedding)
        h = self.middle(maps[-1], embedding)
        velocity: Tensor = self.up(h, maps, embedding)
        if self.scale_by_time:
            velocity = velocity / (SCALE * t.clamp_min(EARLIEST))[:, None, None, None]
        return velocity


def build_velocity(settings: NcsnppSettings, sizes: Sizes, registry: Registry) -> NcsnppVelocity:
    """Build the torch half of the network `ncsnpp`."""
    del registry
    levels = settings.levels(sizes.sample["height"], sizes.sample["width"])
    embedding_dim = EMBEDDING * settings.width
    time: PositionalTime | FourierTime = PositionalTime(settings.width)
    if settings.time == "fourier":
        time = FourierTime(settings.width, scale=settings.fourier_scale)
    return NcsnppVelocity(
        Condition(
            time,
            latent_dim=sizes.latent_dim,
            num_classes=sizes.num_classes,
            embedding_dim=embedding_dim,
        ),
        DownPath(
            levels,
            channels=sizes.sample["channels"],
            width=settings.width,
            blocks=settings.blocks,
            embedding_dim=embedding_dim,
            resample=settings.resample,
            picture_skips=settings.picture_skips,
            dropout=settings.dropout,
        ),
        Middle(levels[-1].channels, embedding_dim=embedding_dim, dropout=settings.dropout),
        UpPath(
            levels,
            channels=sizes.sample["channels"],
            width=settings.width,
            blocks=settings.blocks,
            embedding_dim=embedding_dim,
            resample=settings.resample,
            picture_skips=settings.picture_skips,
            dropout=settings.dropout,
        ),
        scale_by_time=settings.scale_by_time,
    )
