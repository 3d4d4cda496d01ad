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
    Code(
        code="LZN805",
        title="an extractor's weights are not on this machine",
        explanation=(
            "`efficientnet_lite0` comes with the extra `efficientnet`; `inception` and `clip` take "
            "their weights from a file that `weights:` names, relative to the folder of the spec. "
            "Nothing is ever downloaded. `lzn check` warns of it, so that a training need not end "
            "without its numbers; once the weights are there, `lzn run` on the same folder trains "
            "no further and measures."
        ),
    ),
    Code(
        code="LZN806",
        title="a file of weights is not what the extractor takes",
        explanation=(
            "The file is damaged, holds more than tensors, or the tensors of another network: the "
            "message names the first that is missing, too many or of another shape. `inception` "
            "takes the network of FID with its 1,008 classes, not torchvision's with 1,000; `clip` "
            "a vision transformer as a state dict, not a TorchScript archive."
        ),
    ),
    Code(
        code="LZN807",
        title="a metric cannot be measured in this way",
        explanation=(
            "Extractors of the ImageNet kind see pictures of one or three channels. `accuracy` "
            "with `alpha:` needs a task that draws from zones, and with `batch:` one that reads "
            "the class of a sample that has no finite set of anchors, such as `classify image as "
            "label`. Leave the setting out, or judge another task."
        ),
    ),
    Code(
        code="LZN808",
        title="a run has no such evaluation",
        explanation=(
            "`lzn eval RUN --task T --metric M` measures those `evaluate` statements of the run's "
            "program that are of this task and this metric, and there is none. The message lists "
            "what there is. A metric that the program does not name is written out: `lzn eval RUN "
            '"gist on unseen with linear_probe"`, one such statement an argument.'
        ),
    ),
    Code(
        code="LZN809",
        title="runs that cannot be compared in every way",
        explanation=(
            "`lzn compare` sets the runs side by side all the same, and says what else than the "
            "programs differs: the data, the steps or the batch, seeds that one program has and "
            "another has not, the extractor or the number of samples behind a metric, versions, "
            "or the machine. A difference between such numbers may come from that alone."
        ),
    ),
)
