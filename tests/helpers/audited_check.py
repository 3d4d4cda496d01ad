"""Checks programs in this process and prints what it did to the machine, as Python's audit sees it.

    python audited_check.py FILE...

A right and a wrong program are checked before, so that what follows shows what a checked program
causes and not what loading lzn_dsl does. One JSON line for each file: its codes, and the events.
"""

import json
import sys
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import LznError
from lzn_dsl.spec import load

WATCHED = (
    *("import", "exec", "compile", "open", "os.system", "os.exec", "os.spawn", "os.fork"),
    *("subprocess.Popen", "socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request"),
    *("os.remove", "os.rename", "os.mkdir", "os.chmod", "shutil.rmtree", "ctypes.dlopen"),
)
_events: list[list[str]] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in WATCHED:
        _events.append([event, str(arguments[0])])


def codes(path: Path) -> list[str]:
    """Check a program to its plan; return the codes of its errors."""
    try:
        spec = load(path)
        found = [d.code for d in spec.check()]
        if not found:
            spec.plan()
    except LznError as error:
        return [d.code for d in error.diagnostics]
    return found


def main() -> None:
    """Check the files named on the command line."""
    files = [Path(name) for name in sys.argv[1:]]
    codes(files[0])
    load("generate imgae from lable").check()
    sys.addaudithook(_note)
    for path in files:
        _events.clear()
        found = codes(path)
        sys.stdout.write(json.dumps({"codes": found, "events": _events}) + "\n")


if __name__ == "__main__":
    main()
