"""The effects that both hosts do in the same way, one method each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ._causes import Cause, describe
from ._host import INLINE, THREAD, Host

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._host import Done


class Effects(Host):
    """The effects of the engine (`src/engine/effect.rs` has what each of them asks for)."""

    # What each host does in its own way.

    def run(self, how: int, work: Callable[[], Any], done: Done) -> None:
        """Runs `work` and calls `done` with its result and exception, in the engine's thread."""
        raise NotImplementedError

    def send(
        self,
        id: int,
        client: int,
        method: str,
        url: str,
        headers: str,
        body: str | None,
        max_bytes: int,
        timeout_ms: int,
    ) -> None:
        """Sends a request."""
        raise NotImplementedError

    def lock(self, id: int, client: int, key: str) -> None:
        """Takes the token store's lock of a key."""
        raise NotImplementedError

    def alarm(self, at: float, delay: float | None) -> None:
        """Arms the alarm."""
        raise NotImplementedError

    def answer(self, id: int, how: int, work: Callable[[], Any]) -> None:
        """Brings what `work` returns as the answer to an effect, or why there is none."""

        def done(value: Any, error: BaseException | None) -> None:
            if error is None:
                self.bring("answer", id, value)
            else:
                self.bring("refused", id, describe(error))

        self.run(how, work, done)

    # Effects.

    def abort(self, id: int) -> None:
        """Aborts an exchange."""
        exchange = self._exchanges.pop(id, None)
        if exchange:
            exchange.abort()

    def exchange_failed(self, id: int, phase: str, causes: list[Cause]) -> None:
        """Brings the failure of an exchange."""
        if self._exchanges.pop(id, None):
            self.bring("failed", id, phase, causes)

    def store_get(self, id: int, client: int, key: str) -> None:
        """Reads an entry of the token store."""
        store = self.clients[client].store

        def done(entry: Any, error: BaseException | None) -> None:
            if error is not None:
                self.bring("refused", id, describe(error))
            elif entry is None or _is_entry(entry):
                self.bring("answer", id, entry)
            else:
                # Something else than an entry is no answer that the engine takes.
                self.bring("answer", id, False)

        self.run(store.how, lambda: store.get(key), done)

    def store_swap(
        self, id: int, client: int, key: str, version: str | None, value: str | None
    ) -> None:
        """Compares and swaps an entry of the token store."""
        store = self.clients[client].store
        self.answer(id, store.how, lambda: store.compare_and_swap(key, version, value))

    def lock_granted(self, id: int, asks: object) -> None:
        """Brings that a lock is held. `asks`: what answers whether it still is, if it is a
        function.
        """
        lock = self._locks.get(id)
        if lock:
            lock.asks = asks if callable(asks) else None
            self.bring("answer", id, None)

    def lock_ended(self, id: int, error: BaseException | None) -> None:
        """Brings that the store gave no lock, or took it back; nothing of one that was released."""
        lock = self._locks.get(id)
        if lock and not lock.released:
            lock.released = True
            self.bring("refused", id, describe(error))

    def is_held(self, id: int, lock: int) -> None:
        """Answers whether a lock is still held."""
        held = self._locks.get(lock)
        if held is None or held.released or held.asks is None:
            self.bring("answer", id, held is not None and not held.released)
        else:
            self.answer(id, held.how, held.asks)

    def unlock(self, lock: int) -> None:
        """Releases a lock, or gives up waiting for it."""
        held = self._locks.pop(lock, None)
        if held:
            held.released = True
            if held.release:
                held.release()

    def acquire(
        self,
        id: int,
        client: int,
        quota: str,
        windows: list[tuple[int, float]],
        call: str,
        lease_ms: float,
    ) -> None:
        """Counts a request against the limit that processes share."""
        store = self.clients[client].rate_limit_store
        self.answer(id, store.how, lambda: store.acquire(quota, windows, call, lease_ms))

    def release(self, client: int, quota: str, call: str, sent: bool) -> None:
        """Releases a request; one that can't be released ends with its lease."""
        store = self.clients[client].rate_limit_store
        self.run(store.how, lambda: store.release(quota, call, sent), lambda *_: None)

    def client_key(self, id: int, client: int) -> None:
        """Describes the key that the client authenticates with."""
        self.answer(id, INLINE, lambda: self.clients[client].keys.client_key())

    def proof_key(self, id: int, client: int, issuer: str, algorithm: str | None) -> None:
        """Describes the key that tokens are bound to."""
        self.answer(id, THREAD, lambda: self.clients[client].keys.proof_key(issuer, algorithm))

    def sign(self, id: int, client: int, proof: bool, text: str) -> None:
        """Signs a text."""
        self.answer(id, INLINE, lambda: self.clients[client].keys.sign(proof, text))

    def verify(
        self, id: int, client: int, jwk: str, algorithm: str, text: str, signature: str
    ) -> None:
        """Verifies a signature; the first one imports `cryptography`, which takes time."""
        del client

        def work() -> bool:
            from ._keys import verify

            return verify(jwk, algorithm, text, signature)

        self.answer(id, THREAD, work)

    def sha512(self, id: int, client: int, text: str) -> None:
        """Hashes a text."""
        del client
        import hashlib

        self.bring("answer", id, hashlib.sha512(text.encode()).digest())

    def random(self, id: int, length: int) -> None:
        """Brings secure random bytes."""
        self.bring("answer", id, os.urandom(length))

    def load(self, id: int, module: str) -> None:
        """Answers at once: every module is in the extension."""
        del module
        self.bring("answer", id, None)

    def emit(self, client: int, event: str) -> None:
        """Hands an event to the client's listener."""
        self.clients[client].emit(event)

    def rows(self, call: int, page: Any) -> None:
        """Adds a page to a call; an exception is its result."""
        found = self.calls.get(call)
        if found is None:
            return
        if isinstance(page, BaseException):
            found.failed = page
        else:
            found.rows.append(page)

    def settle(self, call: int, succeeded: bool, text: str | None, exchange: int | None) -> None:
        """Ends a call."""
        del exchange
        found = self.calls.pop(call, None)
        if found is None:
            return
        if succeeded:
            found.text = text
        else:
            found.failed = text
        found.settle()

    def forget(self, client: int) -> None:
        """Forgets a client."""
        platform = self.clients.pop(client, None)
        if platform:
            self.close_http(platform)


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, tuple)
        and len(entry) == 2
        and all(isinstance(part, str) for part in entry)
    )
