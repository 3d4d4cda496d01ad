"""How long a training took, over several calls."""

from pathlib import Path

from lzn_runtime.training.sessions import Session, note_session, training_seconds


def note(path: Path, *sessions: tuple[int, int, float]) -> None:
    for first, last, seconds in sessions:
        note_session(path, Session(first=first, last=last, seconds=seconds))


def test_sessions_that_follow_each_other_add_up(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    assert training_seconds(path, steps=10) is None
    note(path, (0, 4, 1.5))
    assert training_seconds(path, steps=10) is None
    note(path, (4, 10, 2.0))
    assert training_seconds(path, steps=10) == 3.5


def test_a_gap_makes_the_time_unknown_and_a_new_start_known_again(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    note(path, (0, 4, 1.5), (6, 10, 2.0))
    assert training_seconds(path, steps=10) is None
    note(path, (0, 10, 3.0))
    assert training_seconds(path, steps=10) == 3.0


def test_a_damaged_file_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sessions.json"
    path.write_text('{"sessions": [{"first": 0}]}')
    assert training_seconds(path, steps=0) == 0.0 or training_seconds(path, steps=3) is None
