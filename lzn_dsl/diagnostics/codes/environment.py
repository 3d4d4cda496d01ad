"""LZN9xx: the installation, and what was asked of the command line."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN901",
        title="a plugin cannot be used",
        explanation=(
            "An installed package offers components for the language, but they could not be "
            "loaded: the message says why. Everything else works as before; only names that this "
            "package should have provided are unknown. Update the package or uninstall it."
        ),
    ),
    Code(
        code="LZN902",
        title="the command line names something that does not exist",
        explanation=(
            "There is no spec, code or kind of that name. The message says what there is: "
            "`lzn ls` lists the parts of the language and the specs, `lzn explain` the codes."
        ),
    ),
    Code(
        code="LZN903",
        title="a trained task cannot be used like this",
        explanation=(
            "What was asked of `lzn do` does not fit the task: an option for an input that the "
            "task does not have, an input that is missing, a class that does not exist, a format "
            "in which its results cannot be written, or a device that this machine does not have. "
            "The message says which; `lzn plan SPEC` shows what each task takes and yields."
        ),
    ),
    Code(
        code="LZN904",
        title="a file cannot be written",
        explanation=(
            "The file that a command was to write could not be written: the folder is not there, "
            "the disk is full, or the file exists already and would have been overwritten. The "
            "message says which. Nothing else was changed."
        ),
    ),
    Code(
        code="LZN905",
        title="a component of a plugin fails",
        explanation=(
            "The program uses a component of an installed package, and the package's own code "
            "raised an error or returned something of the wrong kind. The message names the "
            "component, the package, what was raised and where. Programs that do not use the "
            "component are not affected. Update the package, or show the message to its authors; "
            "`lzn test-modality NAME` examines a modality part by part."
        ),
    ),
    Code(
        code="LZN906",
        title="there are no samples to try a modality on",
        explanation=(
            "`lzn test-modality` runs a modality on a few samples. It makes pictures and labels "
            "itself and takes those of other modalities from an installed dataset with such a "
            "column, but there is none, or its files are not here. Name one by `--data`, or call "
            "`lzn_dsl.testing.check_modality` from a test with `column=` and `facts=`."
        ),
    ),
    Code(
        code="LZN907",
        title="a name cannot be used for something new",
        explanation=(
            "`lzn new` makes files named after what you call the new thing, and a modality is "
            "also a word of the language. Its name is a lower-case word of letters, digits and "
            "`_` that starts with a letter, is no reserved word of the language or of Python, and "
            "is not taken by an installed modality. The name of a spec may have `-` as well."
        ),
    ),
    Code(
        code="LZN908",
        title="the project's settings of the linter are wrong",
        explanation=(
            "`lzn lint` reads `[tool.lzn.lint]` from the nearest pyproject.toml, that of the "
            "spec's folder or of one above it. It may hold `select`, `extend-select` and `ignore`, "
            'each a list of codes or their beginnings, such as `ignore = ["LZNW304"]`.'
        ),
    ),
    Code(
        code="LZN909",
        title="a command needs a package that is not installed",
        explanation=(
            "Some commands need packages that lzn_dsl does not install by itself: `lzn lsp` needs "
            "pygls. The message names the package and the line that installs it. Everything else "
            "works without."
        ),
    ),
)
