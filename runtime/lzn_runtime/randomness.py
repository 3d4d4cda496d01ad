"""Randomness without state: every draw is a pure function of a key and a sample's global index.

A key stands for (run seed, purpose, step); row i of a draw depends on the key and on `index[i]`
alone. So a draw does not know the batch it is made in, the number of workers or of devices, or what
was drawn before, and a resumed run needs no saved generator.

    row_i     = mix(mix(index_i + KEY) ^ KEY')         64 bits, one to one in the index
    word_ij   = mix(row_i + (j + 1) GOLDEN)            the splitmix64 sequence that starts at row_i

`mix` is the splitmix64 finaliser (Steele, Lea, Flood 2014; variant 13 of Stafford). Normals are
Box-Muller pairs. Their logarithm, sine and cosine are polynomials made of float32 additions and
products, which IEEE 754 rounds in one way only: the numbers are the same, bit for bit, on every
device, instruction set and torch version. (A compiler that fuses product and addition breaks that:
draw outside of `torch.compile`.)

Dimensions: b rows; `shape` is the shape of one row.
"""

import hashlib
import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

_GOLDEN = 0x9E3779B97F4A7C15
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB

# ln(1 + z) / z on [sqrt(1/2) - 1, sqrt(2) - 1], sin(x) / x and cos(x) in x^2 on |x| <= pi / 2:
# Chebyshev fits, lowest order first; largest errors 3e-8, 4e-9 and 2e-10.
_LOG = (
    0.99999997, -0.49999987, 0.33334183, -0.25002153, 0.19956977, -0.16560696, 0.14949095,
    -0.14377331, 0.08743945,
)  # fmt: skip
_SIN = (0.999999996, -0.166666580, 8.33305062e-3, -1.98090464e-4, 2.60516628e-6)
_COS = (1.0, -0.499999994, 0.0416666362, -1.38883608e-3, 2.47601355e-5, -2.60510764e-7)
_SQRT_HALF_BITS = 0x3F3504F3  # of the float32 sqrt(1 / 2)


def key(seed: int, purpose: str, step: int = 0) -> int:
    """Return the 64-bit key of a purpose at a step of a run: a hash, the same on every machine."""
    # repr() quotes the purpose, so that no two triples spell the same text.
    text = repr((int(seed), purpose, int(step)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def uniform(
    key: int,
    index: Int[Tensor, " b"],
    shape: tuple[int, ...] = (),
    dtype: torch.dtype = torch.float32,
) -> Float[Tensor, " b *shape"]:
    """Draw from the uniform distribution on (0, 1), ends excluded: odd multiples of 2^-24.

    Drawn in float32 whatever the `dtype`, which is float32 or float64: a double-precision run sees
    the same numbers.
    """
    if dtype not in (torch.float32, torch.float64):
        raise ValueError(f"dtype must be float32 or float64, got {dtype}: others round up to 1")
    count = math.prod(shape)
    low, high = _halves(_words(key, index, (count + 1) // 2))
    bits = _row_of(low, high, count)
    value = (bits & 0x7FFFFF).to(torch.float32).add_(0.5).mul_(2.0**-23)
    return value.to(dtype).view(index.shape[0], *shape)


def normal(
    key: int,
    index: Int[Tensor, " b"],
    shape: tuple[int, ...] = (),
    dtype: torch.dtype = torch.float32,
) -> Float[Tensor, " b *shape"]:
    """Draw from the standard normal distribution, cut at 6.66.

    Drawn in float32 whatever the (floating) `dtype`: a double-precision run sees the same numbers.
    """
    count = math.prod(shape)
    low, high = _halves(_words(key, index, (count + 1) // 2))  # (b, ceil(count / 2)) each
    # u in [-1, 1] without 0: its size gives the radius, its sign turns the pair by half a circle.
    u = low.to(torch.float32).add_(0.5)
    radius = _neg_log(u.abs(), exponent=31).mul_(2).sqrt_().copysign_(u)
    angle = high.to(torch.float32).mul_(math.pi / 2**32)  # in [-pi / 2, pi / 2]
    square = angle * angle
    sine = _polynomial(square, _SIN).mul_(angle).mul_(radius)
    cosine = _polynomial(square, _COS).mul_(radius)
    return _row_of(cosine, sine, count).to(dtype).view(index.shape[0], *shape)


def integers(
    key: int, index: Int[Tensor, " b"], low: int, high: int, shape: tuple[int, ...] = ()
) -> Int[Tensor, " b *shape"]:
    """Draw int64 numbers that are `low` or more and less than `high`, each as likely.

    (To 1 part in 2^63 / (high - low).) Raises ValueError unless low < high.
    """
    if not low < high:
        raise ValueError(f"low must be less than high, got {low} and {high}")
    words = _words(key, index, math.prod(shape))
    value = (words & (2**63 - 1)).remainder_(high - low).add_(low)
    return value.view(index.shape[0], *shape)


def bernoulli(
    key: int, index: Int[Tensor, " b"], p: float, shape: tuple[int, ...] = ()
) -> Bool[Tensor, " b *shape"]:
    """Draw true with probability p, to 1 part in 2^16, each number by itself.

    Raises ValueError unless 0 <= p <= 1.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p must be in [0, 1], got {p}")
    count = math.prod(shape)
    quarters = _words(key, index, (count + 3) // 4).view(torch.int16)  # (b, 4 words) in +-2^15
    highest = round(p * 2**16) - 1 - 2**15  # of those that are true; -2^15 - 1 is no 16-bit number
    if highest < -(2**15):
        return torch.zeros(index.shape[0], *shape, dtype=torch.bool, device=index.device)
    return quarters[:, :count].le(highest).view(index.shape[0], *shape)


def permutation(key: int, n: int) -> Int[Tensor, " n"]:
    """Return the numbers 0 to n - 1 in an order that the key decides, on the CPU."""
    # Different indices have different rows (mixing is one to one), so that the order is unique.
    return torch.argsort(_rows(key, torch.arange(n)))


def generator(key: int, device: torch.device | str = "cpu") -> torch.Generator:
    """Return torch's own generator, seeded by the key: for weights at start, by parameter name."""
    return torch.Generator(device).manual_seed(key % 2**64)


def _words(key: int, index: Int[Tensor, " b"], count: int) -> Int[Tensor, "b count"]:
    """Return `count` random 64-bit words for each row."""
    steps = torch.arange(1, count + 1, device=index.device).mul_(_signed(_GOLDEN))
    return _mix(_rows(key, index)[:, None] + steps)


def _rows(key: int, index: Int[Tensor, " b"]) -> Int[Tensor, " b"]:
    """Return the 64 random bits at which each row's sequence starts."""
    start = _mix(index.to(torch.int64) + _signed(key))
    return _mix(start.bitwise_xor_(_signed(key * _MIX_2 + _GOLDEN)))


def _mix(x: Int[Tensor, "..."]) -> Int[Tensor, "..."]:
    """Mix 64-bit words in place, one to one: each bit of the result depends on all bits of x."""
    for shift, factor in ((30, _MIX_1), (27, _MIX_2)):
        x.bitwise_xor_((x >> shift).bitwise_and_(2 ** (64 - shift) - 1)).mul_(_signed(factor))
    return x.bitwise_xor_((x >> 31).bitwise_and_(2**33 - 1))


def _halves(words: Int[Tensor, "b w"]) -> tuple[Int[Tensor, "b w"], Int[Tensor, "b w"]]:
    """Return the lower and the upper half of each word, as signed 32-bit numbers."""
    return words.to(torch.int32), (words >> 32).to(torch.int32)


def _row_of(left: Tensor, right: Tensor, count: int) -> Tensor:
    """Put two halves of each row next to each other and cut the row to `count`; contiguous."""
    return torch.cat((left, right[:, : count - left.shape[1]]), dim=1)


def _neg_log(x: Float[Tensor, "..."], *, exponent: int) -> Float[Tensor, "..."]:
    """Return -ln(x / 2^exponent) for 0 < x <= 2^exponent, by basic operations alone."""
    bits = x.view(torch.int32)
    power = (bits - _SQRT_HALF_BITS).bitwise_right_shift_(23)  # x = m 2^power, m around 1
    z = (bits - (power << 23)).view(torch.float32).sub_(1)
    log_m = _polynomial(z, _LOG).mul_(z)
    return (exponent - power).to(torch.float32).mul_(math.log(2)).sub_(log_m)


def _polynomial(x: Float[Tensor, "..."], coefficients: tuple[float, ...]) -> Float[Tensor, "..."]:
    """Return sum of c_k x^k by Horner's rule, product and addition rounded separately."""
    *rest, last = coefficients
    value = x * last
    for coefficient in reversed(rest[1:]):
        value.add_(coefficient).mul_(x)
    return value.add_(rest[0])


def _signed(value: int) -> int:
    """Return the low 64 bits of a number as a signed one, as int64 tensors take it."""
    return (value + 2**63) % 2**64 - 2**63
