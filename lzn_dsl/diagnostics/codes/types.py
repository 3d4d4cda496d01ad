"""LZN3xx: values, settings and phrases that do not fit where they stand."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN301",
        title="a modality cannot do what the verb needs",
        explanation=(
            "To be generated, a modality needs a decoder; to be the source of something, an "
            "encoder; to be the answer of `classify`, a small number of classes. The one you named "
            "lacks what its place asks for. Name another modality (the message lists those that "
            "can), choose another verb, or give the modality what it lacks."
        ),
        wrong="modality image = image(decoder: none)\ngenerate image from label\n",
        right="modality image = image(decoder: flow)\ngenerate image from label\n",
    ),
    Code(
        code="LZN302",
        title="a setting cannot have this value",
        explanation=(
            "The value is of another kind than the setting takes, or outside its range. The "
            "message says what is expected. Every number has a range on both sides, so that a slip "
            "such as a learning rate of 1000 is found now and not after an hour of training."
        ),
        wrong="generate image from label\ntrain { batch: 0 }\n",
        right="generate image from label\ntrain { batch: 256 }\n",
    ),
    Code(
        code="LZN303",
        title="a setting is missing",
        explanation=(
            "Most settings have a default; this one cannot, for nobody but you knows its value. "
            "Add it: the message says what it takes."
        ),
        wrong='data mine = image_folder("pictures")\ngenerate image\n',
        right='data mine = image_folder("pictures", size: 64)\ngenerate image\n',
    ),
    Code(
        code="LZN304",
        title="a value without a name too many",
        explanation=(
            "Only the first settings of a component may be given without their names, and you gave "
            "more values than that. Write the name before each: `conv(widths: [32, 64], blocks: "
            "2)`. Then nobody has to remember an order."
        ),
        wrong="space gaussian(64, 32)\ngenerate image from label\n",
        right="space gaussian(dim: 64)\ngenerate image from label\n",
    ),
    Code(
        code="LZN305",
        title="the program contradicts the data",
        explanation=(
            "What a modality is like (the size of pictures, the number of classes) is known from "
            "the data. The program states something else, and training would fail or learn "
            "nonsense. Leave the setting out: what can be inferred need not be written."
        ),
        wrong="modality image = image(height: 28)\ngenerate image from label\n",
        right="modality image = image\ngenerate image from label\n",
    ),
    Code(
        code="LZN306",
        title="a verb is not used in this form",
        explanation=(
            "The verb exists, but not with these prepositions. Each verb has one or a few forms, "
            "such as `generate M`, `generate M from N` and `classify M as D`; the message lists "
            "those of this verb."
        ),
        wrong="classify image from label\n",
        right="classify image as label\n",
    ),
    Code(
        code="LZN307",
        title="the steps of a verb do not fit together",
        explanation=(
            "Every step takes and yields values of a certain type: `encode` takes a sample and "
            "yields a latent, `decode` takes a latent and is told a modality. Here a step is given "
            "something of another type, too much or too little, or the last step yields something "
            "else than the verb promises after `->`. Follow the types from left to right."
        ),
        wrong=(
            "verb copy source: encodable decodable -> source = source |> decode source\n"
            "copy image\n"
        ),
        right=(
            "verb copy source: encodable decodable -> source = encode source |> decode source\n"
            "copy image\n"
        ),
    ),
    Code(
        code="LZN308",
        title="a metric cannot judge this task",
        explanation=(
            "A metric judges tasks of a certain kind: `accuracy` judges classification, `frechet` "
            "generation, `reconstruction` reconstruction, `linear_probe` embedding. The message "
            "lists the metrics that fit this task."
        ),
        wrong="task draw = generate image from label\nevaluate draw on unseen with accuracy\n",
        right="task draw = generate image from label\nevaluate draw on unseen with frechet\n",
    ),
    Code(
        code="LZN309",
        title="the dataset lacks a column that the task needs",
        explanation=(
            "To judge a task, its inputs and the true answers are taken from the dataset. This "
            "dataset has no such column: a task that classifies images cannot be judged on images "
            "without labels. Evaluate it on a dataset that has all columns of the task."
        ),
    ),
    Code(
        code="LZN310",
        title="a component where a plain value is wanted",
        explanation=(
            "`NAME(...)` is a component, and this setting takes a plain value: a number, a word, a "
            "text or a list. The message says which. Perhaps the component belongs to another "
            "setting."
        ),
        wrong="generate image from label\ntrain { steps: cosine(warmup: 50) }\n",
        right="generate image from label\ntrain { steps: 500, schedule: cosine(warmup: 50) }\n",
    ),
    Code(
        code="LZN311",
        title="two datasets disagree about a modality",
        explanation=(
            "A program has one modality of each name, so a column of that name must be alike in "
            "all its datasets: pictures of one size, the same classes in the same order. These "
            "two differ; the message says in what. Use datasets that agree, or one of them only."
        ),
        wrong=(
            "data seen = digits(split: train)\n"
            "data unseen = fashion_mnist(split: test)\n"
            "generate image from label\n"
        ),
        right=(
            "data seen = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "generate image from label\n"
        ),
    ),
    Code(
        code="LZN312",
        title="a size is neither in the data nor in the program",
        explanation=(
            "To build the networks, the sizes of the samples must be known: how high and wide "
            "pictures are, how many classes there are. They come from the data, and this data is "
            "not on this machine (a warning says so as well). Get the data, or state the size in a "
            "`modality` statement; it is compared with the data once that is there."
        ),
        wrong='data mine = image_folder("not/here", size: 32)\ngenerate image from label\n',
        right=(
            'data mine = image_folder("not/here", size: 32)\n'
            "modality label = label(classes: 3)\n"
            "generate image from label\n"
        ),
    ),
    Code(
        code="LZN320",
        title="an extractor does not give what the metric needs",
        explanation=(
            "Every extractor turns pictures into features. Some metrics need more: "
            "`spatial_frechet` features that know places, `inception_score` probabilities of "
            "classes, `recognition` the classes of the data itself, which only an extractor that "
            "learned from it knows. The message lists the extractors that give it."
        ),
        wrong=(
            "task draw = generate image from label\n"
            "evaluate draw on unseen with recognition(extractor: efficientnet_lite0)\n"
        ),
        right=(
            "task draw = generate image from label\n"
            "evaluate draw on unseen with recognition(extractor: classifier)\n"
        ),
    ),
)
