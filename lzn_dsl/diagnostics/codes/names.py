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
            "A task begins with a verb: `generate`, `translate`, `classify`, `reconstruct` or "
            "`embed`, or one that the program defines by a `verb` statement. `lzn ls verbs` shows "
            "the built-in ones with their forms."
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
            "The body of a verb is made of steps (`encode`, `center`, `decode`, `prior`, ...) and "
            "of the verb's own parameters. The capabilities of a parameter are `encodable`, "
            "`decodable`, `discrete` or a kind of modality. The word you used is none of these; "
            "the message lists those that fit."
        ),
        wrong=(
            "verb redraw source: encodable decodable -> source = embed source |> decode source\n"
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
)
