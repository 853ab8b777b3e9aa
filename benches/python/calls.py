"""Measures a whole call on loopback beside the same `httpx` call with `json.loads`.

`python benches/python/calls.py`, in one interleaved run. `--check` exits with 1 if a target is
missed.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter_ns, process_time_ns

import httpx

from oakford_aisp import Client, MemoryStore

HERE = Path(__file__).parent
ROUNDS = 25
CALLS = 40
# The most that a call may take, as a part of what the same call takes with `httpx` alone.
TARGETS = {1: 1.3, 100: 1.0}


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Runs the server of the JavaScript benches and gives its origin."""
    command = ["node", str(HERE / "server.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        yield child.stdout.readline().strip()
        assert child.stdin
        child.stdin.close()


def median_ms(ways: dict[str, Callable[[], object]], clock: Callable[[], int]) -> dict[str, float]:
    """Returns the medians of a call in milliseconds, the ways taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for name, call in [*ways.items()] * ROUNDS:
        call()
        begin = clock()
        for _ in range(CALLS):
            call()
        taken[name].append((clock() - begin) / CALLS / 1e6)
    return {name: statistics.median(all_) for name, all_ in taken.items()}


def main() -> int:
    """Prints the figures; returns 1 if a target is missed and that is asked for."""
    missed = False
    with server() as origin, httpx.Client() as plain:
        store = MemoryStore()
        tokens = {"v": 1, "clientId": "bench", "issuer": origin, "accessToken": "of-the-bench"}
        store.compare_and_swap("session:default", None, json.dumps({**tokens, "scope": "accounts"}))
        with Client(
            environment={"base_url": f"{origin}/aisp/v1", "issuer": origin},
            client_id="bench",
            redirect_uri="http://127.0.0.1:9/callback",
            token_store=store,
            rate_limit=False,
        ) as client:
            session = client.session()
            assert session
            for rows, target in TARGETS.items():
                account = f"rows-{rows}"
                url = f"{origin}/aisp/v1/accounts/{account}/transactions"
                headers = {"accept": "application/json", "authorization": "Bearer of-the-bench"}
                ways: dict[str, Callable[[], object]] = {
                    "httpx": lambda url=url, headers=headers: json.loads(
                        plain.get(url, headers=headers).content
                    )["transactions"],
                    "oakford_aisp": lambda account=account: (
                        session.transactions(account).first_page().items
                    ),
                }
                for name, clock in (("clock", perf_counter_ns), ("processor", process_time_ns)):
                    found = median_ms(ways, clock)
                    ratio = found["oakford_aisp"] / found["httpx"]
                    missed |= name == "clock" and ratio > target
                    print(
                        f"{rows:>4} rows, by {name}: httpx {found['httpx']:.2f} ms, "
                        f"oakford_aisp {found['oakford_aisp']:.2f} ms, ratio {ratio:.2f} "
                        f"(target {target})"
                    )
    return int("--check" in sys.argv and missed)


if __name__ == "__main__":
    sys.exit(main())
