"""A lock file that survives the death of its holder: the same as of the npm package."""

from __future__ import annotations

import json
import os
import random
import socket
import threading
import time
import uuid
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# The holder touches its file so often.
_HEARTBEAT = 2.0
# A file that was not touched for so long has no holder any more.
_STALE = 15.0
_POLL_INTERVAL = 0.015


@contextmanager
def file_lock(
    file: Path, patience: float, *, heartbeat: bool = False
) -> Iterator[Callable[[], bool]]:
    """Holds a lock file; raises if it is another's for longer than `patience` seconds.

    With `heartbeat` it may be held for longer than a moment.

    Gives a function that says whether the file is still this holder's: a process that stood still
    for long may have lost it.
    """
    me = {"id": str(uuid.uuid4()), "pid": os.getpid(), "host": socket.gethostname()}
    began = time.monotonic()
    while not (_create(file, me) or _take_over(file, me)):
        if time.monotonic() - began >= patience:
            raise TimeoutError(f"The lock file {file} is another's for longer than {patience:g} s.")
        time.sleep(_POLL_INTERVAL * (1 + 2 * random.random()))  # noqa: S311

    def is_mine() -> bool:
        return (_holder_of(file) or {}).get("id") == me["id"]

    def touch() -> bool:
        mine = is_mine()
        if mine:
            os.utime(file)
        return mine

    def is_held() -> bool:
        # Looked at again after the touch: before it, another may have found the file abandoned.
        return touch() and is_mine()

    with _heartbeat(touch) if heartbeat else nullcontext():
        try:
            yield is_held
        finally:
            if is_mine():
                file.unlink(missing_ok=True)


@contextmanager
def _heartbeat(touch: Callable[[], bool]) -> Iterator[None]:
    """Touches the file from time to time while the lock is held."""
    timer: threading.Timer
    ended = False

    def beat() -> None:
        nonlocal timer
        with suppress(OSError):
            touch()
        if not ended:
            timer = start()

    def start() -> threading.Timer:
        timer = threading.Timer(_HEARTBEAT, beat)
        timer.daemon = True
        timer.start()
        return timer

    timer = start()
    try:
        yield
    finally:
        ended = True
        timer.cancel()


def _create(file: Path, me: dict[str, Any]) -> bool:
    """Makes the file, with its holder in it, if there is none."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as out:
        json.dump(me, out)
    return True


def _take_over(file: Path, me: dict[str, Any]) -> bool:
    """Takes the place of a holder that is gone. A second file keeps two such apart."""
    if not _is_abandoned(file):
        return False
    gate = file.with_name(f"{file.name}.gate")
    if not _create(gate, me):
        if _is_abandoned(gate):
            gate.unlink(missing_ok=True)
        return False
    try:
        if not _is_abandoned(file):
            return False
        draft = file.with_name(f"{file.name}.{me['id']}.new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(me))
        draft.replace(file)
        return True
    finally:
        gate.unlink(missing_ok=True)


def _is_abandoned(file: Path) -> bool:
    """Returns whether the lock's holder is dead, or has not been heard of for long."""
    holder = _holder_of(file)
    try:
        touched = file.stat().st_mtime
    except FileNotFoundError:
        return False
    if time.time() - touched > _STALE:
        return True
    here = holder is not None and holder.get("host") == socket.gethostname()
    return here and holder is not None and not _is_alive(holder.get("pid"))


def _holder_of(file: Path) -> dict[str, Any] | None:
    try:
        holder = json.loads(file.read_text())
    except (OSError, ValueError):  # Gone meanwhile, or not written in full yet.
        return None
    return holder if isinstance(holder, dict) else None


def _is_alive(pid: object) -> bool:
    if not isinstance(pid, int) or os.name == "nt":  # Windows has no such question.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # It lives, and belongs to another user.
        return True
    return True
