"""The host of `Client`: one daemon thread in each process drives the engine, others do what blocks.

A caller waits for the result while the thread goes on, so that a lease is renewed although every
caller is blocked. After a fork the child starts a thread of its own at its first call.
"""

from __future__ import annotations

import os
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from ._effects import Effects
from ._host import INLINE, THREAD, Call, Lock, clocks, new_engine
from ._http import GRACE_SECONDS, Body, Exchange, head_lines, header_fields, phase_of
from ._threads import Answer, Workers, attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from ._host import Done, EngineLike
    from ._platform import Platform


class SyncHost(Effects):
    """A host whose engine lives in a thread of its own. `post` alone may be called from other
    threads.
    """

    def __init__(
        self, engine: EngineLike | None, now: Callable[[], tuple[int, float]] = clocks
    ) -> None:
        super().__init__(engine, now)
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._workers = Workers()
        self._http: dict[int, httpx.Client] = {}
        self._alarm: tuple[float, float] | None = None
        self.thread = threading.Thread(target=self._drive, name="oakford-aisp", daemon=True)

    def post(self, job: Callable[[], None]) -> None:
        """Runs a job in the engine's thread."""
        self._inbox.put(job)

    def call(self, platform: Platform, arguments: tuple[Any, ...]) -> Pending:
        """Starts a call."""
        pending = Pending(self)
        self.post(lambda: pending.start(platform, arguments))
        return pending

    def ask(self, work: Callable[[], Any]) -> Any:
        """Returns what `work` returns in the engine's thread."""
        answered = Answer()

        def job() -> None:
            try:
                answered.value = work()
            except BaseException as error:
                answered.error = error
            answered.done.release()

        self.post(job)
        return answered.wait()

    def _drive(self) -> None:
        if self.engine is None:
            self.engine = new_engine()  # It belongs to the thread that makes it.
        while not self.closed:
            timeout = None
            if self._alarm:
                timeout = max(0.0, (self._alarm[1] - self.now()[1]) / 1000)
            try:
                job = self._next_job(timeout)
            except Empty:
                at, self._alarm = self._alarm[0] if self._alarm else 0.0, None
                self.bring("alarm", at)
            else:
                job()
        while True:  # Calls that came after a crash find no engine.
            self._inbox.get()()

    def _next_job(self, timeout: float | None) -> Callable[[], None]:
        """Waits for a job; raises `Empty` after so many seconds."""
        return self._inbox.get(timeout=timeout)

    def run(self, how: int, work: Callable[[], Any], done: Done) -> None:
        """Runs `work` at once or in a worker."""

        def job() -> None:
            value, error = attempt(work)
            self.post(lambda: done(value, error))

        if how == INLINE:
            done(*attempt(work))
        else:
            self._workers.submit(job)

    def alarm(self, at: float, delay: float | None) -> None:
        """Arms the alarm."""
        self._alarm = None if delay is None else (at, self.now()[1] + delay)

    def lock(self, id: int, client: int, key: str) -> None:
        """Takes the store's lock in a worker, which keeps it until it is released."""
        store = self.clients[client].store
        lock = self._locks[id] = Lock(store.how)
        released = threading.Event()
        lock.release = released.set

        def hold() -> None:
            with store.lock(key) as asks:
                self.post(lambda: self.lock_granted(id, asks))
                released.wait()

        self.run(THREAD, hold, lambda _, error: self.lock_ended(id, error))

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
        """Sends a request from a worker."""
        exchange = self._exchanges[id] = Exchange()
        platform = self.clients[client]

        def post(*event: Any) -> None:
            self.post(lambda: None if exchange.aborted else self.bring(*event))

        def ended(received: bytes | None, error: BaseException | None) -> None:
            from ._causes import describe

            if error is not None:
                self.exchange_failed(id, phase_of(error, exchange.phase), describe(error))
            elif received is None:
                self.exchange_failed(id, "size", [])
            elif self._exchanges.pop(id, None):
                self.bring("body", id, received)

        def work() -> bytes | None:
            http = self._http_of(platform)
            timeout = timeout_ms / 1000 + GRACE_SECONDS
            request = http.build_request(
                method, url, headers=header_fields(headers), content=body, timeout=timeout
            )
            response = http.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                exchange.stop = lambda: shut_down(response)
                exchange.phase = "body"
                post("head", id, response.status_code, head_lines(response))
                received = Body(response, max_bytes)
                for chunk in response.iter_bytes():
                    if not received.takes(chunk) or exchange.aborted:
                        break
                return received.read()
            finally:
                response.close()

        self.run(THREAD, work, ended)

    def _http_of(self, platform: Platform) -> httpx.Client:
        """Returns the client's HTTP client. Two workers at once may make two, of which one is
        dropped.
        """
        http: httpx.Client | None = platform.http_client or self._http.get(id(platform))
        if http is None:
            import httpx

            http = self._http.setdefault(id(platform), httpx.Client(**platform.http_options()))
        return http

    def close_http(self, platform: Platform) -> None:
        """Closes the HTTP client that was made for a client."""
        http = self._http.pop(id(platform), None)
        if http:
            http.close()


class Pending:
    """A call that was started from another thread."""

    __slots__ = ("_answer", "_host", "_id")

    def __init__(self, host: SyncHost) -> None:
        self._host = host
        self._answer = Answer()
        self._id = 0

    def start(self, platform: Platform, arguments: tuple[Any, ...]) -> None:
        """Starts the call, in the engine's thread."""
        try:
            self._id = self._host.start(platform, self._settle, arguments)
        except BaseException as error:
            self._answer.error = error
            self._answer.done.release()

    def _settle(self, call: Call) -> None:
        self._answer.value = call
        self._answer.done.release()

    def wait(self) -> Call:
        """Waits for the end of the call; an interrupted wait cancels it."""
        try:
            call: Call = self._answer.wait()
        except BaseException:
            self.cancel()
            raise
        return call

    def cancel(self) -> None:
        """Cancels the call, unless it has ended."""
        host = self._host
        host.post(lambda: host.bring("cancel", self._id))


def shut_down(response: httpx.Response) -> None:
    """Ends the reads of a response that block in another thread."""
    import socket
    from contextlib import suppress

    stream = response.extensions.get("network_stream")
    connection = stream and stream.get_extra_info("socket")
    if connection:
        with suppress(OSError):  # It ended by itself.
            connection.shutdown(socket.SHUT_RDWR)


_guard = threading.Lock()
_host: SyncHost | None = None


def sync_host() -> SyncHost:
    """Returns the host of this process, and starts it if there is none."""
    global _host
    with _guard:
        if _host is None or _host.closed:
            _host = SyncHost(None)
            _host.thread.start()
        return _host


def running() -> SyncHost | None:
    """Returns the host of this process if it runs."""
    return _host


def _after_fork() -> None:
    # The threads of the parent are not in the child, and a lock may be held by one of them.
    global _guard, _host
    _guard, _host = threading.Lock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
