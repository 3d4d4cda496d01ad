"""What fuzzing found, and what it starts from, is examined in the test suite too."""

from pathlib import Path

import pytest

from helpers.oracle import examine

CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_text_of_the_corpus_keeps_every_promise(path: Path) -> None:
    examine(path.read_bytes().decode("utf-8", errors="surrogateescape"))
