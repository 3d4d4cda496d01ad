"""Reading a right program imports little: `lzn check` has 0.45 s for everything."""

import subprocess
import sys
from pathlib import Path

import lzn_dsl

HEAVY = ("lark", "torch", "rich", "networkx", "numpy", "difflib", "pydantic", "unittest")


def test_reading_a_program_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from lzn_dsl.diagnostics.source import Source\n"
        "from lzn_dsl.diagnostics.render import render_text\n"
        "from lzn_dsl.syntax.parser import parse\n"
        "from lzn_dsl.syntax.reading import decode_source\n"
        "source = decode_source(b'task draw = generate image from label\\n', 'a.lzn')\n"
        "assert not parse(source)[1]\n"
        "print(*sys.modules)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(lzn_dsl.__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert loaded.isdisjoint(HEAVY)
