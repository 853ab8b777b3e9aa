"""What a store of your own implements. `oakford_aisp.testing` has a suite that checks one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Entry(NamedTuple):
    """An entry of a token store."""

    #: The opaque text that was stored. It holds secrets.
    value: str
    #: Every write changes it; `compare_and_swap` compares it.
    version: str

    def __repr__(self) -> str:
        """Shows no secret."""
        return f"Entry(value='[secret]', version={self.version!r})"


class TokenStore(Protocol):
    """Where tokens are kept. What is stored is one opaque text that holds secrets; keys are the
    caller's.

    A store may have a lock too: `lock(key)` returns a context manager that is entered while nobody
    else holds the lock of the key. What it gives may be a function: it is asked whether the lock is
    still held right before a refresh token is sent. Without `lock`, a lease is written through
    `compare_and_swap`. Several threads call a store at once. A store that never blocks may say so
    by `never_blocks = True`.
    """

    def get(self, key: str, /) -> Entry | tuple[str, str] | None:
        """Returns the value and the version under `key`; None if there is none. A failure raises.

        An entry that can't be read has the value `''` and a version, by which a new connection
        replaces it.
        """

    def compare_and_swap(self, key: str, version: str | None, value: str | None, /) -> bool:
        """Writes `value` (None: deletes) if the stored version is still `version` (None: absent),
        atomically.

        Returns False if another caller wrote before.
        """
        ...


class AsyncTokenStore(Protocol):
    """A token store whose methods are coroutines, for `AsyncClient`. Its `lock` returns an
    asynchronous context manager.
    """

    async def get(self, key: str, /) -> Entry | tuple[str, str] | None:
        """See `TokenStore.get`."""

    async def compare_and_swap(self, key: str, version: str | None, value: str | None, /) -> bool:
        """See `TokenStore.compare_and_swap`."""
        ...


class RateLimitStore(Protocol):
    """Counts calls for all processes that share a rate limit."""

    def acquire(
        self, quota: str, windows: Sequence[tuple[int, float]], call: str, lease_ms: float, /
    ) -> float:
        """Counts `call` if every window has room for it, atomically, and returns 0.

        Else returns the milliseconds after which to ask again, and counts nothing. A window is a
        limit and a length in milliseconds: each call counts until so long after its response. A
        call that is never released counts as answered after `lease_ms`.
        """
        ...

    def release(self, quota: str, call: str, sent: bool, /) -> None:
        """Ends a call that `acquire` counted. `sent` true: its response arrived now. False: it does
        not count.
        """


class AsyncRateLimitStore(Protocol):
    """A rate limit store whose methods are coroutines, for `AsyncClient`."""

    async def acquire(
        self, quota: str, windows: Sequence[tuple[int, float]], call: str, lease_ms: float, /
    ) -> float:
        """See `RateLimitStore.acquire`."""
        ...

    async def release(self, quota: str, call: str, sent: bool, /) -> None:
        """See `RateLimitStore.release`."""
