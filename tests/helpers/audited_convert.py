"""Reads checkpoints in this process and prints what it did to the machine, as the audit sees it.

    python audited_convert.py FILE...

One JSON line for each file: the codes of its errors, and the events. (The process that reads the
file is another one, which has an audit of its own.)
"""

import json
import sys
from pathlib import Path

from lzn_dsl.diagnostics.diagnostic import LznError
from lzn_runtime.convert.reading import read_checkpoint

WATCHED = {
    *("exec", "compile", "pickle.find_class", "os.system", "os.exec", "os.posix_spawn", "os.fork"),
    *("subprocess.Popen", "socket.__new__", "socket.connect", "ctypes.dlopen", "marshal.loads"),
}
_events: list[str] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in WATCHED:
        _events.append(event)


def codes(path: Path) -> list[str]:
    """Read a checkpoint; return the codes of its errors."""
    try:
        read_checkpoint(path, path.parent, seconds=20)
    except LznError as error:
        return [d.code for d in error.diagnostics]
    return []


def main() -> None:
    """Read the files named on the command line; the first one is read before, unwatched."""
    files = [Path(name) for name in sys.argv[1:]]
    codes(files[0])
    sys.addaudithook(_note)
    for path in files:
        _events.clear()
        found = codes(path)
        sys.stdout.write(json.dumps({"codes": found, "events": _events}) + "\n")


if __name__ == "__main__":
    main()
