"""What the layers of networks cost: parameters, forward FLOP and kept activations per sample.

A multiply-add counts as two FLOP; only convolutions, linear layers and attention count, the rest is
small beside them. A layer keeps for its backward what it reads, so that is what `activations`
counts. The numbers mirror `lzn_runtime.networks`; a test compares both.
"""

from lzn_dsl.registry.entry import Cost


def conv2d(channels_in: int, channels_out: int, *, area: int, kernel: int = 3) -> Cost:
    """Cost of a convolution with bias over a picture of `area` pixels, same size out as in."""
    weights = kernel * kernel * channels_in * channels_out
    return Cost(weights + channels_out, 2 * weights * area, channels_in * area)


def linear(features_in: int, features_out: int) -> Cost:
    """Cost of a linear layer with bias."""
    weights = features_in * features_out
    return Cost(weights + features_out, 2 * weights, features_in)


def group_norm(channels: int, *, area: int) -> Cost:
    """Cost of a group norm with scale and shift."""
    return Cost(parameters=2 * channels, activations=channels * area)


def elementwise(channels: int, *, area: int = 1) -> Cost:
    """Cost of an activation function or a product with a kept factor."""
    return Cost(activations=channels * area)


def attention(channels: int, *, area: int) -> Cost:
    """Cost of self-attention over pixels: norm, three projections, two products, projection."""
    projections = conv2d(channels, 3 * channels, area=area, kernel=1)
    products = Cost(flops=4 * area * area * channels, activations=4 * channels * area)
    output = conv2d(channels, channels, area=area, kernel=1)
    return group_norm(channels, area=area) + projections + products + output


def one_head_attention(channels: int, *, area: int) -> Cost:
    """Cost of self-attention over pixels with one head, whose four projections are separate."""
    products = Cost(flops=4 * area * area * channels, activations=4 * channels * area)
    projection = conv2d(channels, channels, area=area, kernel=1)
    shared = Cost(2 * projection.parameters, 2 * projection.flops)  # they read what one keeps
    return total(group_norm(channels, area=area), projection, shared, products, projection)


def total(*costs: Cost) -> Cost:
    """Return the sum of costs."""
    return sum(costs, Cost())


def halved(side: int) -> int:
    """Return a picture's side after halving; an odd side rounds up, 1 stays 1."""
    return (side + 1) // 2
