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
            "from one modality to another aligns their encoders, and embedding pictures aligns two "
            "views of them. This task uses a module that no task and no `learn` statement trains, "
            "so it would keep the random weights of its start. Add a task that trains it, add a "
            "`learn` statement, or take back a weight of 0."
        ),
        wrong="embed label\n",
        right="embed label\nlearn align image with label\n",
    ),
    Code(
        code="LZN403",
        title="this is nothing that can be learned",
        explanation=(
            "`learn` knows two objectives: `align M with N` brings two different modalities "
            "together in the latent space (or, with `align image with image`, two views of a "
            "picture), and `decode M` trains the decoder of M. The decoder of a discrete modality "
            "such as `label` has nothing to train of its own: it reads off which zone a latent "
            "lies in. The objectives of other methods are stated by their tasks: `using simclr`."
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
    Code(
        code="LZN407",
        title="two tasks train one thing by methods that exclude each other",
        explanation=(
            "`using METHOD` says by what a task is trained. A decoder is told latents or is not, "
            "and a contrast has one temperature: two tasks that share a module's objective must "
            "name the same method with the same settings. To compare methods, write a program for "
            "each, or one with a parameter for the method (specs/compare)."
        ),
        wrong="task a = embed image using simclr\ntask b = embed image using simclr(0.5)\n",
        right="task a = embed image using simclr\ntask b = anchor of image using simclr\n",
    ),
    Code(
        code="LZN408",
        title="a module that there is not",
        explanation=(
            "`train MODULE { ... }` says how one module trains: the encoder or the decoder of a "
            "modality, `image.encoder` or `image.decoder`. The encoder of a label is its anchors; "
            "classes are read off those, so a label has no decoder to train."
        ),
        wrong="generate image from label\ntrain label.decoder { lr: 1e-4 }\n",
        right="generate image from label\ntrain label.encoder { lr: 1e-4 }\n",
    ),
    Code(
        code="LZN409",
        title="settings of a module that trains nothing",
        explanation=(
            "Either no objective trains the module, so that its rate, schedule and end mean "
            "nothing (`lzn plan` shows what is trained by what), or all modules are frozen before "
            "the last step, so that the steps after that would change nothing."
        ),
        wrong="classify image as label\ntrain image.decoder { lr: 1e-4 }\n",
        right="classify image as label\ntrain image.encoder { lr: 1e-4 }\n",
    ),
)
