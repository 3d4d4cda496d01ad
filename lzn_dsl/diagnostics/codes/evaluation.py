"""LZN8xx: what can keep a metric from being measured. Training and other metrics stay valid."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN801",
        title="a metric needs class labels that the data does not have",
        explanation=(
            "The extractor `classifier` learns from the labels of the training data, and a linear "
            "probe predicts them; this data has no column with classes. Use data with labels, name "
            "another extractor, or leave the metric out."
        ),
    ),
    Code(
        code="LZN802",
        title="a metric has too few samples",
        explanation=(
            "A distance between distributions needs two samples of each at least, and a classifier "
            "needs two classes to tell apart. Use more data, or leave the metric out."
        ),
    ),
    Code(
        code="LZN803",
        title="a metric met numbers that are not finite",
        explanation=(
            "A task, or the extractor, gave values that are not finite, so that there is nothing "
            "to measure. The last checkpoint may come from a training that diverged: look at its "
            "losses in the report."
        ),
    ),
    Code(
        code="LZN804",
        title="a task could not be run for a metric",
        explanation=(
            "The sampler of the task gave up: its velocity was not finite, or an adaptive sampler "
            "needed more evaluations than it may use. Raise `max_evaluations`, loosen its "
            "tolerances, or use `euler`."
        ),
    ),
)
