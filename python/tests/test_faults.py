"""The fault scripts of the sandbox, in both clients."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from oakford_aisp import (
    AispError,
    ApiError,
    AsyncClient,
    Client,
    ConsentError,
    NetworkError,
    RateLimitError,
    ResponseError,
)

from .support import connect, connect_async

if TYPE_CHECKING:
    from oakford_aisp.testing import Sandbox

Outcome = tuple[str, Any]


def outcome_sync(sandbox: Sandbox, faults: list[dict[str, Any]], **options: Any) -> Outcome:
    with Client(**sandbox.options(**options)) as client:
        session = connect(client)
        sandbox.clear_requests()
        for fault in faults:
            sandbox.fault(path="/accounts", **fault)
        try:
            return "rows", [one.account_id for one in session.accounts()]
        except AispError as error:
            return "error", error


def outcome_async(sandbox: Sandbox, faults: list[dict[str, Any]], **options: Any) -> Outcome:
    async def main() -> Outcome:
        async with AsyncClient(**sandbox.options(**options)) as client:
            session = await connect_async(client)
            sandbox.clear_requests()
            for fault in faults:
                sandbox.fault(path="/accounts", **fault)
            try:
                return "rows", [one.account_id async for one in session.accounts()]
            except AispError as error:
                return "error", error

    return asyncio.run(main())


both = pytest.mark.parametrize("outcome", [outcome_sync, outcome_async])


@both
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_before"},
        {"kind": "reset_after"},
        {"kind": "cut_body"},
        {"kind": "rate_limited", "retryAfter": 0},
        {"kind": "html_502"},
        {"kind": "drip", "delayMs": 1},
        {"kind": "latency", "delayMs": 20},
        {"kind": "status", "status": 401},
    ],
)
def test_fault_a_read_is_repeated(outcome: Any, fault: dict[str, Any], sandbox: Sandbox) -> None:
    kind, rows = outcome(sandbox, [fault])
    assert (kind, len(rows)) == ("rows", 3)


@both
@pytest.mark.parametrize(
    ("fault", "kind", "code", "sent"),
    [
        ({"kind": "reset_before"}, NetworkError, "network_error", "unknown"),
        ({"kind": "reset_after"}, NetworkError, "network_error", "unknown"),
        ({"kind": "cut_body"}, NetworkError, "body_interrupted", "yes"),
        ({"kind": "html_502"}, ApiError, "http_502", "yes"),
        ({"kind": "empty_200"}, ResponseError, "empty_body", "yes"),
        ({"kind": "redirect", "location": "https://example.com/"}, ResponseError, None, "yes"),
        ({"kind": "consent_expired"}, ConsentError, "consent_expired", "yes"),
        ({"kind": "consent_revoked"}, ConsentError, "consent_revoked", "yes"),
    ],
)
def test_fault_without_retries_is_an_error_that_says_what_was_sent(
    outcome: Any,
    fault: dict[str, Any],
    kind: type[AispError],
    code: str,
    sent: str,
    sandbox: Sandbox,
) -> None:
    _, error = outcome(sandbox, [{"times": None, **fault}], max_retries=0)
    assert isinstance(error, kind)
    assert error.code == (code or error.code)
    assert error.request_sent == sent
    anchor = "http_status" if error.code == "http_502" else error.code
    assert error.help == f"docs/errors.md#{anchor}"


@both
def test_fault_429_says_when_to_try_again(outcome: Any, sandbox: Sandbox) -> None:
    faults = [{"kind": "rate_limited", "retryAfter": 30, "times": None}]
    # By a client of its own, since the pause holds for all calls of a client id.
    _, error = outcome(sandbox, faults, client="web", max_retries=0)
    assert isinstance(error, RateLimitError)
    assert error.retry_at is not None
    ahead = error.retry_at - datetime.now(timezone.utc)
    assert timedelta(seconds=20) < ahead < timedelta(seconds=40)


@both
def test_fault_a_consent_that_expired_needs_the_customer(outcome: Any, sandbox: Sandbox) -> None:
    _, error = outcome(sandbox, [{"kind": "consent_expired", "times": None}])
    assert error.reauth_required
    assert not error.retryable


@both
def test_fault_a_body_over_the_limit_is_not_read(outcome: Any, sandbox: Sandbox) -> None:
    _, error = outcome(sandbox, [], max_body_bytes=100)
    assert (type(error), error.code) == (ResponseError, "body_too_large")
