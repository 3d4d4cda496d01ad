"""LZNW2xx: advice on tasks, modalities and what trains or judges them."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZNW201",
        title="nothing judges a module",
        explanation=(
            "The task uses a module that no evaluated task uses, so that the report of a run says "
            "nothing about how well it was trained. A task without an evaluation of its own is "
            "fine where others that use the same modules have one; the pedantic rule LZNW904 asks "
            "for more."
        ),
        wrong=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task draw = generate image from label\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
        ),
        right=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task draw = generate image from label\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
            "evaluate draw on unseen with recognition\n"
        ),
    ),
    Code(
        code="LZNW202",
        title="a modality is set up and not used",
        explanation=(
            "A `modality` statement refines a column of the data. No task uses this one and no "
            "objective trains its encoder, so that the statement has no effect."
        ),
        wrong=(
            "data pictures = shapes\n"
            "modality color = label(init_std: 0.5)\n"
            "task name = classify image as shape\n"
            "evaluate name on pictures with accuracy # lzn: ignore[LZNW302]\n"
        ),
        right=(
            "data pictures = shapes\n"
            "modality shape = label(init_std: 0.5)\n"
            "task name = classify image as shape\n"
            "evaluate name on pictures with accuracy # lzn: ignore[LZNW302]\n"
        ),
    ),
    Code(
        code="LZNW203",
        title="a decoder is set up and not used",
        explanation=(
            "The decoder of a modality is trained because a task decodes it, or because a `learn` "
            "statement says so. Here neither is the case: the decoder takes memory and does "
            "nothing. `decoder: none` leaves it out."
        ),
        wrong="modality image = image(decoder: flow(unet(width: 64)))\nclassify image as label\n",
        right="modality image = image(decoder: none)\nclassify image as label\n",
    ),
    Code(
        code="LZNW204",
        title="a task goes between modalities that nothing aligns",
        explanation=(
            "A latent of one modality says something about another only if an objective aligns the "
            "two, directly or through others. An objective of weight 0 is not trained; without it "
            "both modules of this task may be trained, each by itself, and still its results have "
            "nothing to do with its inputs."
        ),
        wrong=(
            "data pictures = shapes\n"
            "task draw = generate image from shape\n"
            "learn align image with shape { weight: 0 }\n"
            "learn align color with shape\n"
            "evaluate draw on pictures with frechet # lzn: ignore[LZNW302]\n"
        ),
        right=(
            "data pictures = shapes\n"
            "task draw = generate image from shape\n"
            "learn align image with shape\n"
            "learn align color with shape\n"
            "evaluate draw on pictures with frechet # lzn: ignore[LZNW302]\n"
        ),
    ),
    Code(
        code="LZNW205",
        title="two tasks do the same",
        explanation=(
            "Both tasks have the same steps and the same settings, so that they give the same "
            "results. Perhaps one of them was to have another setting."
        ),
        wrong="task draw = generate image from label\ntask paint = generate image from label\n",
        right=(
            "task draw = generate image from label\n"
            "task sure = generate image from label { alpha: 0.5 }\n"
        ),
    ),
    Code(
        code="LZNW206",
        title="a setting of a task has no effect",
        explanation=(
            "`alpha` scales the noise of `encode` and of `invert`; `center of` takes the centre of "
            "a zone, and `prior` has no zone. `sampler` draws samples of decoders such as `flow`; "
            "classes are read off a latent without one. This task has no step that looks at the "
            "setting."
        ),
        wrong="generate image { alpha: 0 }\n",
        right="generate image from label { alpha: 0 }\n",
    ),
)
