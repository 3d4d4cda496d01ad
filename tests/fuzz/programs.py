"""Fuzzing of programs with atheris (`pip install atheris`).

    PYTHONPATH=tests python tests/fuzz/programs.py FOLDER tests/fuzz/corpus -max_total_time=600

New texts that reach new code are kept in FOLDER. What it finds is written to the folder it runs in;
put that file into tests/fuzz/corpus, whose files a test runs too.
"""

import sys

import atheris

with atheris.instrument_imports(include=["lzn_dsl"]):
    from helpers.oracle import examine


def target(data: bytes) -> None:
    """Examine one text."""
    examine(data.decode("utf-8", errors="surrogateescape"))


if __name__ == "__main__":
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
