"""LZN2xx: names in a program that mean nothing, or too much."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN201",
        title="no modality has this name",
        explanation=(
            "A phrase speaks of modalities: the columns of the program's datasets, such as `image` "
            "and `label`. No dataset of this program has a column of the name you wrote. Most "
            "often it is a slip of the keyboard; the message lists the columns that there are. If "
            "the name is right, the dataset that holds it is missing: add it with `data`."
        ),
        wrong="generate image from lable\n",
        right="generate image from label\n",
    ),
    Code(
        code="LZN202",
        title="no dataset has this name",
        explanation=(
            "`on` takes the name that a `data` statement gives to a dataset, not the kind of the "
            "dataset: after `data clothes = fashion_mnist(...)` the name is `clothes`. A program "
            "without `data` statements has two, `seen` to train on and `unseen` to judge by."
        ),
        wrong="task name = classify image as label\nevaluate name on test with accuracy\n",
        right="task name = classify image as label\nevaluate name on unseen with accuracy\n",
    ),
    Code(
        code="LZN203",
        title="no verb has this name",
        explanation=(
            "A task applies verbs: built-in ones such as `generate`, `classify` and `embed`, and "
            "those that the program defines by `verb` statements. It may apply other tasks, too, "
            "and primitives. `lzn ls verbs` shows the built-in verbs with their forms."
        ),
        wrong="draw image from label\n",
        right="task draw = generate image from label\n",
    ),
    Code(
        code="LZN204",
        title="no setting has this name",
        explanation=(
            "What you set is not known in this place, so it would have had no effect. The message "
            "lists the settings that there are. Perhaps the name is misspelt, or the setting "
            "belongs one level deeper: the learning rate is a setting of the optimizer, not of "
            "`train`."
        ),
        wrong="generate image from label\ntrain { lr: 1e-3 }\n",
        right="generate image from label\ntrain { optimizer: adam(lr: 1e-3) }\n",
    ),
    Code(
        code="LZN205",
        title="something is defined twice",
        explanation=(
            "Two statements define the same thing, and the program cannot tell which one you "
            "meant. The message says where the first one stands. Give the second another name, or "
            "remove one of them. There is only one `space` and one `train` block in a program."
        ),
        wrong="task draw = generate image from label\ntask draw = generate image\n",
        right="task draw = generate image from label\ntask dream = generate image\n",
    ),
    Code(
        code="LZN206",
        title="no component has this name",
        explanation=(
            "Datasets, encoders, decoders, networks, optimizers, metrics and the like are looked "
            "up by name, each among those of its own kind. This kind has none of that name; the "
            "message lists the ones it has. If another package should provide it, check that the "
            "package is installed: `lzn doctor` lists what was found."
        ),
        wrong="generate image from label\ntrain { optimizer: adamm }\n",
        right="generate image from label\ntrain { optimizer: adam }\n",
    ),
    Code(
        code="LZN207",
        title="no task has this name",
        explanation=(
            "`evaluate` names a task of the program. A task has the name that stands after `task`; "
            "a phrase without a name is called by its verb. The message lists the tasks that there "
            "are."
        ),
        wrong="task name = classify image as label\nevaluate classify on unseen with accuracy\n",
        right="task name = classify image as label\nevaluate name on unseen with accuracy\n",
    ),
    Code(
        code="LZN208",
        title="this name stands for no value",
        explanation=(
            "A number is wanted here, and a bare name can only be a constant: one that a `let` "
            "statement defines further up. Define it, or correct its name. A constant may use "
            "only those above it."
        ),
        wrong="generate image from label\ntrain { steps: many }\n",
        right="let many = 2_000\ngenerate image from label\ntrain { steps: many }\n",
    ),
    Code(
        code="LZN210",
        title="`--set` names no setting",
        explanation=(
            "`--set PATH=VALUE` changes a setting of the program, and this program has none at "
            "that path. A path follows the program: `train.steps`, `space.dim`, "
            "`modality.image.encoder.widths`, `task.draw.alpha`, `let.width`. "
            "`lzn plan SPEC --json` shows all settings, under `origins`."
        ),
    ),
    Code(
        code="LZN211",
        title="a verb uses a word that is not known",
        explanation=(
            "The body of a verb is made of primitives (`encode`, `center`, `decode`, `prior`, "
            "...), of other verbs and of the verb's own parameters. A parameter is `encodable`, "
            "`decodable`, `discrete`, `ordered`, of a kind of modality such as `image`, a `number` "
            "or a `latent`. The word you used is none of these; the message lists those that fit."
        ),
        wrong=(
            "verb redraw source: encodable decodable -> source = encod source |> decode source\n"
            "redraw image\n"
        ),
        right=(
            "verb redraw source: encodable decodable -> source = encode source |> decode source\n"
            "redraw image\n"
        ),
    ),
    Code(
        code="LZN212",
        title="a setting is given twice",
        explanation=(
            "The same setting has two values, and the program cannot tell which one you meant. "
            "Keep one. A value without a name counts as the setting that stands first: in "
            "`gaussian(64, dim: 32)` both are `dim`."
        ),
        wrong="generate image from label\ntrain { steps: 100, steps: 200 }\n",
        right="generate image from label\ntrain { steps: 200 }\n",
    ),
    Code(
        code="LZN213",
        title="`--set` is not `PATH=VALUE`",
        explanation=(
            "Each `--set` is a path, an equals sign and a value, without spaces or in quotes: "
            '`--set train.steps=100`, `--set "train.optimizer=adam(lr: 1e-3)"`. The value is '
            "written as in a program."
        ),
    ),
    Code(
        code="LZN214",
        title="a verb or a task uses itself",
        explanation=(
            "What is made of itself has no end: a verb is replaced by its body, and a task by its "
            "steps, until only primitives are left. The message shows the way round. Break it "
            "where one of them can do without the others."
        ),
        wrong="task again = again |> name\ntask name = classify image as label\n",
        right="task again = draw |> name\ntask draw = generate image from label\n"
        "task name = classify image as label\n",
    ),
    Code(
        code="LZN215",
        title="a name in a verb is not used",
        explanation=(
            "The verb has a parameter, or gives a name to a value by `let`, and nothing in its "
            "body speaks of it. That is no error, but most often a slip: another name was meant. "
            "A parameter that only says what comes out is used by the `->` of the verb."
        ),
    ),
    Code(
        code="LZN290",
        title="constants stand for too many values",
        explanation=(
            "A list of constants that are lists of constants grows with each step: 20 of them can "
            "stand for a million values. All lists of a program may stand for 100,000 values "
            "together, and for 64 lists within each other. No setting takes that many."
        ),
        wrong=(
            "let a = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]\n"
            "let b = [a, a, a, a, a, a, a, a, a, a]\n"
            "let c = [b, b, b, b, b, b, b, b, b, b]\n"
            "let d = [c, c, c, c, c, c, c, c, c, c]\n"
            "let e = [d, d, d, d, d, d, d, d, d, d]\n"
            "modality image = image(encoder: conv(widths: e))\n"
            "generate image from label\n"
        ),
        right=(
            "let widths = [32, 64]\n"
            "modality image = image(encoder: conv(widths: widths))\n"
            "generate image from label\n"
        ),
    ),
)
