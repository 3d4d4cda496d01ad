"""How long the shell takes to answer, and how checking grows with a program.

    python tests/benchmarks/checking.py [--runs 5] [--sizes 1000 2500 5000 10000]

Start-up: best and median wall time of whole commands, each in a process of its own, beside Python's
own start. Growth: CPU time of checking, formatting and linting programs of so many statements (half
of them tasks, the rest constants and verbs), with the exponents fitted to them.
"""

import argparse
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lzn_dsl.formatting.format import format_source
from lzn_dsl.lint.lint import lint
from lzn_dsl.lint.selection import Selection
from lzn_dsl.spec import Spec, load

ROOT = Path(__file__).parent.parent.parent
SPEC = str(ROOT / "specs" / "fashion.lzn")
COMMANDS = {
    "python alone": ["-c", "pass"],
    "lzn --help": ["-m", "lzn_dsl", "--help"],
    "lzn explain LZN201": ["-m", "lzn_dsl", "explain", "LZN201"],
    "lzn fmt --check": ["-m", "lzn_dsl", "fmt", "--check", SPEC],
    "lzn check": ["-m", "lzn_dsl", "check", SPEC],
    "lzn lint": ["-m", "lzn_dsl", "lint", SPEC],
    "lzn plan": ["-m", "lzn_dsl", "plan", SPEC],
}


def start_up(runs: int) -> None:
    """Print the time of each command."""
    print("| command | best | median |\n|---|---|---|")
    for name, arguments in COMMANDS.items():
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            times.append(time.perf_counter() - start)
        print(f"| `{name}` | {min(times):.2f} s | {statistics.median(times):.2f} s |")


def program(statements: int) -> str:
    """Return a program without mistakes of so many statements."""
    kinds = (
        "task t{0} = generate image from label",
        "let a{0} = [32, 64]",
        "task c{0} = classify image as label",
        "verb v{0} source: image -> source = encode source |> decode source",
    )
    lines = [kinds[number % len(kinds)].format(number) for number in range(statements)]
    return "\n".join(lines) + "\n"


def growth(sizes: list[int]) -> None:
    """Print the times over the number of statements."""
    codes = Selection().codes()
    kinds: dict[str, Callable[[Spec], object]] = {
        "check": Spec.check,
        "fmt": lambda spec: format_source(spec.source),
        "lint": lambda spec: lint(spec, codes),  # of a checked program
    }
    print(f"\n| statements | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}")
    points: dict[str, list[float]] = {kind: [] for kind in kinds}
    for size in sizes:
        spec = load(program(size))
        for kind, work in kinds.items():
            start = time.process_time()
            work(spec)
            points[kind].append(time.process_time() - start)
        print(f"| {size:,} | {' | '.join(f'{times[-1]:.2f} s' for times in points.values())} |")
    logs = [math.log(size) for size in sizes]
    for kind, times in points.items():
        slope = statistics.linear_regression(logs, [math.log(t) for t in times]).slope
        print(f"exponent of {kind}: {slope:.2f}")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description="Start-up of the shell, growth of checking.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 2500, 5000, 10_000])
    options = parser.parse_args()
    start_up(options.runs)
    growth(options.sizes)


if __name__ == "__main__":
    main()
