"""The one gate, the same locally and in CI: lint, format, types, tests. Exits 1 if any fails."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
STEPS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy --strict": ["mypy"],
    "pytest": ["pytest", "-q", "-n", "2", "--dist", "loadfile"],
}


def main() -> int:
    """Run every step, also after one that failed, and say how each went."""
    outcomes: list[str] = []
    failed = False
    for name, command in STEPS.items():
        print(f"--- {name}", flush=True)  # noqa: T201
        start = time.monotonic()
        code = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode
        failed |= code != 0
        outcome = "ok" if code == 0 else f"FAILED ({code})"
        outcomes.append(f"{name:<14} {outcome:<12} {time.monotonic() - start:6.1f} s")
    print("\n".join(["---", *outcomes]))  # noqa: T201
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
