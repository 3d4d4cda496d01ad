"""LZNW0xx and LZNW1xx: advice on comments that silence, and on names."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZNW001",
        title="a comment silences a code that there is not",
        explanation=(
            "`# lzn: ignore[CODE]` takes the codes of the linter's rules, which begin with LZNW. "
            "This one is none, so the comment does nothing. Errors cannot be silenced."
        ),
        wrong="generate image { alpha: 0 } # lzn: ignore[LZNW206, LZNW999]\n",
        right="generate image { alpha: 0 } # lzn: ignore[LZNW206]\n",
    ),
    Code(
        code="LZNW002",
        title="a comment silences nothing",
        explanation=(
            "The rule that this comment silences finds nothing here. Most often what it was about "
            "has been mended. Left in place, the comment would hide the next such finding."
        ),
        wrong="generate image from label # lzn: ignore[LZNW206]\n",
        right="generate image from label\n",
    ),
    Code(
        code="LZNW003",
        title="a comment to the linter that it does not understand",
        explanation=(
            "A comment that begins with `# lzn:` is for the linter. It knows two: "
            "`# lzn: ignore[CODE, ...]` for a line or, on a line of its own, for the statement "
            "that follows; and `# lzn: ignore-file[CODE, ...]`. The codes are not left out, so "
            "that a comment never hides more than was meant."
        ),
        wrong="generate image from label # lzn: ignore\n",
        right="generate image { alpha: 0 } # lzn: ignore[LZNW206]\n",
    ),
    Code(
        code="LZNW101",
        title="a constant is not used",
        explanation=(
            "Nothing in the program names this constant, so that changing it changes nothing. "
            "Remove it, or use it where you meant to. If it is there for expressions over the "
            "trained model, silence the rule. In a file without tasks, which is there to be "
            "imported, constants may be for other files, and the rule is silent."
        ),
        wrong="let width = 16\ngenerate image from label\n",
        right=(
            "let width = 16\n"
            "modality image = image(decoder: flow(unet(width: width)))\n"
            "generate image from label\n"
        ),
    ),
    Code(
        code="LZNW102",
        title="a parameter of the program is not used",
        explanation=(
            "Whoever sets this parameter, from the shell or in an `import`, expects that something "
            "changes, but no value of the program names it."
        ),
        wrong="param count: integer = 500\ngenerate image from label\n",
        right=("param count: integer = 500\ngenerate image from label\ntrain { steps: count }\n"),
    ),
    Code(
        code="LZNW103",
        title="a dataset is not used",
        explanation=(
            "The program neither trains on this dataset nor judges a task by it. If it is held-out "
            "data, an `evaluate` statement is missing."
        ),
        wrong=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "data spare = digits(split: test, holdout: 0.5)\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
        ),
        right=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task name = classify image as label\n"
            "evaluate name on unseen with accuracy\n"
        ),
    ),
    Code(
        code="LZNW104",
        title="a verb is not used",
        explanation=(
            "No task and no other verb applies this verb. Perhaps a phrase that was to use it uses "
            "a built-in one. If it is there for expressions over the trained model, silence the "
            "rule. In a file without tasks, which is there to be imported, the rule is silent."
        ),
        wrong=(
            "verb soften photo: image into picture: decodable -> picture"
            " = center of photo |> decode picture\n"
            "generate image from label\n"
        ),
        right=(
            "verb soften photo: image into picture: decodable -> picture"
            " = center of photo |> decode picture\n"
            "soften image into image\n"
        ),
    ),
    Code(
        code="LZNW105",
        title="an import is not used",
        explanation=(
            "The imported file declares constants, parameters and verbs only, and nothing in the "
            "program names one of them. The rule is silent where the file says something of the "
            "whole program, such as its space or its training, or has data or tasks."
        ),
    ),
    Code(
        code="LZNW106",
        title="a name in the body of a verb is not used",
        explanation=(
            "A `let` in the body of a verb names a value for the steps that follow it. No step "
            "uses this one, so that the verb does without it."
        ),
        wrong=(
            "verb soften photo: image decodable -> photo {\n"
            "    let middle = center of photo\n"
            "    encode photo |> decode photo\n"
            "}\n"
            "soften image\n"
        ),
        right=(
            "verb soften photo: image decodable -> photo {\n"
            "    let middle = center of photo\n"
            "    middle |> decode photo\n"
            "}\n"
            "soften image\n"
        ),
    ),
    Code(
        code="LZNW107",
        title="a parameter of a verb is not used",
        explanation=(
            "What a phrase gives for this parameter has no effect on the verb's result. It is "
            "likely that a step of the body should use it."
        ),
        wrong=(
            "verb draw picture: decodable from source: encodable -> picture"
            " = prior |> decode picture\n"
            "draw image from label\n"
        ),
        right=(
            "verb draw picture: decodable from source: encodable -> picture"
            " = encode source |> decode picture\n"
            "draw image from label\n"
        ),
    ),
    Code(
        code="LZNW111",
        title="a constant hides something else",
        explanation=(
            "A bare name as a value is a constant if there is one, and only otherwise a component, "
            "a dataset or a word such as `train`. A constant of such a name takes its place "
            "wherever it stands as a value, also in lines that are added later."
        ),
        wrong=(
            "let adam = 0.002\ngenerate image from label\ntrain { optimizer: adam(lr: adam) }\n"
        ),
        right="let rate = 0.002\ngenerate image from label\ntrain { optimizer: adam(lr: rate) }\n",
    ),
    Code(
        code="LZNW112",
        title="a verb has the form of a built-in one",
        explanation=(
            "Verbs are told apart by their name and their prepositions, and only then by the "
            "capabilities of their parameters. This verb has the name and the prepositions of a "
            "built-in verb, so that a reader cannot see which of the two a phrase means."
        ),
        wrong=(
            "verb generate picture: image from mood: label -> picture"
            " = center of mood |> decode picture\n"
            "generate image from label\n"
        ),
        right=(
            "verb draw picture: image from mood: label -> picture"
            " = center of mood |> decode picture\n"
            "draw image from label\n"
        ),
    ),
    Code(
        code="LZNW113",
        title="a task has the name of a verb or a step",
        explanation=(
            "Tasks can be steps of other tasks, by their names. One that is called like a verb or "
            "like a step such as `encode` makes phrases that begin with this word hard to read."
        ),
        wrong="task encode = embed image\ntask name = classify image as label\n",
        right="task gist = embed image\ntask name = classify image as label\n",
    ),
)
