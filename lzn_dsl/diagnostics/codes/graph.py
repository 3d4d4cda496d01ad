"""LZN4xx: programs whose parts are right, but from which nothing can be learned."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN401",
        title="no paired data connects two modalities",
        explanation=(
            "To go from one modality to another, the two must share the latent space, and they "
            "learn that from pairs: samples of both in the same row of the dataset on which the "
            "program trains. That dataset does not hold both, and there is no way round by a third "
            "modality either. Train on a dataset that has them together (`train { on: NAME }`)."
        ),
    ),
    Code(
        code="LZN402",
        title="a task uses something that nothing trains",
        explanation=(
            "What a program learns is inferred from its tasks: decoding trains a decoder, going "
            "from one modality to another aligns their encoders. This task uses a module that no "
            "task and no `learn` statement trains, so it would keep the random weights of its "
            "start. Add a task that trains it, add a `learn` statement, or take back a weight of 0."
        ),
        wrong="embed image\n",
        right="embed image\nlearn align image with label\n",
    ),
    Code(
        code="LZN403",
        title="this is nothing that can be learned",
        explanation=(
            "`learn` knows two objectives: `align M with N` brings two different modalities "
            "together in the latent space, and `decode M` trains the decoder of M. The decoder of "
            "a discrete modality such as `label` has nothing to train of its own: it reads off "
            "which zone a latent lies in."
        ),
        wrong="classify image as label\nlearn decode label\n",
        right="classify image as label\nlearn align image with label\n",
    ),
    Code(
        code="LZN404",
        title="the program has no task",
        explanation=(
            "A program exists for its tasks: what is trained and what can be done with the result "
            "follow from them. Add at least one phrase. A file of `let`, `param` and `verb` alone "
            "is there for others to import: `lzn check` takes it, and nothing of it can be run."
        ),
        wrong="data figures = digits\n",
        right="data figures = digits\ntask draw = generate image from label\n",
    ),
    Code(
        code="LZN405",
        title="a batch is larger than the dataset",
        explanation=(
            "Each training step takes a batch of different samples, and the dataset has fewer than "
            "that. Choose a smaller `batch`, or train on more data."
        ),
        wrong="generate image from label\ntrain { batch: 4_000 }\n",
        right="generate image from label\ntrain { batch: 400 }\n",
    ),
    Code(
        code="LZN406",
        title="a trained model cannot do this",
        explanation=(
            "An expression over a trained model is made of what the model was trained for. A "
            "decoder that no objective trained draws noise, and two modalities that nothing "
            "aligned have nothing to do with each other. Add a task that needs it to the program, "
            "and train again; `lzn plan` shows what each task is trained by."
        ),
    ),
)
