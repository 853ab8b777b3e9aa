"""A token store that lives as long as the process."""

from __future__ import annotations

import threading
import time

from ._ephemeral import expiry_of, is_ephemeral
from ._protocols import Entry


class MemoryStore:
    """Keeps sessions in memory: the default. They are gone when the process ends, and a forked
    process has a copy.
    """

    never_blocks = True

    def __init__(self) -> None:
        """Makes an empty store."""
        self._entries: dict[str, Entry] = {}
        self._writes = 0
        # For clients in several event loops. No Python code of others runs under it.
        self._guard = threading.Lock()

    def get(self, key: str, /) -> Entry | None:
        """Returns the entry of a key."""
        return self._entries.get(key)

    def compare_and_swap(self, key: str, version: str | None, value: str | None, /) -> bool:
        """Writes an entry if the stored version is still `version`."""
        with self._guard:
            entry = self._entries.get(key)
            if (entry and entry.version) != version:
                return False
            if value is None:
                self._entries.pop(key, None)
            else:
                self._writes += 1
                self._entries[key] = Entry(value, str(self._writes))
            if is_ephemeral(key):
                self._forget_old_marks()
            return True

    def _forget_old_marks(self) -> None:
        now = time.time() * 1000
        # Marks are few and their ends in about the order in which they were written.
        for key, entry in list(self._entries.items()):
            if is_ephemeral(key):
                if expiry_of(entry.value) > now:
                    return
                del self._entries[key]

    def __repr__(self) -> str:
        """Shows no entry."""
        return "MemoryStore()"
