"""A process of its own with a session: run by tests, it works when its input says so."""

from __future__ import annotations

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import redis

from oakford_aisp import Client
from oakford_aisp.stores import FileStore, RedisStore


class Dying(httpx.HTTPTransport):
    """Kills the process at the token endpoint."""

    def __init__(self, after: bool) -> None:
        super().__init__()
        self.after = after

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/oauth/token"):
            return super().handle_request(request)
        if self.after:
            super().handle_request(request).read()
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def main() -> None:
    task: dict[str, Any] = json.loads(sys.argv[1])
    store: Any
    if "redis" in task["store"]:
        store = RedisStore(redis.Redis(port=task["store"]["redis"]))
    else:
        store = FileStore(task["store"]["directory"])
    killed = task.get("killed")
    http = httpx.Client(transport=Dying(killed == "after")) if killed else None
    with Client(**task["options"], token_store=store, http_client=http) as client:
        session = client.session()
        assert session is not None
        print("ready", flush=True)
        sys.stdin.readline()
        with ThreadPoolExecutor(task["calls"]) as threads:
            pages = threads.map(lambda _: session.accounts().first_page(), range(task["calls"]))
            answers = {",".join(one.account_id for one in page.items) for page in pages}
        print(json.dumps(sorted(answers)), flush=True)


if __name__ == "__main__":
    main()
