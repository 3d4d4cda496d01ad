"""The shell, as a user types into it."""

import io

import pytest

from lzn_dsl.cli import app


class Shell:
    """Runs commands in this process and keeps what they printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._patch = patch

    def __call__(self, *arguments: str, code: int = 0, given: str | bytes = "") -> str:
        """Run `lzn ARGUMENTS` with `given` on standard input; return what it printed.

        What it printed to standard error is in `err` then.
        """
        self._patch.setattr("sys.argv", ["lzn", *arguments])
        self._patch.setattr("sys.stdin", _stdin(given))
        with pytest.raises(SystemExit) as stop:
            app.main()
        out, err = self._capsys.readouterr()
        assert (stop.value.code or 0) == code, out + err
        self.err: str = err
        return str(out)


def _stdin(given: str | bytes) -> io.TextIOWrapper:
    data = given.encode() if isinstance(given, str) else given
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
