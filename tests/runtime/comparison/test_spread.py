"""Mean and spread over seeds, and Welch's test beside that of SciPy."""

import random

import pytest
from scipy import stats

from lzn_runtime.comparison.spread import best, differ, spread


def test_spread_is_that_of_the_definition() -> None:
    found = spread([1.0, 2.0, 6.0])
    assert (found.count, found.mean, found.low, found.high) == (3, 3.0, 1.0, 6.0)
    assert found.std == pytest.approx((((1 - 3) ** 2 + (2 - 3) ** 2 + (6 - 3) ** 2) / 2) ** 0.5)
    assert spread([4.0]).std is None


@pytest.mark.parametrize("seed", range(20))
def test_differ_is_never_bolder_than_welchs_test(seed: int) -> None:
    numbers = random.Random(seed)
    one = [numbers.gauss(0, 1) for _ in range(numbers.randint(2, 6))]
    other = [numbers.gauss(2, numbers.choice([0.1, 1, 3])) for _ in range(numbers.randint(2, 6))]
    welch = stats.ttest_ind(one, other, equal_var=False)
    said = differ(spread(one), spread(other))
    if said:
        assert welch.pvalue < 0.0501
    # Degrees of freedom are rounded down to a line of the table: careful, but not by much.
    careful = stats.t.sf(abs(welch.statistic), int(welch.df + 1e-9)) * 2
    assert said == (careful < 0.05) or abs(careful - 0.05) < 1e-4


def test_single_seeds_never_differ_and_equal_ones_do_where_their_means_do() -> None:
    assert not differ(spread([0.1]), spread([0.9, 0.91, 0.9]))
    assert differ(spread([0.9, 0.9]), spread([0.8, 0.8]))
    assert not differ(spread([0.9, 0.9]), spread([0.9, 0.9]))


def test_best_is_better_than_each_other_one() -> None:
    low, middle, high = spread([1.0, 1.1, 1.0]), spread([5.0, 5.1, 5.0]), spread([9.0, 9.1, 9.0])
    assert best([low, high, None, middle], higher=True) == 1
    assert best([low, high, None, middle], higher=False) == 0
    assert best([low, high, spread([8.0, 10.0, 9.5])], higher=True) is None
    assert best([None, high], higher=True) is None
