"""Threads for what blocks, and values that threads wait for."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Workers:
    """Daemon threads for what blocks: one more is started if all are at work, and none keeps the
    process alive.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._idle = threading.Semaphore(0)

    def submit(self, job: Callable[[], None]) -> None:
        """Runs a job, which raises nothing."""
        self._jobs.put(job)
        if not self._idle.acquire(blocking=False):
            threading.Thread(target=self._run, name="oakford-aisp-worker", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._jobs.get()()
            self._idle.release()


class Answer:
    """A value that another thread waits for."""

    def __init__(self) -> None:
        self.done = threading.Lock()
        self.done.acquire()
        self.value: Any = None
        self.error: BaseException | None = None

    def wait(self) -> Any:
        """Waits for the value, or raises what was raised instead."""
        with self.done:
            pass
        if self.error is not None:
            raise self.error
        return self.value


def attempt(work: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    """Returns what `work` returns and what it raises."""
    try:
        return work(), None
    except BaseException as error:
        return None, error
