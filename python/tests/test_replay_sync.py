"""The host of `Client` drives the engine as the transcripts say."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from oakford_aisp._host import THREAD
from oakford_aisp._sync_host import SyncHost

from .replay import NAMES, Engine, Results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 20.0


class World:
    """The platform of one client: every part waits for its outcome."""

    how = THREAD

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.gates: dict[int, SimpleQueue[list[Any]]] = {}
        self.store = self.rate_limit_store = self
        self.http_client = httpx.Client(transport=Transport(self))
        self.held: set[int] = set()
        self.guard = threading.Lock()

    def gate(self, id_: int) -> SimpleQueue[list[Any]]:
        with self.guard:
            return self.gates.setdefault(id_, SimpleQueue())

    def outcome(self, id_: int) -> Any:
        event = self.gate(id_).get(timeout=PATIENCE)
        if event[0] == "refused":
            raise OSError("the store failed")
        return event[2]

    def options(self) -> str:
        return "{}"

    def facts(self) -> dict[str, bool]:
        return {}

    def emit(self, event: str) -> None:
        self.engine.note("emit", 1, event)

    def get(self, key: str) -> Any:
        entry = self.outcome(self.engine.claim("store_get", 1, key))
        return None if entry is None else tuple(entry)

    def compare_and_swap(self, key: str, version: str | None, value: str | None) -> Any:
        return self.outcome(self.engine.claim("store_swap", 1, key, version, value))

    @contextmanager
    def lock(self, key: str) -> Iterator[Callable[[], bool]]:
        id_ = self.engine.claim("lock", 1, key)
        self.outcome(id_)
        self.held.add(id_)
        yield lambda: bool(self.outcome(self.engine.claim("is_held", id_)))
        self.held.discard(id_)
        self.engine.note("unlock", id_)

    def acquire(self, quota: str, windows: Any, call: str, lease_ms: float) -> Any:
        lists = [list(window) for window in windows]
        return self.outcome(self.engine.claim("acquire", 1, quota, lists, call, lease_ms))

    def release(self, quota: str, call: str, sent: bool) -> None:
        self.engine.note("release", 1, quota, call, sent)


class Transport(httpx.BaseTransport):
    def __init__(self, world: World) -> None:
        self.world = world

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        id_ = claim(self.world.engine, request)
        event = self.world.gate(id_).get(timeout=PATIENCE)
        if event[0] == "failed":
            raise httpx.ReadError("reset")
        fields = [tuple(line.split(":", 1)) for line in event[3].splitlines()]
        return httpx.Response(event[2], headers=fields, stream=Body(self.world.gate(id_)))


class Body(httpx.SyncByteStream):
    def __init__(self, gate: SimpleQueue[list[Any]]) -> None:
        self.gate = gate

    def __iter__(self) -> Iterator[bytes]:
        event = self.gate.get(timeout=PATIENCE)
        if event[0] == "failed":
            raise httpx.ReadError("cut")
        yield event[2].encode()


def claim(engine: Engine, request: httpx.Request) -> int:
    """Returns the id of the effect `send` that says this request, field by field."""
    with engine.changed:
        for one in engine.open:
            if one[0] != "send" or one[3:5] != [request.method, str(request.url)]:
                continue
            _, id_, _, _, _, headers, body, _, timeout_ms = one
            fields = dict(line.split(":", 1) for line in headers.splitlines())
            if (
                fields.items() <= dict(request.headers).items()
                and (body or "").encode() == request.content
                and request.extensions["timeout"]["read"] == timeout_ms / 1000 + 1
            ):
                engine.open.remove(one)
                engine.changed.notify_all()
                return int(id_)
        engine.problems.append(f"no effect says {request.method} {request.url}")
        return 0


class ReplayHost(SyncHost):
    """Its alarm rings by the clock of the transcript alone."""

    def _next_job(self, timeout: float | None) -> Callable[[], None]:
        return super()._next_job(None if timeout is None or timeout > 0 else 0)


@pytest.mark.parametrize("name", NAMES)
def test_transcript_the_host_that_blocks_does_what_the_engine_asks(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(name)
    world: Any = World(engine)
    host = ReplayHost(engine, engine.now)
    results = Results(engine)
    monkeypatch.setattr(os, "urandom", engine.random)
    host.thread.start()

    def start(arguments: tuple[Any, ...], number: int) -> None:
        host.start(world, partial(results.settled, number), arguments)

    for index, turn in enumerate(engine.turns):
        kind, id_, *rest = turn["event"]
        with engine.changed:
            if engine.position > index:
                continue  # The host answered by itself.
            engine.clock = tuple(turn["now"])
        if kind == "call":
            number, _, *arguments = rest
            host.post(partial(start, tuple(arguments), number))
        elif kind == "cancel":
            host.post(partial(host.bring, "cancel", id_))
        elif kind == "alarm":
            host.post(lambda: None)
        else:
            world.gate(id_).put(turn["event"])
        with engine.changed:
            came = engine.changed.wait_for(partial(engine.is_past, index), PATIENCE)
        assert came, f"{turn['event'][:2]} did not come; {engine.problems}"
        # Until the effects of the turn have been done.
        host.ask(lambda: None)
        assert engine.problems == []
    with engine.changed:
        engine.changed.wait_for(engine.is_done, PATIENCE)
    assert engine.left() == []
    # What was aborted ends now, and is not brought.
    for gate in list(world.gates.values()):
        gate.put(["failed", 0, "request"])
    host.ask(lambda: None)
    assert engine.problems == []
    assert engine.position == len(engine.turns)
    assert host.calls == {}


def test_transcripts_hold_every_effect_that_needs_no_key() -> None:
    kinds = {
        effect[0] for name in NAMES for turn in Engine(name).turns for effect in turn["effects"]
    }
    events = {turn["event"][0] for name in NAMES for turn in Engine(name).turns}
    expected = "send abort store_get store_swap lock is_held unlock acquire release random load"
    assert kinds >= {*expected.split(), "emit", "rows", "settle", "alarm"}
    assert events == {"call", "cancel", "head", "body", "failed", "answer", "refused", "alarm"}
