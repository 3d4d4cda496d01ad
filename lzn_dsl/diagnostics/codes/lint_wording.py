"""LZNW9xx: pedantic advice, which is given only where it is asked for."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZNW901",
        title="a setting states its default",
        explanation=(
            "Without this setting the program is the same, and what is special about it is easier "
            "to see. `lzn plan SPEC --json` shows all settings. A reason to keep it: defaults may "
            "change with the version of the language."
        ),
        wrong="generate image from label\ntrain { steps: 1_000, batch: 256 }\n",
        right="generate image from label\ntrain { batch: 256 }\n",
    ),
    Code(
        code="LZNW902",
        title="a long number without separators",
        explanation=(
            "Numbers may have `_` between their digits: `10_000` is read at a glance, `10000` has "
            "to be counted. The rule looks at numbers of five digits or more."
        ),
        wrong="generate image from label\ntrain { steps: 10000 }\n",
        right="generate image from label\ntrain { steps: 10_000 }\n",
    ),
    Code(
        code="LZNW903",
        title="a decay of the average that is not reached",
        explanation=(
            "The weights that are used are a running average, whose decay after n steps is the "
            "smaller of `ema` and (1 + n) / (10 + n). In a training this short the second is "
            "always the smaller, so that `ema` has no effect."
        ),
        wrong="generate image from label\ntrain { steps: 500, ema: 0.9999 }\n",
        right="generate image from label\ntrain { steps: 500 }\n",
    ),
    Code(
        code="LZNW904",
        title="no evaluation names a task",
        explanation=(
            "There are metrics that can judge this task, and no evaluation does. LZNW201, which is "
            "not pedantic, is content where another task with the same modules is judged."
        ),
        wrong=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task draw = generate image from label\n"
            "task free = generate image\n"
            "evaluate draw on unseen with recognition\n"
        ),
        right=(
            "data figures = digits(split: train)\n"
            "data unseen = digits(split: test)\n"
            "task draw = generate image from label\n"
            "task free = generate image\n"
            "evaluate draw on unseen with recognition\n"
            "evaluate free on unseen with frechet\n"
        ),
    ),
    Code(
        code="LZNW905",
        title="empty brackets",
        explanation=(
            "A component without settings is written by its name alone, and a block without "
            "settings can be left out: `adam`, not `adam()`."
        ),
        wrong="generate image from label\ntrain { schedule: constant() }\n",
        right="generate image from label\ntrain { schedule: constant }\n",
    ),
)
