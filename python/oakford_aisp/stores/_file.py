"""A token store in a folder: one file for each key, shared by the processes of a machine."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from oakford_aisp._options import text, well_formed

from ._ephemeral import expiry_of, is_ephemeral
from ._file_lock import file_lock
from ._protocols import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A write takes milliseconds.
_WRITE_PATIENCE = 20.0
# The SDK holds a lock for less than this.
_LOCK_PATIENCE = 330.0
# Names of the store's own files, and of drafts, which open with the name of their file.
_OWN = re.compile(r"marks$|[0-9a-f]{64}(?:\.|$)")
_DRAFT = re.compile(r"([0-9a-f]{64})\..*\.new$")


class FileStore:
    """Keeps sessions in files of a folder that only its owner may enter.

    A write replaces the whole file at once, so neither a crash nor a full disk leaves half a
    session. Lock files let one process at a time renew a session. Node processes with `fileStore`
    may share the folder.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        """Names the folder. It is made with mode 0700; an existing one of the store alone gets this
        mode too.
        """
        self._directory = Path(text("directory", os.fspath(directory)))
        self._marks = self._directory / "marks"
        self._prepared = False

    def get(self, key: str, /) -> Entry | None:
        """Returns the entry of a key."""
        self._prepare()
        return _read(self._file_of(key))

    def compare_and_swap(self, key: str, version: str | None, value: str | None, /) -> bool:
        """Writes an entry if the stored version is still `version`."""
        self._prepare()
        # A mark is written before a code is spent, and has to show that the session can be written.
        if is_ephemeral(key) and not os.access(self._directory, os.W_OK):
            raise PermissionError(f"FileStore: the folder {self._directory} can't be written")
        file = self._file_of(key)
        with file_lock(_beside(file, "write"), _WRITE_PATIENCE):
            entry = _read(file)
            if (entry and entry.version) != version:
                return False
            if value is None:
                file.unlink(missing_ok=True)
            else:
                stored = {"key": key, "version": str(uuid.uuid4()), "value": value}
                _replace(file, json.dumps(stored, ensure_ascii=False))
        if value is not None and key.startswith("used:"):
            with suppress(OSError):
                self._forget_old_marks()
        return True

    @contextmanager
    def lock(self, key: str, /) -> Iterator[Callable[[], bool]]:
        """Holds the lock of a key; gives a function that says whether it is still held."""
        self._prepare()
        with file_lock(
            _beside(self._file_of(key), "lock"), _LOCK_PATIENCE, heartbeat=True
        ) as is_held:
            yield is_held

    def __repr__(self) -> str:
        """Shows the folder."""
        return f"FileStore({str(self._directory)!r})"

    def _file_of(self, key: str) -> Path:
        """Returns the file of a key. Its name is a hash, since a key may hold what no file name
        can.
        """
        name = hashlib.sha256(well_formed("key", key).encode()).hexdigest()
        return (self._marks if is_ephemeral(key) else self._directory) / name

    def _prepare(self) -> None:
        """Makes the folders, and removes the drafts of processes that ended while they wrote."""
        if self._prepared and self._marks.is_dir():
            return
        for folder in (self._directory, self._marks):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _shut(folder)
            for draft in folder.iterdir():
                found = _DRAFT.match(draft.name)
                if found:
                    # A process that writes now holds the lock of the file.
                    with suppress(OSError), file_lock(folder / f"{found[1]}.write", 0):
                        draft.unlink(missing_ok=True)
        self._prepared = True

    def _forget_old_marks(self) -> None:
        now = time.time() * 1000
        for file in self._marks.iterdir():
            if "." not in file.name:
                entry = _read(file)
                if entry and expiry_of(entry.value) <= now:
                    file.unlink(missing_ok=True)


def _shut(folder: Path) -> None:
    """Shuts other users out. A folder that holds other things too is left: somebody may need it
    open.
    """
    if not _is_open(folder):
        return
    if all(_OWN.match(one.name) for one in folder.iterdir()):
        with suppress(OSError):
            folder.chmod(0o700)
        if not _is_open(folder):
            return
    raise PermissionError(
        f"FileStore: other users may enter the folder {folder}. "
        "Bring a folder for sessions alone, or close this one (chmod 700)."
    )


def _is_open(folder: Path) -> bool:
    return os.name != "nt" and folder.stat().st_mode & 0o077 != 0


def _beside(file: Path, end: str) -> Path:
    return file.with_name(f"{file.name}.{end}")


def _replace(file: Path, content: str) -> None:
    """Writes beside the file, onto the disk, and then renames: a reader gets the old text or the
    new one.
    """
    draft = _beside(file, f"{uuid.uuid4()}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content.encode())
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _read(file: Path) -> Entry | None:
    """Returns an entry. A file that can't be read as one has the value `''`, and a version of its
    own.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    try:
        entry = json.loads(content)
        value, version = entry["value"], entry["version"]
        if isinstance(value, str) and isinstance(version, str):
            return Entry(value, version)
    except (ValueError, TypeError, KeyError):
        pass  # Cut, or overwritten by something else.
    return Entry("", f"unreadable-{hashlib.sha256(content).hexdigest()}")
