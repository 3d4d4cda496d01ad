"""LZNW4xx: advice on numbers of training and of samplers."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZNW401",
        title="the warm-up is as long as the training",
        explanation=(
            "While a schedule warms up, the learning rate rises from zero. This warm-up ends no "
            "earlier than the training, so that the rate never gets to its value and a schedule "
            "that falls never falls."
        ),
        wrong="classify image as label\ntrain { schedule: cosine(warmup: 2_000) }\n",
        right="classify image as label\ntrain { schedule: cosine(warmup: 50) }\n",
    ),
    Code(
        code="LZNW402",
        title="a high learning rate",
        explanation=(
            "Adam divides each gradient by its usual size, so that a step moves every weight by "
            "about the learning rate, however small its gradient is. Weights of a layer with n "
            "inputs start near 1 / sqrt(n), which is 0.04 for 64 channels of a 3 by 3 convolution: "
            "a rate above 0.03 moves them in one step by about as much. For `sgd` the rule looks "
            "at the rate times `clip`, which is the longest step of all weights together."
        ),
        wrong="classify image as label\ntrain { optimizer: adam(lr: 0.1) }\n",
        right="classify image as label\ntrain { optimizer: adam(lr: 0.003) }\n",
    ),
    Code(
        code="LZNW403",
        title="the weights can hardly move",
        explanation=(
            "A step of Adam moves a weight by about the learning rate, so that after all steps it "
            "is `lr` times `steps` from where it started, at most. A step of `sgd` is no longer "
            "than `lr` times `clip`, over 1 - `momentum` with its momentum, for all weights "
            "together. Here this way is so short that the model stays what it was at random. A "
            "common slip is a rate for Adam given to `sgd`."
        ),
        wrong="classify image as label\ntrain { optimizer: sgd(lr: 1e-6) }\n",
        right="classify image as label\ntrain { optimizer: sgd(lr: 0.1) }\n",
    ),
    Code(
        code="LZNW404",
        title="an alignment looks at a single step of the flow",
        explanation=(
            "The loss of an alignment is the largest probability of the partner over the steps of "
            "the flow (paper, section 2.2.2 and technique 2); `cutoff` and `until` say from which "
            "share of the steps to which. Here one step or none is left (then the first after "
            "`cutoff` counts), so that there is no maximum to take."
        ),
        wrong=(
            "classify image as label\nlearn align image with label { cutoff: 0.2, until: 0.25 }\n"
        ),
        right="classify image as label\nlearn align image with label { cutoff: 0.2, until: 0.6 }\n",
    ),
    Code(
        code="LZNW405",
        title="labels are aligned with nearly full noise",
        explanation=(
            "`alpha` scales the noise of a sample in training: with 1 its latent is drawn from its "
            "whole zone, with 0 it is the centre. At the edge of a zone the latent says little of "
            "its sample, and the encoder learns slower. On Fashion-MNIST, 300 steps reach a test "
            "accuracy of 86.5 % with 1 and 89.3 % with 0.3 (means of the seeds 0 and 1; "
            "`tests/benchmarks/alignment_noise.lzn` says by which commands). The paper's joint "
            "training has 1; a program that follows it can silence the rule."
        ),
        wrong="classify image as label\nlearn align image with label { alpha: 1 }\n",
        right="classify image as label\nlearn align image with label { alpha: 0.3 }\n",
    ),
    Code(
        code="LZNW406",
        title="a sampler with few steps",
        explanation=(
            "Euler's method errs in proportion to the size of its steps. To rebuild a sample it "
            "goes back to its noise and forth again, and the errors of both ways add up. On "
            "the digits, rebuilt pictures are at a mean L2 distance of 0.59, 0.32, 0.16 and 0.067 "
            "from their originals for 5, 10, 20 and 50 steps, and of 0.043 with `dopri5`. Drawing "
            "needs fewer: the Frechet distance is 0.56 for 3 steps, and 0.42 for 5 and for 10. "
            "(Seed 0, by `lzn run tests/benchmarks/sampler_steps.lzn`.) The rule asks for 30 steps "
            "where a task rebuilds, else for 4."
        ),
        wrong="reconstruct image { sampler: euler(steps: 10) }\n",
        right="reconstruct image { sampler: euler(steps: 50) }\n",
    ),
    Code(
        code="LZNW407",
        title="digits are mirrored in training",
        explanation=(
            "`flip` mirrors half of the pictures, left to right, which is right for things that "
            "look the same from both sides. A mirrored 2 is no digit, and the model would learn to "
            "draw it."
        ),
        wrong="classify image as label\ntrain { augment: [flip] }\n",
        right="classify image as label\ntrain { augment: [shift(1)] }\n",
    ),
)
