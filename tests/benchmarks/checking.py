"""How long the shell takes to answer, and how checking grows with a program.

    python tests/benchmarks/checking.py [--runs 5] [--sizes 1000 2500 5000 10000]

Start-up: best and median wall time of whole commands, each in a process of its own, beside Python's
own start. Growth: CPU time of `Spec.check` for programs of so many statements, half tasks, the rest
constants, verbs and evaluations, with the exponent fitted to them.
"""

import argparse
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path

from lzn_dsl.spec import load

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
    """Print the time of checking over the number of statements."""
    load(program(10)).check()
    print("\n| statements | CPU time | for each |\n|---|---|---|")
    points = []
    for size in sizes:
        spec = load(program(size))
        start = time.process_time()
        found = spec.check()
        seconds = time.process_time() - start
        assert not found, found[:3]
        points.append((math.log(size), math.log(seconds)))
        print(f"| {size:,} | {seconds:.2f} s | {1000 * seconds / size:.2f} ms |")
    slope = statistics.linear_regression(*zip(*points, strict=True)).slope
    print(f"\nexponent {slope:.2f}")


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
