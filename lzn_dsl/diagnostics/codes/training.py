"""LZN6xx: what can go wrong while a program trains or is used."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN601",
        title="a training step was skipped",
        explanation=(
            "A loss, an anchor or a gradient of this step was not finite. The step changed "
            "nothing: weights, averages and buffers are as before it. The log names the step and "
            "the part. A few such steps in a long training are harmless; many mean that the "
            "learning rate is too high or that the data holds extreme values."
        ),
    ),
    Code(
        code="LZN602",
        title="training stopped: too many steps in a row were not finite",
        explanation=(
            "Ten steps one after the other had a loss or a gradient that was not finite, so that "
            "going on would change nothing. The last checkpoint is good. Lower the learning rate "
            "(`optimizer: adam(lr: 3e-4)`), clip gradients (`clip: 1.0`) or look at the data, then "
            "start afresh in another run folder."
        ),
    ),
    Code(
        code="LZN603",
        title="training stopped: weights are not finite",
        explanation=(
            "Weights, their average or the optimizer's state overflowed although each loss and "
            "gradient was finite. Such values are never saved: the last checkpoint is good. Lower "
            "the learning rate."
        ),
    ),
    Code(
        code="LZN604",
        title="the model keeps no support anchors",
        explanation=(
            "In use, a sample's zone is bounded by training anchors that the checkpoint keeps, so "
            "that its answer does not depend on other samples. This run kept none "
            "(`support: 0` in its `train` block), so that its samples can be drawn but none can be "
            "encoded. Set `support` to some hundred samples and run again in the same folder: the "
            "training is not repeated."
        ),
    ),
    Code(
        code="LZN605",
        title="a network with batch statistics cannot see its batch in micro-batches",
        explanation=(
            "With `micro_batches` above 1 a network sees a batch in slices. The gradient is that "
            "of the whole batch only if a sample's result does not depend on the others, which a "
            "batch norm in training mode breaks. The built-in networks use group normalisation; "
            "this one comes from a plugin. Replace its batch norms (`torch.nn.GroupNorm`), keep "
            "them in evaluation mode, or train with `micro_batches: 1`."
        ),
    ),
    Code(
        code="LZN606",
        title="a training step needs more memory than there is",
        explanation=(
            "Weights, gradients, the optimizer's state and the activations of a batch were "
            "estimated from the plan, before anything was allocated; `lzn plan` shows the estimate "
            "part by part. Choose a smaller `batch` or smaller networks, or let the networks see "
            "the batch in slices (`micro_batches: 4`), which changes nothing else. Where the "
            "estimate is wrong, `lzn run --memory 64G` allows what you say."
        ),
    ),
    Code(
        code="LZN607",
        title="zones of several samples do not meet",
        explanation=(
            "What is drawn for several samples at once (`generate image from shape and color`) is "
            "drawn from where their zones meet. Latents are drawn from the smallest of them until "
            "one lies in all the others, at most 2,048 times. For this combination none did: "
            "either the model has not learned it, or the data has no such samples. `lzn do` shows "
            "how many draws other combinations take."
        ),
    ),
)
