"""Checkpoints on disk: complete or absent, verified when read, the newest few kept.

A checkpoint is a folder `step-00000500` of files and a `manifest.json` with the size and SHA-256 of
each. It is written under a temporary name, flushed, read back and renamed: a crash at any moment
leaves the checkpoint as a whole or not at all. A checkpoint that fails its check is renamed to
`step-00000500.damaged` and never looked at again.
"""

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lzn_dsl.diagnostics.diagnostic import Diagnostic, Severity, StorageError
from lzn_runtime.training.files import Files

FORMAT = 1
MANIFEST = "manifest.json"
_STEP = re.compile(r"step-(\d{8,})")
_TEMPORARY = ".tmp-"
_REPLACED = ".replaced-"


class DamagedError(Exception):
    """A checkpoint is not what its manifest says."""


@dataclass(frozen=True)
class Stored:
    """A verified checkpoint: its step and the bytes of its files."""

    step: int
    files: Mapping[str, bytes]


class CheckpointStore:
    """The checkpoints of one run.

    Args:
        folder: Where they are; made by the first save, its parent must exist.
        warn: Told of damaged checkpoints.
        files: The file operations.
    """

    def __init__(
        self, folder: Path, *, warn: Callable[[Diagnostic], None], files: Files | None = None
    ) -> None:
        self.folder = folder
        self._warn = warn
        self._files = files or Files()

    def steps(self) -> list[int]:
        """Return the steps that have a checkpoint, in order; none is verified yet."""
        if not self.folder.is_dir():
            return []
        found = (_STEP.fullmatch(path.name) for path in self.folder.iterdir() if path.is_dir())
        return sorted(int(match[1]) for match in found if match)

    def path(self, step: int) -> Path:
        """Return the folder of a step's checkpoint."""
        return self.folder / f"step-{step:08d}"

    def save(self, step: int, contents: Mapping[str, bytes], *, keep: int) -> Path:
        """Commit a checkpoint, then remove all but the newest `keep`; return its folder.

        Raises OSError where the system refuses to write; nothing is left of the checkpoint then,
        and older ones are as before.
        """
        files = self._files
        temporary = self.folder / f"{_TEMPORARY}{self.path(step).name}-{os.getpid()}"
        files.make_folder(self.folder)
        try:
            files.make_folder(temporary)
            for name, data in contents.items():
                files.write(temporary / name, data)
            files.write(temporary / MANIFEST, _manifest(step, contents))
            files.sync_folder(temporary)
            try:
                self._verify(temporary, step)
            except DamagedError as error:
                raise OSError(f"the disk did not keep what was written: {error}") from error
            self._replace(temporary, step)
        except BaseException:
            with contextlib.suppress(OSError):
                files.remove_tree(temporary)
            raise
        files.sync_folder(self.folder)
        self._retain(step, keep)
        return self.path(step)

    def newest(self) -> Stored | None:
        """Return the newest sound checkpoint, or None where there is none at all.

        Damaged ones are set aside with a warning (LZN701). Raises StorageError (LZN702) where
        there are checkpoints and none is sound. The caller holds the run folder's lock.
        """
        return self._newest(set_aside=True)

    def peek(self) -> Stored | None:
        """Return what `newest` returns, but leave damaged checkpoints where they are."""
        return self._newest(set_aside=False)

    def at(self, step: int) -> Stored:
        """Return the checkpoint of a step, and leave a damaged one where it is.

        Raises StorageError (LZN718) where there is none, or none that is sound.
        """
        if step not in self.steps():
            kept = ", ".join(map(str, self.steps())) or "none"
            raise StorageError(
                Diagnostic(
                    code="LZN718",
                    summary=f"`{self.folder}` has no checkpoint of step {step}",
                    notes=(f"steps with a checkpoint: {kept}",),
                    hint="`keep` and `checkpoint_every` of the `train` block say which are kept",
                )
            )
        try:
            return Stored(step, self._verify(self.path(step), step))
        except DamagedError as error:
            summary = f"the checkpoint `{self.path(step)}` is damaged: {error}"
            raise StorageError(Diagnostic(code="LZN718", summary=summary)) from error

    def _newest(self, *, set_aside: bool) -> Stored | None:
        steps = self.steps()
        if not steps and not self._damaged():
            return None
        for step in reversed(steps):
            try:
                return Stored(step, self._verify(self.path(step), step))
            except DamagedError as error:
                self._report(step, str(error), set_aside=set_aside)
        raise StorageError(
            Diagnostic(
                code="LZN702",
                summary=f"no checkpoint in `{self.folder}` is sound",
                hint="restore the folder from a copy, or start afresh with `--fresh`",
            )
        )

    def clean(self) -> None:
        """Remove what unfinished saves left; the caller holds the run folder's lock.

        Raises StorageError (LZN708) where a checkpoint cannot be given its name back.
        """
        if not self.folder.is_dir():
            return
        for path in self.folder.glob(f"{_REPLACED}*"):  # a crash while it was being replaced
            original = path.with_name(path.name.removeprefix(_REPLACED))
            if not original.exists():
                self._restore(path, original)
        for pattern in (_TEMPORARY, _REPLACED):
            for path in self.folder.glob(f"{pattern}*"):
                with contextlib.suppress(OSError):
                    self._files.remove_tree(path)

    def _restore(self, path: Path, original: Path) -> None:
        try:
            self._files.rename(path, original)
        except OSError as error:
            summary = f"`{path}` cannot be renamed to `{original.name}`: {error}"
            raise StorageError(Diagnostic(code="LZN708", summary=summary)) from error

    def _replace(self, temporary: Path, step: int) -> None:
        """Give a complete checkpoint its name, in place of one of the same step if there is one."""
        path = self.path(step)
        if not path.exists():
            self._files.rename(temporary, path)
            return
        old = path.with_name(_REPLACED + path.name)
        self._files.rename(path, old)
        try:
            self._files.rename(temporary, path)
        except OSError:
            self._files.rename(old, path)
            raise
        with contextlib.suppress(OSError):
            self._files.remove_tree(old)

    def _verify(self, folder: Path, step: int) -> dict[str, bytes]:
        """Return the files of a checkpoint; raise DamagedError unless they are what was saved."""
        try:
            manifest = self._files.read(folder / MANIFEST)
            present = {path.name for path in folder.iterdir()}
        except OSError as error:
            raise DamagedError(f"`{MANIFEST}` cannot be read: {error}") from error
        listed = _listed(manifest, step)
        if present != {*listed, MANIFEST}:
            odd = ", ".join(f"`{name}`" for name in sorted(present ^ {*listed, MANIFEST}))
            raise DamagedError(f"its files are not those of `{MANIFEST}`: {odd}")
        contents: dict[str, bytes] = {}
        for name, size in listed.items():
            path = folder / name
            try:
                if path.stat().st_size != size:
                    raise DamagedError(f"`{name}` has another size than when it was saved")
                contents[name] = self._files.read(path)
            except OSError as error:
                raise DamagedError(f"`{name}` cannot be read: {error}") from error
        # The manifest is a function of step and files, so that one comparison checks everything.
        if _manifest(step, contents) != manifest:
            raise DamagedError("a file has other contents than when it was saved")
        return contents

    def _report(self, step: int, reason: str, *, set_aside: bool) -> None:
        path = self.path(step)
        notes: tuple[str, ...] = ()
        if set_aside:
            aside = path.with_name(f"{path.name}.damaged")
            number = 2
            while aside.exists():
                aside = path.with_name(f"{path.name}.damaged-{number}")
                number += 1
            with contextlib.suppress(OSError):
                self._files.rename(path, aside)
                notes = (f"it was set aside as `{aside.name}`",)
        self._warn(
            Diagnostic(
                code="LZN701",
                summary=f"the checkpoint `{path}` is damaged: {reason}",
                notes=(*notes, "the one before it is used"),
                severity=Severity.WARNING,
            )
        )

    def _damaged(self) -> list[Path]:
        return list(self.folder.glob("step-*.damaged*")) if self.folder.is_dir() else []

    def _retain(self, newest: int, keep: int) -> None:
        """Remove old checkpoints; each disappears under a temporary name, never half."""
        for step in [s for s in self.steps() if s <= newest][: -max(keep, 1)]:
            doomed = self.folder / f"{_TEMPORARY}old-{self.path(step).name}"
            with contextlib.suppress(OSError):
                self._files.rename(self.path(step), doomed)
                self._files.remove_tree(doomed)


def _manifest(step: int, contents: Mapping[str, bytes]) -> bytes:
    """Return the manifest of these files: equal files give equal bytes."""
    files = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(contents.items())
    }
    return sealed({"format": FORMAT, "step": step, "files": files})


def sealed(table: dict[str, Any]) -> bytes:
    """Return the table as JSON with a checksum of itself."""
    check = hashlib.sha256(json.dumps(table).encode()).hexdigest()
    return json.dumps({**table, "check": check}, indent=1).encode()


def _listed(manifest: bytes, step: int) -> dict[str, int]:
    """Return name and size of the files in a manifest; raise DamagedError for anything odd.

    Raises StorageError (LZN709) for a sound manifest of another format.
    """
    try:
        table = json.loads(manifest)
        rest = {name: value for name, value in table.items() if name != "check"}
        if sealed(rest) != manifest or table["step"] != step:
            raise DamagedError(f"`{MANIFEST}` is not as it was written")
        if table["format"] != FORMAT:
            raise StorageError(_other_format(table["format"], step))
        listed = {str(name): int(facts["size"]) for name, facts in table["files"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DamagedError(f"`{MANIFEST}` is no manifest") from error
    for name in listed:
        if re.fullmatch(r"[a-z][a-z0-9_]*\.(safetensors|json)", name) is None:
            raise DamagedError(f"`{MANIFEST}` has a name that no checkpoint has")
    return listed


def _other_format(found: object, step: int) -> Diagnostic:
    return Diagnostic(
        code="LZN709",
        summary=f"the checkpoint of step {step} has format {found}, this version reads {FORMAT}",
        hint="use the version of lzn_dsl that wrote it; `environment.json` names it",
    )
