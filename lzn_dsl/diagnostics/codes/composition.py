"""LZN31x: tasks and verbs that are put together in a way that cannot work."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN313",
        title="a step cannot have this number",
        explanation=(
            "Some steps take a number: the share of `blend` is from 0 to 1, the number of rows of "
            "`interpolate` and `sample` is whole and at most 1,000. The default of a parameter "
            "is a number too, and only a parameter of the type `number` has one."
        ),
        wrong="task far = blend(encode image, encode label, 1.5) |> decode image\n",
        right="task far = blend(encode image, encode label, 0.9) |> decode image\n",
    ),
    Code(
        code="LZN314",
        title="a task does nothing",
        explanation=(
            "A task makes something of what it is given. A modality or a number alone is no task: "
            "say with a verb what is to be done. `task t = reconstruct image` rebuilds images, "
            "`task t = embed image` describes them."
        ),
        wrong="task same = image\n",
        right="task same = reconstruct image\n",
    ),
    Code(
        code="LZN315",
        title="zones that do not meet",
        explanation=(
            "A latent of several samples at once lies in all their zones. The zones of two classes "
            "of one modality have nothing in common, and those of two pictures hardly ever: each "
            "is about a thousandth of the space. Join samples of different modalities, of which "
            "all but one have classes: `from shape and color`, `from image and label`."
        ),
        wrong="generate image from label and label\n",
        right="generate image from label\n",
    ),
    Code(
        code="LZN316",
        title="numbers of rows that do not fit",
        explanation=(
            "`sample n of x` and `interpolate(x, y, n)` yield n rows for each row that they are "
            "given. Two values that are used together have equally many, or one of them has one; "
            "`sample` draws from a value with one row, in which something is drawn; and no value "
            "has more than 1,000."
        ),
        wrong="task four = sample 4 of label |> encode |> decode image\n",
        right="task four = sample 4 of (encode label) |> decode image\n",
    ),
    Code(
        code="LZN317",
        title="two verbs fit equally well",
        explanation=(
            "Verbs of one name are told apart by their prepositions and by what they ask of their "
            "operands; of those that fit, the one that asks more is taken. Here two ask equally "
            "much, each of another operand. Let one of them ask for more, or rename it."
        ),
        wrong=(
            "verb mix photo: image by mood: encodable -> latent = "
            "blend(encode photo, encode mood, 0.5)\n"
            "verb mix photo: encodable by mood: label -> latent = "
            "blend(encode photo, encode mood, 0.9)\n"
            "task tint = mix image by label |> decode image\n"
        ),
        right=(
            "verb mix photo: encodable by mood: encodable -> latent = "
            "blend(encode photo, encode mood, 0.5)\n"
            "verb mix photo: encodable by mood: label -> latent = "
            "blend(encode photo, encode mood, 0.9)\n"
            "task tint = mix image by label |> decode image\n"
        ),
    ),
    Code(
        code="LZN318",
        title="a task is too large",
        explanation=(
            "Verbs are replaced by their bodies until only primitives are left. A verb that uses "
            "another twice, which uses a third twice, and so on, doubles at every level. At most "
            "1,000 steps may be applied in one task, 16 verbs and 150 expressions may stand inside "
            "of each other, and all tasks of a program together may apply 100,000 steps."
        ),
    ),
    Code(
        code="LZN319",
        title="the method cannot train such a task",
        explanation=(
            "Each method trains tasks of some kinds: `simclr` and `moco` train what embeds, "
            "`cross_entropy` what classifies, `rectified_flow` what generates or reconstructs. "
            "Without `using`, a task is trained by latent zones, which can train all of them."
        ),
        wrong="task name = classify image as label using simclr\n",
        right="task name = classify image as label using cross_entropy\n",
    ),
)
