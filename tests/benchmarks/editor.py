"""How fast the language server answers in a program of a thousand lines, in milliseconds.

    python tests/benchmarks/editor.py

Prints, as JSON, what each answer takes right after a key was pressed (the changed line is read
again), the median of 20 and the worst; the same of a completion while a check runs in a thread; and
what opening and checking the text take.
"""

import json
import statistics
import threading
import time
from collections.abc import Callable

from lzn_dsl.editor.checking import check
from lzn_dsl.editor.coloring import colored
from lzn_dsl.editor.completion import complete
from lzn_dsl.editor.document import Document
from lzn_dsl.editor.hints import hints
from lzn_dsl.editor.hover import hover
from lzn_dsl.editor.navigation import references
from lzn_dsl.editor.outline import folds, symbols
from lzn_dsl.editor.positions import Lines
from lzn_dsl.editor.server import collect_seldom
from lzn_dsl.editor.workspace import Workspace
from lzn_dsl.registry.plugins import default_registry

LINES, REPEATS = 1_000, 20
HEAD = """\
data seen = digits(split: train)
data unseen = digits(split: test)
train { on: seen }
"""
PART = """\
let alpha_{n} = 0.5
task draw_{n} = generate image from label {{ alpha: alpha_{n} }}
verb shade_{n} photo: image as mood: label -> image = blend(encode photo, encode mood, 0.6) |>
    decode image
evaluate draw_{n} on unseen with recognition(samples: 360), frechet(samples: 360)
"""


def program() -> str:
    """Return a program of a thousand lines, all different."""
    parts = (LINES - HEAD.count("\n")) // PART.count("\n")
    return HEAD + "".join(PART.format(n=n) for n in range(parts))


def main() -> None:
    """Measure and print."""
    files = Workspace(default_registry())
    collect_seldom()  # as the server does
    text = program()
    start = time.perf_counter()
    document = files.open("untitled:one", text)
    complete(document, len(text), files.resolve)
    opening = time.perf_counter() - start
    start = time.perf_counter()
    checked = check(document, {})
    checking = time.perf_counter() - start
    files.learn(document, checked.program)
    middle = text.index("task draw_120 = ") + len("task draw_120 = generate ")
    answers: dict[str, Callable[[Document], object]] = {
        "completion": lambda d: complete(d, middle, files.resolve),
        "hover": lambda d: hover(d, middle + 1, files.resolve),
        "references": lambda d: references(files, d, middle + 1),
        "outline": symbols,
        "folds": folds,
        "colours": colored,
        "hints": hints,
        "positions": lambda d: Lines(d.text).offset(500, 10),
    }
    spent = {name: _times(files, text, middle, answer) for name, answer in answers.items()}
    running = threading.Thread(target=check, args=(files.open("untitled:one", text), {}))
    running.start()
    spent["completion during a check"] = _times(files, text, middle, answers["completion"])
    running.join()
    print(
        json.dumps(
            {
                "lines": text.count("\n"),
                "open": round(1000 * opening, 1),
                "check, in a thread": round(1000 * checking, 1),
                "findings": len(checked.findings),
                **{
                    name: {"median": round(statistics.median(times), 1), "worst": max(times)}
                    for name, times in spent.items()
                },
            },
            indent=2,
        )
    )


def _times(
    files: Workspace, text: str, place: int, answer: Callable[[Document], object]
) -> list[float]:
    times = []
    for number in range(REPEATS):
        typed = f"{text[:place]}{'x' * (number % 3)}{text[place:]}"
        start = time.perf_counter()
        answer(files.change("untitled:one", typed))
        times.append(round(1000 * (time.perf_counter() - start), 1))
    return times


if __name__ == "__main__":
    main()
