"""What the two hosts share: events are brought one at a time, and each effect is done by the method
of its name.

A host knows HTTP, clocks, stores and keys. It knows no OAuth, no retry and no limit: those are the
engine's.
"""

from __future__ import annotations

import os
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from ._causes import describe
from ._core import Engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._http import Exchange
    from ._platform import Platform

    # Takes the result of some work, and the exception that it raised.
    Done = Callable[[Any, "BaseException | None"], None]


class EngineLike(Protocol):
    """The engine as a host uses it."""

    def client(
        self,
        options: str,
        wall: int,
        monotonic: float,
        *,
        certificate: bool,
        locks: bool,
        shares_rate_limit: bool,
        listens: bool,
    ) -> int:
        """Makes a client and returns its number."""
        ...

    def drop_client(self, number: int) -> list[tuple[Any, ...]]:
        """Forgets a client once its calls have ended, and returns effects."""
        ...

    def handle(self, event: tuple[Any, ...], wall: int, monotonic: float) -> list[tuple[Any, ...]]:
        """Brings an event, and returns the effects that the engine asks for."""
        ...


class Call:
    """A call that has not ended."""

    __slots__ = ("client", "failed", "rows", "settle", "text")

    def __init__(self, client: int, settle: Callable[[], None]) -> None:
        self.client = client
        self.settle = settle
        self.rows: list[Any] = []
        self.text: str | None = None
        # The error as JSON; an exception if building the rows raised; an empty text after a crash
        # of the engine.
        self.failed: str | BaseException | None = None


class Lock:
    """A lock of the token store that is held or waited for."""

    __slots__ = ("asks", "how", "release", "released")

    def __init__(self, how: int) -> None:
        self.how = how
        self.released = False
        self.asks: Callable[[], Any] | None = None
        self.release: Callable[[], None] | None = None


# How the work of an effect is done: at once, since it never blocks; in a thread, since it may; as a
# task, since it is awaited.
INLINE, THREAD, TASK = 0, 1, 2


def new_engine() -> Engine:
    """Makes an engine with random numbers of the operating system."""
    seed = os.urandom(24)
    first, second, third = (int.from_bytes(seed[at : at + 8], "big") for at in (0, 8, 16))
    return Engine((first, second, third))


def clocks() -> tuple[int, float]:
    """Returns the wall clock and a monotonic clock, in milliseconds."""
    return int(time.time() * 1000), time.monotonic() * 1000


class Host:
    """One engine, its clients and its calls. Every method runs in the thread of the engine."""

    def __init__(
        self, engine: EngineLike | None, now: Callable[[], tuple[int, float]] = clocks
    ) -> None:
        self.closed = False
        self.engine: Any = engine
        self.now = now
        self.clients: dict[int, Platform] = {}
        self.calls: dict[int, Call] = {}
        self._numbers: dict[int, int] = {}
        self._locks: dict[int, Lock] = {}
        self._exchanges: dict[int, Exchange] = {}
        self._events: deque[tuple[Any, ...]] = deque()
        self._working = False
        self._newest = 0

    # Clients and calls.

    def number(self, platform: Platform) -> int:
        """Returns the client's number in this engine, and makes the client if there is none."""
        number = self._numbers.get(id(platform))
        if number is None:
            number = self.engine.client(platform.options(), *self.now(), **platform.facts())
            self._numbers[id(platform)] = number
            self.clients[number] = platform
        return number

    def forget_client(self, platform: Platform) -> None:
        """Cancels the client's calls and drops it."""
        number = self._numbers.pop(id(platform), None)
        if number is None:
            return
        for id_, call in list(self.calls.items()):
            if call.client == number:
                self.bring("cancel", id_)
        self._perform(self.engine.drop_client(number))

    def start(
        self, platform: Platform, settle: Callable[[Call], None], arguments: tuple[Any, ...]
    ) -> int:
        """Starts a call, whose end calls `settle`. `arguments`: method, key, a, b, c, options."""
        number = 0 if self.closed else self.number(platform)
        self._newest += 1
        id_ = self._newest
        call = Call(number, lambda: settle(call))
        if self.closed:  # By a crash of the engine.
            call.failed = ""
            call.settle()
            return id_
        self.calls[id_] = call
        self.bring("call", number, id_, True, *arguments)
        return id_

    # Events.

    def bring(self, *event: Any) -> None:
        """Brings an event to the engine and does its effects; later events wait for those of this
        one.
        """
        self._events.append(event)
        if self._working:
            return
        self._working = True
        try:
            while self._events and not self.closed:
                self._turn(self._events.popleft())
        finally:
            self._working = False

    def _turn(self, event: tuple[Any, ...]) -> None:
        try:
            effects = self.engine.handle(event, *self.now())
        except (TypeError, ValueError) as error:
            # The engine did not take the event: a store gave an impossible answer.
            if event[0] != "answer":
                self.crash()
                return
            self._events.appendleft(("refused", event[1], describe(error)))
            return
        except BaseException as error:  # A panic of the engine is no `Exception`.
            self.crash()
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            return
        self._perform(effects)

    def _perform(self, effects: list[tuple[Any, ...]]) -> None:
        for effect in effects:
            getattr(self, effect[0])(*effect[1:])

    def close_http(self, platform: Platform) -> None:
        """Closes the HTTP client that this host made for a client."""
        raise NotImplementedError

    def crash(self) -> None:
        """Ends everything after a defect of the engine: calls fail, and the next call gets another
        host.
        """
        self.closed = True
        self._events.clear()
        for exchange in self._exchanges.values():
            exchange.abort()
        for lock in self._locks.values():
            if lock.release:
                lock.release()
        for platform in self.clients.values():
            self.close_http(platform)
        calls, self.calls = self.calls, {}
        for call in calls.values():
            call.failed = ""
            call.settle()
