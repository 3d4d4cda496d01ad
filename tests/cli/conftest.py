"""The shell that tests of commands type into."""

import pytest

from helpers.shell import Shell


@pytest.fixture
def lzn(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a shell of this process."""
    return Shell(capsys, monkeypatch)
