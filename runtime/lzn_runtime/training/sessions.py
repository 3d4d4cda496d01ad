"""How long a training took: `sessions.json`, one entry for each call that trained.

A run that was stopped and goes on has several. A call that was killed leaves none, and the time of
the whole is then unknown.
"""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from lzn_dsl.diagnostics.diagnostic import Diagnostic, StorageError
from lzn_runtime.pictures.atomic import write_bytes


class Session(BaseModel):
    """One call that trained.

    Attributes:
        first: Steps that were done before it.
        last: Steps that were done after it.
        seconds: Time from its start to its last checkpoint; loading and samples are part of it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    first: int
    last: int
    seconds: float


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    sessions: tuple[Session, ...] = ()


def note_session(path: Path, session: Session) -> None:
    """Add a session to the file; one that starts at step 0 is the first.

    Raises StorageError (LZN708) where the file cannot be written.
    """
    earlier = _read(path).sessions if session.first else ()
    content = {"format": 1, **_Record(sessions=(*earlier, session)).model_dump(mode="json")}
    try:
        write_bytes(path, json.dumps(content, indent=1).encode())
    except OSError as error:
        summary = f"`{path}` cannot be written: {error}"
        raise StorageError(Diagnostic(code="LZN708", summary=summary)) from error


def training_seconds(path: Path, *, steps: int) -> float | None:
    """Return the seconds that the first `steps` steps took, or None where that is not known."""
    done, seconds = 0, 0.0
    for session in _read(path).sessions:
        if session.first != done:
            return None
        done, seconds = session.last, seconds + session.seconds
    return seconds if done == steps else None


def _read(path: Path) -> _Record:
    try:
        return _Record.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return _Record()
