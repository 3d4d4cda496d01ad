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
)
