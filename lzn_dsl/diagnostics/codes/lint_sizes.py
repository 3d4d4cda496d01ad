"""LZNW3xx: advice on numbers of samples, classes and dimensions, and on evaluations."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZNW301",
        title="a batch is smaller than the number of classes",
        explanation=(
            "In training the anchors of classes are weighed by how frequent the classes are in the "
            "batch (paper, section 2.2.3), so that a class that is absent has weight 0: no latent "
            "can come to it, and nothing is learned about it in this step. A batch smaller than "
            "the number of classes leaves some out in every step."
        ),
        wrong="space gaussian(dim: 8)\nclassify image as label\ntrain { batch: 8 }\n",
        right="space gaussian(dim: 8)\nclassify image as label\ntrain { batch: 40 }\n",
    ),
    Code(
        code="LZNW302",
        title="a task is judged on what it was trained on",
        explanation=(
            "A model can know its training samples by heart, so that a metric on them says little "
            "of others. Judge on held-out data: most datasets have `split: test`. Where the figure "
            "is wanted beside that of held-out data, silence the rule on this line."
        ),
        wrong=(
            "data figures = digits(split: train)\n"
            "task name = classify image as label\n"
            "evaluate name on figures with accuracy\n"
        ),
        right=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
        ),
    ),
    Code(
        code="LZNW303",
        title="held-out data holds training samples",
        explanation=(
            "The two splits are made of the same files, but cut with another `split_seed` or "
            "`holdout`. What one of them holds out is then partly what the other trains on, and "
            "metrics on it come out too good."
        ),
        wrong=(
            "data figures = digits(split: train, split_seed: 1)\n"
            "data unseen = digits(split: test)\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
        ),
        right=(
            "data figures = digits(split: train, split_seed: 1)\n"
            "data unseen = digits(split: test, split_seed: 1)\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
        ),
    ),
    Code(
        code="LZNW304",
        title="training ends before each sample was seen once",
        explanation=(
            "`steps` times `batch` is less than the number of samples. `steps` counts batches, not "
            "passes over the data: perhaps a number of passes was meant."
        ),
        wrong="classify image as label\ntrain { steps: 10, batch: 100 }\n",
        right="classify image as label\ntrain { steps: 150, batch: 100 }\n",
    ),
    Code(
        code="LZNW305",
        title="training sees each sample ten thousand times",
        explanation=(
            "`steps` counts batches, not samples. This many of them are more than ten thousand "
            "passes over the data: perhaps a zero too many was typed."
        ),
        wrong="classify image as label\ntrain { steps: 1M }\n",
        right="classify image as label\ntrain { steps: 10k }\n",
    ),
    Code(
        code="LZNW306",
        title="the latent space has few dimensions for the classes",
        explanation=(
            "With q dimensions there are 2^q orthants, that is patterns of signs. With more "
            "classes than that some anchors must share an orthant (and have an angle of at most 90 "
            "degrees), so that their zones compete for the same latents. From log2 of the number "
            "of classes on, each can have an orthant of its own; in practice take several times "
            "that, as images need the other dimensions for what classes do not say."
        ),
        wrong="space gaussian(dim: 3)\nclassify image as label\n",
        right="space gaussian(dim: 16)\nclassify image as label\n",
    ),
    Code(
        code="LZNW307",
        title="the latent space has more dimensions than a batch has anchors",
        explanation=(
            "The velocity of the flow is a weighted mean of anchors (paper, section 2.2.1), so "
            "that n anchors move a latent in at most n directions. With more dimensions than "
            "anchors, the rest of each latent is noise that a step cannot link to any sample. Take "
            "a larger batch or fewer dimensions."
        ),
        wrong="space gaussian(dim: 256)\nclassify image as label\n",
        right="space gaussian(dim: 64)\nclassify image as label\n",
    ),
    Code(
        code="LZNW308",
        title="the support is too small",
        explanation=(
            "In use, the zone of a sample is bounded by `support` training anchors, balanced over "
            "classes. With 0 of them samples can be drawn but none encoded (LZN604). With fewer "
            "than there are classes, a class without an anchor bounds no zone, so that its latents "
            "go to the zones of others."
        ),
        wrong="classify image as label\ntrain { support: 5 }\n",
        right="classify image as label\ntrain { support: 200 }\n",
    ),
    Code(
        code="LZNW309",
        title="a Frechet distance has too few samples for its features",
        explanation=(
            "The distance compares the means and covariances of features. A covariance from n "
            "samples has a rank of at most n - 1: with no more samples than features it has "
            "directions without any variance, and the distance measures the ridge that is added "
            "for them. Take several times as many samples as features."
        ),
        wrong=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task draw = generate image from label\n"
            "evaluate draw on unseen with frechet(samples: 50)\n"
        ),
        right=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task draw = generate image from label\n"
            "evaluate draw on unseen with frechet(samples: 1_000)\n"
        ),
    ),
    Code(
        code="LZNW310",
        title="an evaluation is stated twice",
        explanation=(
            "The same metric, with the same settings, judges the same task on the same data. "
            "Its second result is that of the first; perhaps another task or metric was meant."
        ),
        wrong=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
            "evaluate name on unseen with accuracy\n"
        ),
        right=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
        ),
    ),
)
