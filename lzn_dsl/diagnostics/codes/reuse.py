"""LZN23x to LZN25x: imports, parameters and the version line."""

from lzn_dsl.diagnostics.codes.code import Code
from lzn_dsl.linking.limits import DEFAULT_LINK_LIMITS as LIMITS

CODES: tuple[Code, ...] = (
    Code(
        code="LZN230",
        title="an import names no file of the project",
        explanation=(
            "`import` takes the path of a file whose name ends in `.lzn`, from the folder of the "
            "file that states it, with `/` between folders. It takes no absolute path, no drive, "
            "no home folder and no address of the network: nothing is ever downloaded."
        ),
        wrong='import "/programs/base.lzn"\n',
        right='import "base.lzn"\n',
    ),
    Code(
        code="LZN231",
        title="an import leads out of the project",
        explanation=(
            "A program imports files of its own project only: of the nearest folder above it that "
            "holds `pyproject.toml` or `.git`, or, where there is none, of its own folder. `..` "
            "may not lead above that folder, nor may a link. So a program from elsewhere can read "
            "nothing but what came with it."
        ),
        wrong='import "../base.lzn"\n',
        right='import "base.lzn"\n',
    ),
    Code(
        code="LZN232",
        title="there is no file to import",
        explanation=(
            "The path of an import starts from the folder of the file that states it, not from the "
            "folder that the command runs in. The message lists the programs in the folder that "
            "the path leads to."
        ),
        wrong='import "bass.lzn"\n',
        right='import "base.lzn"\n',
    ),
    Code(
        code="LZN233",
        title="a file cannot be imported",
        explanation=(
            "There is something at the path of the import, but it is not a file, or the system "
            "refuses to read it, or it is not text, or too large. Of such a file nothing is shown. "
            "`lzn check FILE`, with the file itself, says more."
        ),
    ),
    Code(
        code="LZN234",
        title="files import one another in a circle",
        explanation=(
            "A file that imports another needs it first; in a circle none could be first. The "
            "message shows the circle. Move what both need to a third file, and import that one."
        ),
    ),
    Code(
        code="LZN235",
        title="too much is imported",
        explanation=(
            f"A program may import {LIMITS.files} files, {LIMITS.depth} of them in a row, and all "
            f"its files together may have {LIMITS.total_bytes:,} bytes and {LIMITS.total_tokens:,} "
            "words and signs. A file that is imported by several counts once; with other "
            "parameters it counts again."
        ),
    ),
    Code(
        code="LZN236",
        title="an import needs a name",
        explanation=(
            "What a file declares is known by the name of the import, a point and its own name: "
            "`base.width`. The import is called after the file, where that is a name; where it is "
            "not, `as` gives it one."
        ),
        wrong='import "base-2.lzn"\n',
        right='import "base-2.lzn" as base\n',
    ),
    Code(
        code="LZN237",
        title="two imports have one name",
        explanation=(
            "The names of two imported files would be mixed up. Give one of the imports another "
            "name with `as`."
        ),
        wrong='import "base.lzn"\nimport "base-2.lzn" as base\n',
        right='import "base.lzn"\nimport "base-2.lzn" as other\n',
    ),
    Code(
        code="LZN238",
        title="an import does not bring this name",
        explanation=(
            "A name with a point, such as `base.width`, is the name of an import and a name that "
            "the imported file declares: a constant, a parameter, a dataset, a verb or a task, or "
            "an import of its own. The message lists what there is. Columns are not declared by a "
            "file: `image` is `image` everywhere."
        ),
        wrong='import "base.lzn"\ntask mine = base.drw label\n',
        right='import "base.lzn"\ntask mine = base.draw label\n',
    ),
    Code(
        code="LZN239",
        title="two imported files disagree",
        explanation=(
            "What an imported file says of the whole program (`space`, `modality`, `train`, "
            "`learn`) holds for the file that imports it. Here two imports say different things of "
            "one setting. The importing file decides: what it states itself counts more than what "
            "it imports."
        ),
        wrong='import "base.lzn" { steps: 5 }\nimport "base-2.lzn" as other\n',
        right=(
            'import "base.lzn" { steps: 5 }\nimport "base-2.lzn" as other\ntrain { steps: 10 }\n'
        ),
    ),
    Code(
        code="LZN240",
        title="a parameter is declared wrongly",
        explanation=(
            "A parameter has a name, a type, a default and, if you like, the values it takes: "
            "`param steps: integer = 4_000 in 1..1e6`. Types are `integer`, `number`, `text`, "
            "`boolean` and `word`. Numbers may have a range, `LOW..HIGH`, both included; all but "
            "`boolean` may have a list, `[16, 32]`; a `word` needs one. The default must be one of "
            "these values. A name in a default or a list is a word, never a constant."
        ),
        wrong="param steps: integer = 0 in 1..1_000\ngenerate image from label\n",
        right="param steps: integer = 1 in 1..1_000\ngenerate image from label\n",
    ),
    Code(
        code="LZN241",
        title="no parameter has this name",
        explanation=(
            "The file declares no parameter of the name that the import, `--param` or `params=` "
            "sets. `lzn ls params SPEC` lists the parameters of a program; those of an imported "
            "file have its name in front: `base.steps`. A `let` constant is no parameter: "
            "`--set let.NAME=VALUE` changes it."
        ),
        wrong='import "base.lzn" { stepps: 5 }\n',
        right='import "base.lzn" { steps: 5 }\n',
    ),
    Code(
        code="LZN242",
        title="a parameter takes other values",
        explanation=(
            "The value has another type than the parameter, or lies outside of its range or list. "
            "The message shows the declaration."
        ),
        wrong='import "base.lzn" { steps: 0 }\n',
        right='import "base.lzn" { steps: 5 }\n',
    ),
    Code(
        code="LZN243",
        title="`--param` is not `NAME=VALUE`",
        explanation=(
            "Each `--param` is a name, an equals sign and a value, without spaces or in quotes: "
            '`-p steps=100`, `-p base.steps=100`, `-p "title=two words"`.'
        ),
    ),
    Code(
        code="LZN244",
        title="imports are not allowed here",
        explanation=(
            "The program was given as a text to something that reads no files for it, such as a "
            "service. Save it to a file and check that file."
        ),
    ),
    Code(
        code="LZN250",
        title="the version line does not stand first",
        explanation=(
            "`lzn 1` says which version of the language the whole file is written in, so it stands "
            "above all other statements, and there is one of it. Comments may stand above it. A "
            "file without it is of the present version."
        ),
        wrong="generate image from label\nlzn 1\n",
        right="lzn 1\ngenerate image from label\n",
    ),
    Code(
        code="LZN251",
        title="this version of the language is not known",
        explanation=(
            "The number after `lzn` is the version of the language, not of the package: a whole "
            "number, from 1 on. A file of a later version needs a newer lzn_dsl. A file of an "
            "earlier one is brought up to date by `lzn migrate FILE`."
        ),
        wrong="lzn 99\ngenerate image from label\n",
        right="lzn 1\ngenerate image from label\n",
    ),
)
