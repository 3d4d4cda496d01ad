"""What a card says of a result, beside its number."""

from typing import Any

import pytest

from lzn_runtime.evaluation.result import MetricResult
from lzn_runtime.report.sections.numbers import facts

JUDGE = {"name": "inception", "sha256": "0123456789abcdef", "resized_to": [299, 299]}


@pytest.mark.parametrize(
    ("details", "lines"),
    [
        (
            {"real_samples": 5000, "features": 2048, "precision": 0.7, "recall": 0.512, "k": 3},
            [
                "against 5,000 real ones, 2,048 features",
                "precision 70.0 %, recall 51.2 %; balls to neighbour 3",
            ],
        ),
        (
            {"splits": 10, "deviation": 0.123, "real": {"value": 9.876, "samples": 5000}},
            [
                "mean of 10 splits, which deviate by 0.12",
                "real ones themselves: 9.88 (5,000)",
            ],
        ),
        ({"sigma": 10.0}, ["kernel of width 10, features of unit length"]),
        (
            {
                "train_samples": 1000,
                "train_data": "seen",
                "vote": "weighted",
                "k": 20,
                "temperature": 0.07,
                "top_k": {"k": 5, "value": 0.99},
            },
            [
                "right among the 5 likeliest: 99.0 %",
                "weighted vote of 20 neighbours by cosine, temperature 0.07",
                "neighbours among 1,000 samples of seen",
            ],
        ),
        (
            {
                "table": [
                    {"alpha": 0.3, "batch": 250, "value": 0.9},
                    {"alpha": None, "batch": None, "value": 0.8},
                ]
            },
            ["alpha 0.3, batches of 250: 90.0 %", "the support: 80.0 %"],
        ),
        ({"extractor": JUDGE}, ["judged by inception 01234567 at 299 x 299 pixels"]),
    ],
)
def test_facts_name_the_conditions(details: dict[str, Any], lines: list[str]) -> None:
    result = MetricResult(
        name="m",
        task="t",
        data="unseen",
        value=0.5,
        unit="share",
        better="higher",
        details={"samples": 100, **details},
    )
    assert facts(result) == ["100 samples of unseen", *lines]
