"""The host of `AsyncClient` drives the engine as the transcripts say."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from oakford_aisp._async_host import AsyncHost
from oakford_aisp._host import TASK

from .replay import NAMES, Engine, Results
from .test_replay_sync import claim

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

# So often the event loop turns before a test gives up.
PATIENCE = 1_000


class World:
    """The platform of one client: every part waits for its outcome."""

    how = TASK

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.gates: dict[int, asyncio.Queue[list[Any]]] = {}
        self.store = self.rate_limit_store = self
        self.http_client = httpx.AsyncClient(transport=Transport(self))
        self.held: set[int] = set()
        self.cancelled: set[int] = set()

    def gate(self, id_: int) -> asyncio.Queue[list[Any]]:
        return self.gates.setdefault(id_, asyncio.Queue())

    async def outcome(self, id_: int) -> Any:
        event = await self.gate(id_).get()
        if event[0] == "refused":
            raise OSError("the store failed")
        return event[2]

    def options(self) -> str:
        return "{}"

    def facts(self) -> dict[str, bool]:
        return {}

    def emit(self, event: str) -> None:
        self.engine.note("emit", 1, event)

    async def get(self, key: str) -> Any:
        entry = await self.outcome(self.engine.claim("store_get", 1, key))
        return None if entry is None else tuple(entry)

    async def compare_and_swap(self, key: str, version: str | None, value: str | None) -> Any:
        return await self.outcome(self.engine.claim("store_swap", 1, key, version, value))

    @asynccontextmanager
    async def lock(self, key: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
        id_ = self.engine.claim("lock", 1, key)
        await self.outcome(id_)
        self.held.add(id_)

        async def is_held() -> bool:
            return bool(await self.outcome(self.engine.claim("is_held", id_)))

        yield is_held
        self.held.discard(id_)
        self.engine.note("unlock", id_)

    async def acquire(self, quota: str, windows: Any, call: str, lease_ms: float) -> Any:
        lists = [list(window) for window in windows]
        return await self.outcome(self.engine.claim("acquire", 1, quota, lists, call, lease_ms))

    async def release(self, quota: str, call: str, sent: bool) -> None:
        self.engine.note("release", 1, quota, call, sent)


class Transport(httpx.AsyncBaseTransport):
    def __init__(self, world: World) -> None:
        self.world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        id_ = claim(self.world.engine, request)
        try:
            event = await self.world.gate(id_).get()
        except asyncio.CancelledError:
            self.world.cancelled.add(id_)
            raise
        if event[0] == "failed":
            raise httpx.ReadError("reset")
        fields = [tuple(line.split(":", 1)) for line in event[3].splitlines()]
        return httpx.Response(event[2], headers=fields, stream=Body(self.world.gate(id_)))


class Body(httpx.AsyncByteStream):
    def __init__(self, gate: asyncio.Queue[list[Any]]) -> None:
        self.gate = gate

    async def __aiter__(self) -> AsyncIterator[bytes]:
        event = await self.gate.get()
        if event[0] == "failed":
            raise httpx.ReadError("cut")
        yield event[2].encode()


class Loop(asyncio.SelectorEventLoop):
    """An event loop with the clock of a transcript."""

    engine: Engine

    def time(self) -> float:
        return self.engine.clock[1] / 1000 if hasattr(self, "engine") else super().time()


@pytest.mark.parametrize("name", NAMES)
def test_transcript_the_host_of_asyncio_does_what_the_engine_asks(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(name)
    monkeypatch.setattr(os, "urandom", engine.random)
    loop = Loop()
    loop.engine = engine
    try:
        loop.run_until_complete(replay(engine, loop))
    finally:
        loop.close()


async def replay(engine: Engine, loop: Loop) -> None:
    world: Any = World(engine)
    host = AsyncHost(engine, loop, engine.now)
    results = Results(engine)
    for index, turn in enumerate(engine.turns):
        kind, id_, *rest = turn["event"]
        if engine.position > index:
            continue  # The host answered by itself.
        engine.clock = tuple(turn["now"])
        if kind == "call":
            number, _, *arguments = rest
            host.start(world, partial(results.settled, number), tuple(arguments))
        elif kind == "cancel":
            host.bring("cancel", id_)
        elif kind != "alarm":
            world.gate(id_).put_nowait(turn["event"])
        for _ in range(PATIENCE):
            if engine.position > index:
                break
            await asyncio.sleep(0)
        assert engine.position > index, f"{turn['event'][:2]} did not come; {engine.problems}"
        # Until the tasks that the turn began wait for their outcomes.
        for _ in range(20):
            await asyncio.sleep(0)
        assert engine.problems == []
    assert engine.problems == []
    assert engine.left() == []
    assert world.cancelled == {one[1] for one in engine.open if one[0] == "abort"}
    assert host.calls == {}
    await world.http_client.aclose()
