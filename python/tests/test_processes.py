"""Processes in Python and Node over one store: one refresh among them, also if one is killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis

from oakford_aisp import Client, OAuthError, RateLimitError
from oakford_aisp.stores import FileStore, RedisStore

from .redis_server import redis_server
from .support import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oakford_aisp.testing import Sandbox

ROOT = Path(__file__).parents[2]
TWO_HOURS = 7200.0


@pytest.fixture(scope="module")
def redis_port() -> Iterator[int]:
    with redis_server() as port:
        yield port


@pytest.fixture(params=["Redis", "files"])
def place(request: pytest.FixtureRequest, redis_port: int, tmp_path: Path) -> dict[str, Any]:
    """Where the processes keep their session."""
    if request.param == "files":
        return {"directory": str(tmp_path / "sessions")}
    redis.Redis(port=redis_port).flushall()
    return {"redis": redis_port}


def store_at(place: dict[str, Any]) -> Any:
    if "redis" in place:
        return RedisStore(redis.Redis(port=place["redis"]))
    return FileStore(place["directory"])


class Process:
    """A process that waits for its turn."""

    def __init__(self, command: list[str]) -> None:
        self.child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert self.child.stdout
        assert self.child.stdin
        self.out, self.input = self.child.stdout, self.child.stdin
        assert self.out.readline() == "ready\n"

    def go(self) -> None:
        self.input.write("go\n")
        self.input.flush()

    def ended(self) -> tuple[int, list[str]]:
        said = self.out.read()
        self.input.close()
        self.out.close()
        return self.child.wait(), json.loads(said or "[]")


def python(sandbox: Sandbox, place: dict[str, Any], calls: int = 1, killed: str = "") -> Process:
    task = {"options": sandbox.options(), "store": place, "calls": calls, "killed": killed}
    command = [sys.executable, "-m", "tests.process", json.dumps(task)]
    return Process(["env", "-C", str(ROOT / "python"), *command])


def node(sandbox: Sandbox, place: dict[str, Any], calls: int = 1, **more: Any) -> Process:
    known = sandbox.clients["server"]
    options = {
        "environment": {"baseUrl": sandbox.base_url},
        "clientId": known["clientId"],
        "clientSecret": known["clientSecret"],
        "redirectUri": "http://localhost:3000/callback",
        **more,
    }
    store = {"redis": f"redis://127.0.0.1:{place['redis']}"} if "redis" in place else place
    task = {"options": options, "store": store, "calls": calls}
    assert (ROOT / "pkg").is_dir(), "the npm package is not built: npm run build"
    return Process(["node", "js-tests/refresh/process.mjs", json.dumps(task)])


def test_processes_in_python_share_one_refresh(sandbox: Sandbox, place: dict[str, Any]) -> None:
    with Client(**sandbox.options(), token_store=store_at(place)) as client:
        connect(client)
    processes = [python(sandbox, place, calls=8) for _ in range(3)]
    sandbox.advance(TWO_HOURS)
    sandbox.clear_requests()
    for process in processes:
        process.go()
    for code, answers in [process.ended() for process in processes]:
        assert (code, len(answers)) == (0, 1)
    assert len(sandbox.requests(grant_type="refresh_token")) == 1
    assert len([one for one in sandbox.requests("/accounts") if one["status"] == 200]) == 24


def test_processes_in_python_and_node_share_sessions_and_one_refresh(
    sandbox: Sandbox, place: dict[str, Any]
) -> None:
    with Client(**sandbox.options(), token_store=store_at(place)) as client:
        connect(client)
    processes = [python(sandbox, place, calls=8), node(sandbox, place, calls=8)]
    sandbox.advance(TWO_HOURS)
    sandbox.clear_requests()
    for process in processes:
        process.go()
    (code, answers), (node_code, node_answers) = [process.ended() for process in processes]
    assert (code, node_code) == (0, 0)
    assert answers == node_answers
    assert len(sandbox.requests(grant_type="refresh_token")) == 1


def test_processes_one_that_is_killed_before_its_refresh_costs_no_login(
    sandbox: Sandbox, place: dict[str, Any]
) -> None:
    with Client(**sandbox.options(), token_store=store_at(place)) as client:
        connect(client)
        victim = python(sandbox, place, killed="before")
        sandbox.advance(TWO_HOURS)
        victim.go()
        assert victim.ended()[0] == -9
        session = client.session()
        assert session is not None
        assert len(session.accounts().first_page().items) == 3


def test_processes_one_that_is_killed_between_answer_and_store_needs_a_login(
    sandbox: Sandbox, place: dict[str, Any]
) -> None:
    with Client(**sandbox.options(), token_store=store_at(place)) as client:
        session = connect(client)
        victim = python(sandbox, place, killed="after")
        sandbox.advance(TWO_HOURS)
        sandbox.clear_requests()
        victim.go()
        assert victim.ended()[0] == -9
        assert len(sandbox.requests(grant_type="refresh_token")) == 1
        with pytest.raises(OAuthError) as caught:
            session.accounts().first_page()
        assert caught.value.code == "invalid_grant"
        assert caught.value.reauth_required
        connect(client)
        assert len(session.accounts().first_page().items) == 3


def test_processes_in_python_and_node_keep_to_one_rate_limit_over_redis(
    sandbox: Sandbox, redis_port: int
) -> None:
    place = {"redis": redis_port}
    redis.Redis(port=redis_port).flushall()
    limits = {"per_minute": 4, "per_10_seconds": 4}
    options = sandbox.options(token_store=store_at(place), rate_limit=limits)
    with Client(**options) as client:
        session = connect(client)
        assert len(session.accounts().first_page().items) == 3
        process = node(sandbox, place, calls=3, rateLimit={"perMinute": 4, "per10Seconds": 4})
        process.go()
        assert process.ended()[0] == 0
        sandbox.clear_requests()
        # Node used what was left of the limit.
        with pytest.raises(RateLimitError) as caught:
            session.accounts(deadline=1.0).first_page()
        assert caught.value.code == "rate_limit_wait"
        assert sandbox.requests() == []
