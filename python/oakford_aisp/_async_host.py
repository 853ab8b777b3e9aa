"""The host of `AsyncClient`: the engine lives in the event loop, exchanges and waits are tasks of
it. Each loop has a host of its own.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from ._causes import describe
from ._effects import Effects
from ._host import INLINE, TASK, Call, Lock, clocks, new_engine
from ._http import GRACE_SECONDS, Body, Exchange, head_lines, header_fields, phase_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    import httpx

    from ._host import Done, EngineLike
    from ._platform import Platform


class AsyncHost(Effects):
    """A host whose engine lives in an event loop. Every method is called in it."""

    def __init__(
        self,
        engine: EngineLike,
        loop: asyncio.AbstractEventLoop,
        now: Callable[[], tuple[int, float]] = clocks,
    ) -> None:
        super().__init__(engine, now)
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._http: dict[int, httpx.AsyncClient] = {}
        self._closing: asyncio.Task[None] | None = None
        # The loop holds its tasks weakly.
        self._tasks: set[asyncio.Task[None]] = set()

    async def call(self, platform: Platform, arguments: tuple[Any, ...]) -> Call:
        """Makes a call and waits for its end; a cancelled wait cancels it."""
        ended: asyncio.Future[Call] = self._loop.create_future()

        def settle(call: Call) -> None:
            if not ended.done():
                ended.set_result(call)

        id_ = self.start(platform, settle, arguments)
        try:
            return await ended
        except asyncio.CancelledError:
            self.bring("cancel", id_)
            raise

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs a coroutine, which raises nothing, as a task."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def run(self, how: int, work: Callable[[], Any], done: Done) -> None:
        """Runs `work` at once, as a task, or in a thread."""

        async def task() -> None:
            try:
                value = await (work() if how == TASK else asyncio.to_thread(work))
            except asyncio.CancelledError:
                raise
            except BaseException as error:
                done(None, error)
            else:
                done(value, None)

        if how == INLINE:
            try:
                value = work()
            except Exception as error:
                done(None, error)
            else:
                done(value, None)
        else:
            self.spawn(task())

    def alarm(self, at: float, delay: float | None) -> None:
        """Arms the alarm."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
        if delay is not None:
            self._timer = self._loop.call_later(delay / 1000, self.bring, "alarm", at)

    def lock(self, id: int, client: int, key: str) -> None:
        """Takes the store's lock in a task, which keeps it until it is released; that of a store
        that blocks in a thread.
        """
        store = self.clients[client].store
        lock = self._locks[id] = Lock(store.how)

        if store.how == TASK:
            released = asyncio.Event()
            lock.release = released.set

            async def hold() -> None:
                async with store.lock(key) as asks:
                    self.lock_granted(id, asks)
                    await released.wait()

            self.run(TASK, hold, lambda _, error: self.lock_ended(id, error))
            return
        let_go = threading.Event()
        lock.release = let_go.set

        def block() -> None:
            with store.lock(key) as asks:
                self._loop.call_soon_threadsafe(self.lock_granted, id, asks)
                let_go.wait()

        # A thread of its own: it may block for long, and those of the loop are few.
        def thread() -> None:
            error: BaseException | None = None
            try:
                block()
            except BaseException as raised:
                error = raised
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self.lock_ended, id, error)

        threading.Thread(target=thread, name="oakford-aisp-lock", daemon=True).start()

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
        """Sends a request in a task."""
        exchange = self._exchanges[id] = Exchange()
        platform = self.clients[client]

        async def work() -> bytes | None:
            http = self._http_of(platform)
            timeout = timeout_ms / 1000 + GRACE_SECONDS
            request = http.build_request(
                method, url, headers=header_fields(headers), content=body, timeout=timeout
            )
            response = await http.send(request, stream=True, auth=None, follow_redirects=False)
            try:
                exchange.phase = "body"
                self.bring("head", id, response.status_code, head_lines(response))
                received = Body(response, max_bytes)
                async for chunk in response.aiter_bytes():
                    if not received.takes(chunk):
                        break
                return received.read()
            finally:
                await response.aclose()

        async def task() -> None:
            try:
                received = await work()
            except asyncio.CancelledError:
                # By `abort`, or by a loop that ends.
                return
            except Exception as error:
                self.exchange_failed(id, phase_of(error, exchange.phase), describe(error))
                return
            if received is None:
                self.exchange_failed(id, "size", [])
            elif self._exchanges.pop(id, None):
                self.bring("body", id, received)

        exchange.stop = self.spawn(task()).cancel

    def _http_of(self, platform: Platform) -> httpx.AsyncClient:
        http: httpx.AsyncClient | None = platform.http_client or self._http.get(id(platform))
        if http is None:
            import httpx

            http = self._http[id(platform)] = httpx.AsyncClient(**platform.http_options())
        return http

    def close_http(self, platform: Platform) -> None:
        """Closes the HTTP client that was made for a client."""
        http = self._http.pop(id(platform), None)
        if http and not self._loop.is_closed():
            self._closing = self.spawn(http.aclose())

    async def drain(self) -> None:
        """Waits until the HTTP client that was closed last has closed its connections."""
        if self._closing:
            await asyncio.wait([self._closing])

    def post(self, job: Callable[[], None]) -> None:
        """Runs a job in the loop, from any thread; none if the loop is closed."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(job)


# An engine belongs to the thread of its loop, so a closed loop's host is dropped by that thread.
_hosts: dict[asyncio.AbstractEventLoop, tuple[int, AsyncHost]] = {}


def async_host() -> AsyncHost:
    """Returns the host of the running loop, and makes it if there is none."""
    loop = asyncio.get_running_loop()
    found = _hosts.get(loop)
    if found is None or found[1].closed:
        thread = threading.get_ident()
        for other, (made_by, _) in list(_hosts.items()):
            if made_by == thread and other.is_closed():
                _hosts.pop(other, None)
        found = _hosts[loop] = (thread, AsyncHost(new_engine(), loop))
    return found[1]


def running() -> AsyncHost | None:
    """Returns the host of the running loop if there is one."""
    found = _hosts.get(asyncio.get_running_loop())
    return found and found[1]


def forget_everywhere(platform: Platform) -> None:
    """Forgets a client that was collected without being closed."""
    for _, host in list(_hosts.values()):
        host.post(lambda host=host: host.forget_client(platform))  # type: ignore[misc]
