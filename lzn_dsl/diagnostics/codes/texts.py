"""LZN10x and LZN14x: what a text must be to be read at all, and how large it may be."""

from lzn_dsl.diagnostics.codes.code import Code
from lzn_dsl.syntax.limits import DEFAULT_LIMITS as LIMITS

CODES: tuple[Code, ...] = (
    Code(
        code="LZN101",
        title="there is no such file",
        explanation=(
            "The path leads to no file. Paths are taken from the folder that the command runs in. "
            "`lzn ls specs` lists the programs that come with the language, and `lzn cp NAME .` "
            "copies one."
        ),
    ),
    Code(
        code="LZN102",
        title="not a file",
        explanation=(
            "The path leads to a folder, a pipe, a socket or a device. A program is read from a "
            "file, whose name ends in `.lzn`."
        ),
    ),
    Code(
        code="LZN103",
        title="a file cannot be read",
        explanation=(
            "The system refused to open or read the file, for the reason given. Most often you "
            "have no permission: `ls -l` shows who has."
        ),
    ),
    Code(
        code="LZN104",
        title="a file is too large",
        explanation=(
            f"A program may have {LIMITS.file_bytes:,} bytes; most are a page. Data is no part "
            "of it: a `data` statement names it."
        ),
    ),
    Code(
        code="LZN105",
        title="not UTF-8 text",
        explanation=(
            "A program is text in UTF-8. The message says which byte is not. Editors that save in "
            "another encoding, such as UTF-16 or Latin-1, can be told to save in UTF-8."
        ),
    ),
    Code(
        code="LZN106",
        title="a zero byte in a text",
        explanation=(
            "Text has no zero bytes, so this is likely not a program but a picture, an archive or "
            "a checkpoint."
        ),
    ),
    Code(
        code="LZN140",
        title="brackets are nested too deep",
        explanation=(
            f"At most {LIMITS.nesting} brackets may stand within each other. `let` gives a name to "
            "a part, which keeps the rest flat."
        ),
        wrong=f"let deep = {'[' * 65}{']' * 65}\ngenerate image from label\n",
        right="let inner = [[1, 2], [3, 4]]\nlet outer = [inner, 3]\ngenerate image from label\n",
    ),
    Code(
        code="LZN141",
        title="too many words and signs",
        explanation=(
            f"A text may have {LIMITS.tokens:,} words and signs, so that checking any text takes "
            "little time. Nothing after the last of them was read."
        ),
    ),
    Code(
        code="LZN142",
        title="a name is too long",
        explanation=f"A name may have {LIMITS.name_length} characters.",
        wrong=f"let {'long_' * 26} = 32\ngenerate image from label\n",
        right="let short = 32\ngenerate image from label\n",
    ),
    Code(
        code="LZN143",
        title="a string is too long",
        explanation=f"A string may have {LIMITS.string_length:,} characters between its quotes.",
    ),
    Code(
        code="LZN144",
        title="a number is too long",
        explanation=(
            f"A number may be written with {LIMITS.number_length} characters. A 64-bit number "
            "holds 17 digits; large ones are written `2M` or `1e12`."
        ),
        wrong=f"let third = 0.{'3' * 40}\ngenerate image from label\n",
        right="let third = 0.3333333333333333\ngenerate image from label\n",
    ),
    Code(
        code="LZN145",
        title="a list is too long",
        explanation=f"A list, or the arguments of a call, may have {LIMITS.list_length:,} values.",
    ),
    Code(
        code="LZN149",
        title="more mistakes than are shown",
        explanation=(
            f"The first {LIMITS.errors} mistakes of a text are shown. Correct those, and check "
            "again: the others often go with them."
        ),
    ),
)
