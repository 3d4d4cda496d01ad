"""LZN11x to LZN13x: how a program is written down."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN110",
        title="a character that is no part of the language",
        explanation=(
            "Names are written with the letters a to z and A to Z, digits and `_`; strings stand "
            'in double quotes `"`; comments start with `#`. There is no arithmetic and there are '
            "no dots in names. Quotes and dashes pasted from a document are often of another kind "
            "than those on the keyboard. Inside strings and comments any character may stand that "
            "can be seen."
        ),
        wrong="data clothes = fashion-mnist\ngenerate image from label\n",
        right="data clothes = fashion_mnist\ngenerate image from label\n",
    ),
    Code(
        code="LZN111",
        title="a character that cannot be seen",
        explanation=(
            "Control characters, and marks that change the direction of writing, may not stand in "
            "a program, not even in strings and comments: with them a line can look like another "
            "one than it is. Delete the character; the message says where it stands."
        ),
        wrong="let width = 32  # wide\u202e\ngenerate image from label\n",
        right="let width = 32  # wide\ngenerate image from label\n",
    ),
    Code(
        code="LZN112",
        title="a string is never closed",
        explanation=(
            'A string ends with a double quote `"` on the line it begins. Write `\\n` for a new '
            'line in it and `\\"` for a quote.'
        ),
        wrong='let place = "images\ngenerate image from label\n',
        right='let place = "images"\ngenerate image from label\n',
    ),
    Code(
        code="LZN113",
        title="an unknown escape in a string",
        explanation=(
            'A backslash in a string begins an escape: `\\"` is a quote, `\\\\` a backslash, `\\n` '
            "a new line, `\\t` a tab. There are no others."
        ),
        wrong='let place = "C:\\images"\ngenerate image from label\n',
        right='let place = "C:\\\\images"\ngenerate image from label\n',
    ),
    Code(
        code="LZN114",
        title="not a number",
        explanation=(
            "What begins with a digit is a number. Numbers are decimal, with `_` between digits "
            "where you like, and end in `k` for thousands, `M` for millions or an exponent: "
            "`32`, `4_000`, `5k`, `2M`, `0.5`, `-1`, `1e-3`. A name cannot begin with a digit."
        ),
        wrong="train { steps: 5K }\ngenerate image from label\n",
        right="train { steps: 5k }\ngenerate image from label\n",
    ),
    Code(
        code="LZN115",
        title="a number is out of range",
        explanation=(
            "Numbers with a point or an exponent are 64-bit floats: their size lies between 1e-308 "
            "and 1e308, or they are 0."
        ),
        wrong="let rate = 1e999\ngenerate image from label\n",
        right="let rate = 1e9\ngenerate image from label\n",
    ),
    Code(
        code="LZN120",
        title="something else was expected",
        explanation=(
            "What stands here does not fit what stands before it. The message says what could "
            "stand here. The statements are `let`, `param`, `import`, `space`, `data`, `modality`, "
            "`task`, `train`, `evaluate`, `learn` and `verb`; a phrase alone, such as "
            "`generate image from label`, is a task without a name. A statement ends with its "
            "line. It goes on inside ( ), [ ] and { }, and on a next line that starts with `|>`."
        ),
        wrong="let width 32\ngenerate image from label\n",
        right="let width = 32\ngenerate image from label\n",
    ),
    Code(
        code="LZN121",
        title="an unknown statement",
        explanation=(
            "A statement begins with `let`, `param`, `import`, `space`, `data`, `modality`, "
            "`task`, `train`, `evaluate`, `learn` or `verb`, in small letters, or with the verb of "
            "a phrase. What stands here is none of them but looks like one."
        ),
        wrong="tsak draw = generate image from label\n",
        right="task draw = generate image from label\n",
    ),
    Code(
        code="LZN122",
        title="a bracket is never closed",
        explanation=(
            "Each (, [ and { needs its ), ] and }. The place shown is where it was missed at the "
            "latest; the note says where the bracket was opened."
        ),
        wrong="space gaussian(dim: 64\n\ntask draw = generate image from label\n",
        right="space gaussian(dim: 64)\n\ntask draw = generate image from label\n",
    ),
    Code(
        code="LZN123",
        title="a closing bracket that does not fit",
        explanation=(
            "A closing bracket closes the last one opened, which must be of its kind: ( with ), "
            "[ with ], { with }. This one is of another kind, or no bracket is open."
        ),
        wrong="let widths = [16, 32)\ngenerate image from label\n",
        right="let widths = [16, 32]\ngenerate image from label\n",
    ),
    Code(
        code="LZN124",
        title="`=` and `:` mixed up",
        explanation=(
            "`=` gives a name its meaning, in `let`, `data`, `modality`, `task` and `verb`. `:` "
            "sets a setting, in ( ) and { }."
        ),
        wrong="space gaussian(dim = 64)\ngenerate image from label\n",
        right="space gaussian(dim: 64)\ngenerate image from label\n",
    ),
    Code(
        code="LZN125",
        title="a word of the language as a name",
        explanation=(
            "The words that begin statements, the prepositions, `using`, `true` and `false` "
            "cannot be names of constants, data, modalities, tasks or verbs. As keys and "
            "values of settings they can: `train { on: clothes }`, `mnist(split: train)`."
        ),
        wrong="task train = generate image from label\n",
        right="task draw = generate image from label\n",
    ),
    Code(
        code="LZN126",
        title="two statements on one line",
        explanation="Each statement begins on a line of its own; nothing stands between them.",
        wrong="let width = 32 let depth = 3\ngenerate image from label\n",
        right="let width = 32\nlet depth = 3\ngenerate image from label\n",
    ),
    Code(
        code="LZN128",
        title="braces and parentheses mixed up",
        explanation=(
            "The settings of a component, such as a dataset or an optimizer, stand in parentheses "
            "after its name: `adam(lr: 1e-3)`. The settings of `train`, `task` and `learn` stand "
            "in braces: `train { steps: 100 }`."
        ),
        wrong="data clothes = fashion_mnist { split: train }\ngenerate image from label\n",
        right="data clothes = fashion_mnist(split: train)\ngenerate image from label\n",
    ),
    Code(
        code="LZN129",
        title="a preposition is missing or misspelt",
        explanation=(
            "A phrase is a verb, what it acts on, and then pairs of a preposition and a name: "
            "`generate image from label`, `classify image as label`. The prepositions are `from`, "
            "`as`, `to`, `with`, `by`, `in`, `into`, `on`, `of` and `and`."
        ),
        wrong="generate image form label\n",
        right="generate image from label\n",
    ),
    Code(
        code="LZN130",
        title="a step applied to two things",
        explanation=(
            "In a verb, a step stands before the one thing it is applied to: `encode source`, or "
            "`center of source`. A step within a step stands in parentheses, `decode (encode x)`; "
            "several things stand in parentheses with commas, `blend(x, y, 0.5)`; the next step "
            "follows `|>`."
        ),
        wrong="verb redo x: image -> x = decode encode x\ngenerate image from label\n",
        right="verb redo x: image -> x = encode x |> decode x\ngenerate image from label\n",
    ),
    Code(
        code="LZN131",
        title="a statement lacks its first word",
        explanation=(
            "`NAME = VALUE` needs a first word that says what is named: `let` for a constant, "
            "`data`, `modality` or `task`. `KEY: VALUE` stands in the braces of `train`, a `task` "
            "or a `learn`."
        ),
        wrong="width = 32\ngenerate image from label\n",
        right="let width = 32\ngenerate image from label\n",
    ),
    Code(
        code="LZN132",
        title="a phrase written as a call",
        explanation=(
            "A phrase is written with spaces: the verb, what it acts on, and then prepositions "
            "with names, as in `generate image from label`. Parentheses stand around what is "
            "computed first: `name (draw label)`."
        ),
        wrong="generate(image, label)\n",
        right="generate image from label\n",
    ),
    Code(
        code="LZN133",
        title="an import of Python",
        explanation=(
            "`import` reads another program, by its path in quotes. Nothing of Python is imported: "
            "datasets, networks and optimizers are named, as in `train { optimizer: adam }`, and "
            "`lzn ls datasets`, `lzn ls encoders` and so on list what there is."
        ),
        wrong="import torch\ngenerate image from label\n",
        right="generate image from label\n",
    ),
    Code(
        code="LZN134",
        title="a method where none can stand",
        explanation=(
            "`using METHOD` says how a task is trained. It stands once in a task, on its line, "
            "after the whole phrase and before the settings in braces: "
            "`task gist = embed image using simclr { alpha: 0 }`. Verbs, steps and `learn` have "
            "no method."
        ),
        wrong="embed image { alpha: 0 } using simclr\n",
        right="embed image { alpha: 0 }\n",
    ),
)
