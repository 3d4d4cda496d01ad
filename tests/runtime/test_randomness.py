import itertools
import time
from collections.abc import Iterator

import pytest
import torch
from scipy import stats
from torch import Tensor

from lzn_runtime.randomness import (
    bernoulli,
    generator,
    integers,
    key,
    normal,
    permutation,
    uniform,
)

GOLDEN_KEYS = [667188487003474814, 10754290627730448089]
GOLDEN_UNIFORM = [
    [0.3012649416923523, 0.8953379988670349],
    [0.1240432858467102, 0.42616885900497437],
    [0.12558811902999878, 0.019477784633636475],
]
GOLDEN_NORMAL = [
    [-0.6264591217041016, -0.5030031204223633, 0.5615517497062683],
    [-0.7214352488517761, -0.8768270611763, 0.6585124135017395],
    [1.7206072807312012, -0.19194021821022034, -2.122478485107422],
]
GOLDEN_INTEGERS = [[721, 592], [102, 87], [431, 620]]
GOLDEN_BERNOULLI = [
    [1, 1, 1, 1, 1, 1, 1, 1, 0],
    [1, 1, 1, 1, 1, 1, 1, 1, 0],
    [0, 0, 0, 1, 1, 1, 0, 0, 0],
]
GOLDEN_PERMUTATION = [3, 1, 4, 9, 6, 5, 0, 2, 7, 8]

DRAWS = {
    "uniform": lambda k, index: uniform(k, index, (5, 7)),
    "normal": lambda k, index: normal(k, index, (5, 7)),
    "integers": lambda k, index: integers(k, index, -(10**6), 10**6, (5, 7)),
    "bernoulli": lambda k, index: bernoulli(k, index, 0.3, (5, 7)),
}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_keys_differ_in_each_part_and_stay_what_they_are() -> None:
    triples = itertools.product((0, 1, -1, 2**70), ("noise", "noise', 1", "", "times"), (0, 1, 10))
    assert len({key(*triple) for triple in triples}) == 4 * 4 * 3
    assert [key(0, "noise"), key(7, "flow time", 12)] == GOLDEN_KEYS
    assert all(0 <= k < 2**64 for k in GOLDEN_KEYS)


def test_numbers_are_frozen_to_the_last_bit() -> None:
    index = torch.tensor([0, 1, 2**40])
    k = GOLDEN_KEYS[0]
    assert uniform(k, index, (2,)).tolist() == GOLDEN_UNIFORM
    assert normal(k, index, (3,)).tolist() == GOLDEN_NORMAL
    assert integers(k, index, -5, 1000, (2,)).tolist() == GOLDEN_INTEGERS
    assert bernoulli(k, index, 0.5, (9,)).int().tolist() == GOLDEN_BERNOULLI
    assert permutation(k, 10).tolist() == GOLDEN_PERMUTATION


@pytest.mark.parametrize("draw", DRAWS)
def test_a_row_is_the_same_alone_and_in_any_batch(draw: str) -> None:
    k = key(3, draw)
    index = torch.randperm(1000, generator=generator(0))[:301]
    together = DRAWS[draw](k, index)
    for size in (1, 2, 7, 64):
        parts = [DRAWS[draw](k, index[i : i + size]) for i in range(0, 301, size)]
        assert torch.equal(torch.cat(parts), together)
    assert torch.equal(DRAWS[draw](k, index.flip(0)), together.flip(0))
    assert torch.equal(DRAWS[draw](k, index.to(torch.int32)), together)


@pytest.mark.parametrize("draw", DRAWS)
def test_draws_touch_no_global_state_and_no_argument(draw: str) -> None:
    before = torch.get_rng_state()
    index = torch.arange(9)
    DRAWS[draw](1, index)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(index, torch.arange(9))


@pytest.mark.parametrize("shape", [(), (1,), (0,), (3,), (2, 3), (1, 8, 8)])
def test_shapes(shape: tuple[int, ...]) -> None:
    for size in (0, 1, 4):
        index = torch.arange(size)
        for draw in (uniform(1, index, shape), normal(1, index, shape)):
            assert draw.shape == (size, *shape)
            assert draw.is_contiguous()
            assert draw.dtype == torch.float32
        assert integers(1, index, 0, 2, shape).shape == (size, *shape)


def test_double_precision_holds_the_same_numbers() -> None:
    index = torch.arange(50)
    for draw in (uniform, normal):
        double = draw(1, index, (9,), dtype=torch.float64)
        assert double.dtype == torch.float64
        assert torch.equal(double, draw(1, index, (9,)).double())


def test_uniform_follows_its_distribution() -> None:
    u = uniform(key(1, "test"), torch.arange(20_000), (50,))
    assert 0 < u.min() < 1e-5
    assert 1 - 1e-5 < u.max() < 1
    assert stats.kstest(u.flatten().numpy(), "uniform").pvalue > 0.01
    assert stats.chisquare(torch.bincount((u.flatten() * 1024).long())).pvalue > 0.01


def test_normal_follows_its_distribution() -> None:
    x = normal(key(2, "test"), torch.arange(4_000), (500,)).double().flatten()
    count = x.numel()
    # The variance of a mean of x^k is E[x^2k] - E[x^k]^2 over the count.
    for power, moment, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        error = (x.pow(power).mean() - moment) / (variance / count) ** 0.5
        assert abs(error) < 4, power
    assert stats.kstest(x[:1_000_000].numpy(), "norm").pvalue > 0.01
    for tail in (3.0, 4.0):
        expected = 2 * stats.norm.sf(tail) * count
        assert abs((x.abs() > tail).sum() - expected) < 5 * expected**0.5
    assert 4.8 < x.abs().max() < 6.67


def test_normal_is_finite_at_the_ends_of_its_logarithm() -> None:
    from lzn_runtime.randomness import _neg_log

    ends = torch.tensor([0.5, 1.5, 2.0**23, 2.0**30.5, 2.0**31 - 128, 2.0**31])
    exact = -(ends.double() / 2**31).log()
    torch.testing.assert_close(_neg_log(ends, exponent=31).double(), exact, rtol=1e-6, atol=1e-7)
    assert _neg_log(ends, exponent=31).min() >= 0


def test_integers_are_equally_likely() -> None:
    x = integers(key(3, "test"), torch.arange(20_000), -3, 4, (10,))
    assert x.dtype == torch.int64
    assert set(x.flatten().tolist()) == {-3, -2, -1, 0, 1, 2, 3}
    assert stats.chisquare(torch.bincount(x.flatten() + 3)).pvalue > 0.01


def test_bernoulli_has_its_probability_and_no_memory() -> None:
    index = torch.arange(5_000)
    for p in (0.15, 0.5, 0.999):
        x = (bernoulli(key(3, "test"), index, p, (100,)).double() - p) / (p * (1 - p)) ** 0.5
        cases = {f"place {n}": float(x[:, n::4].mean()) * (x.numel() / 4) ** 0.5 for n in range(4)}
        cases |= {f"{n} apart": correlation(x[:, n:], x[:, :-n]) for n in range(1, 9)}
        cases |= {"rows": correlation(x[1:], x[:-1])}
        assert {name: value for name, value in cases.items() if abs(value) > 4} == {}


def correlation(a: Tensor, b: Tensor) -> float:
    """Return the correlation of two standard-normal draws in its standard deviations."""
    return float((a.double() * b.double()).mean() * a.numel() ** 0.5)


def test_neighbours_are_not_correlated() -> None:
    index = torch.arange(3_000)
    k = key(4, "test")
    x = normal(k, index, (200,))
    cases = {
        "rows": correlation(x[1:], x[:-1]),
        "columns": correlation(x[:, 1:], x[:, :-1]),
        "halves of a pair": correlation(x[:, :100], x[:, 100:]),
        "sizes of a pair": correlation(x[:, :100].square() - 1, x[:, 100:].square() - 1) / 2,
        "steps": correlation(x, normal(key(4, "test", 1), index, (200,))),
        "purposes": correlation(x, normal(key(4, "tests"), index, (200,))),
        "seeds": correlation(x, normal(key(5, "test"), index, (200,))),
        "plain keys": correlation(normal(0, index, (200,)), normal(1, index, (200,))),
        "shifted plain keys": correlation(normal(0, index + 1, (200,)), normal(1, index, (200,))),
    }
    assert {name: value for name, value in cases.items() if abs(value) > 4} == {}


def test_every_bit_of_the_index_changes_half_of_the_bits() -> None:
    from lzn_runtime.randomness import _words

    index = torch.arange(4000)
    base = _words(9, index, 1)
    for bit in range(0, 63, 6):
        changed = base ^ _words(9, index ^ (1 << bit), 1)
        share = torch.stack([(changed >> b) & 1 for b in range(64)]).double().mean()
        assert 0.49 < share < 0.51, bit


@pytest.mark.parametrize("n", [0, 1, 2, 1000])
def test_permutation_is_one(n: int) -> None:
    order = permutation(key(1, "epoch"), n)
    assert order.dtype == torch.int64
    assert torch.equal(order.sort().values, torch.arange(n))
    if n > 2:
        assert not torch.equal(order, permutation(key(2, "epoch"), n))


def test_permutations_are_equally_likely() -> None:
    counts: dict[tuple[int, ...], int] = dict.fromkeys(itertools.permutations(range(4)), 0)
    for step in range(2400):
        counts[tuple(permutation(key(0, "epoch", step), 4).tolist())] += 1
    assert stats.chisquare(list(counts.values())).pvalue > 0.01


def test_generator_is_seeded_by_its_key_alone() -> None:
    draws = [torch.rand(3, generator=generator(k)) for k in (5, 5, 2**64 - 1, -1)]
    assert torch.equal(draws[0], draws[1])
    assert torch.equal(draws[2], draws[3])
    assert not torch.equal(draws[0], draws[2])


def test_wrong_arguments_are_told() -> None:
    index = torch.arange(2)
    with pytest.raises(ValueError, match="low must be less than high, got 3 and 3"):
        integers(0, index, 3, 3)
    with pytest.raises(ValueError, match=r"dtype must be float32 or float64, got torch\.bfloat16"):
        uniform(0, index, dtype=torch.bfloat16)


def test_normal_is_fast_enough_for_every_step() -> None:
    index = torch.arange(500)
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        normal(1, index, (784,))
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.015


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("draw", DRAWS)
def test_a_gpu_draws_the_same_bits(draw: str) -> None:
    index = torch.arange(1000)
    assert torch.equal(DRAWS[draw](5, index.cuda()).cpu(), DRAWS[draw](5, index))
