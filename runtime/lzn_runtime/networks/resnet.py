"""ResNet-50 with group norm in place of batch norm, and a projection head.

A picture's anchor does not depend on its batch mates. The body is torchvision's; it is given
pictures in [0, 1]. The head is one or more layers (linear, group norm), with a ReLU between them;
the features are what it reads, the mean of the last map over its pixels.

Dimensions: b batch, c channels, h w pixels, f = 2048 features, q latent size.
Sources: arXiv:1512.03385; arXiv:1803.08494; arXiv:2002.05709 (the head).
"""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor, nn
from torchvision.models.resnet import Bottleneck, ResNet

from lzn_dsl.registry.builtin.resnet import FEATURES, STAGES, ResNet50Settings
from lzn_dsl.registry.entry import Sizes
from lzn_dsl.registry.registry import Registry
from lzn_runtime.modalities.protocol import Encoder
from lzn_runtime.networks.normalisation import num_groups

_GROUPS = 32


class HeadLayer(nn.Module):
    """A linear layer without bias, and a group norm."""

    def __init__(self, features_in: int, features_out: int) -> None:
        super().__init__()
        self.linear = nn.Linear(features_in, features_out, bias=False)
        self.norm = nn.GroupNorm(num_groups(features_out, most=_GROUPS), features_out)

    def forward(self, x: Float[Tensor, "b f"]) -> Float[Tensor, "b g"]:
        """Return the normalised product."""
        y: Tensor = self.norm(self.linear(x))
        return y


class ResNetEncoder(Encoder):
    """Pictures in [-1, 1] to anchors.

    Args:
        channels: Channels of the pictures.
        latent_dim: Dimension of the anchors.
        stages: Bottleneck blocks of each of four stages.
        head: Layers of the head.
    """

    def __init__(
        self, *, channels: int, latent_dim: int, stages: Sequence[int] = STAGES, head: int = 1
    ) -> None:
        super().__init__()
        self.body = ResNet(Bottleneck, list(stages), norm_layer=_body_norm)
        self.body.fc = nn.Identity()
        if channels != 3:
            self.body.conv1 = nn.Conv2d(channels, 64, 7, stride=2, padding=3, bias=False)
        layers: list[nn.Module] = []
        for layer in range(head):
            last = layer == head - 1
            layers.append(HeadLayer(FEATURES, latent_dim if last else FEATURES))
            if not last:
                layers.append(nn.ReLU())
        self.head = nn.Sequential(*layers)

    def features(self, samples: Float[Tensor, "b c h w"]) -> Float[Tensor, "b f"]:
        """Return the mean of the last map over its pixels."""
        features: Tensor = self.body((samples + 1) / 2)
        return features

    def forward(self, samples: Float[Tensor, "b c h w"]) -> Float[Tensor, "b q"]:
        """Return the anchor of each picture."""
        anchors: Tensor = self.head(self.features(samples))
        return anchors


def _body_norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(_GROUPS, channels)


def build_resnet50(settings: ResNet50Settings, sizes: Sizes, registry: Registry) -> ResNetEncoder:
    """Build the torch half of the encoder `resnet50`."""
    del registry
    return ResNetEncoder(
        channels=sizes.sample["channels"], latent_dim=sizes.latent_dim, head=settings.head
    )
