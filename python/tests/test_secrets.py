"""No secret in `repr`, `str`, logs, events and the debug bundle."""

from __future__ import annotations

import json
import logging
import pickle
import re
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from oakford_aisp import AispError, Client, MemoryStore, PendingAuthorization
from oakford_aisp.errors import make_error
from oakford_aisp.testing import approve

from .support import connect

if TYPE_CHECKING:
    from oakford_aisp.testing import Sandbox

SECRET = "sandbox-server-secret"


def secrets_of(store: MemoryStore) -> list[str]:
    """The texts of a stored session that look like tokens."""
    entry = store.get("session:default")
    assert entry is not None
    return re.findall(r"[\w.-]{20,}", entry.value)


def test_secrets_are_in_no_repr_log_event_or_bundle(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    events: list[dict[str, Any]] = []
    store = MemoryStore()
    with Client(**sandbox.options(), token_store=store, on_event=events.append) as client:
        begun = client.begin_authorization()
        state = json.loads(begun.pending)["state"]
        verifier = json.loads(begun.pending)["codeVerifier"]
        shown = [repr(begun), repr(begun.pending), f"{[begun.pending]}"]
        callback_url = approve(begun.url)
        # From here on, so that the customer's own requests are not among the records.
        caplog.set_level(logging.DEBUG)
        session = client.complete_authorization(callback_url, begun.pending)
        session.refresh()
        with pytest.raises(AispError) as caught:
            session.account("acc_unknown")
        error = caught.value
        shown += [repr(client), repr(session), repr(store), repr(error), str(error)]
        shown += ["".join(traceback.format_exception(error)), repr(vars(error))]
        shown += [repr(vars(client._platform)), json.dumps(client.debug_bundle())]
    shown += [caplog.text, repr([vars(one) for one in caplog.records]), repr(events)]
    tokens = secrets_of(store)
    assert len(tokens) >= 2
    for text in shown:
        for secret in (SECRET, state, verifier, *tokens):
            assert secret not in text


def test_debug_bundle_says_what_support_needs(sandbox: Sandbox) -> None:
    with Client(**sandbox.options(), timeout=5) as client:
        connect(client, key="Anna Example")
        bundle = client.debug_bundle()
        assert bundle["options"]["client_id"] == "oakford-demo-server"
        assert bundle["options"]["client_secret"] == "[set]"
        assert bundle["runtime"].startswith("CPython 3.")
        assert {event["type"] for event in bundle["events"]} >= {"request", "response"}
        assert "Anna Example" not in json.dumps(bundle)
        assert bundle["rate_limit"]["queued"] == 0


def test_logging_events_go_to_the_logger_and_a_listener_that_raises_is_a_warning(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="oakford_aisp")

    def raises(event: dict[str, Any]) -> None:
        raise LookupError(event["type"])

    with Client(**sandbox.options(), on_event=raises) as client:
        connect(client)
    from oakford_aisp._platform import flush_events

    flush_events()
    messages = {(one.name, one.levelname, one.message) for one in caplog.records}
    assert ("oakford_aisp", "DEBUG", "request") in messages
    assert ("oakford_aisp", "WARNING", "on_event raised") in messages


def test_user_agent_names_the_package(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        connect(client)
    agents = {one["headers"]["user-agent"] for one in sandbox.requests("/oauth/token")}
    assert agents == {"oakford-aisp-python/0.1.0"}


def test_pending_is_a_text_that_a_cookie_or_another_process_may_hold() -> None:
    pending = PendingAuthorization('{"state":"s"}')
    assert json.loads(json.dumps({"pending": pending})) == {"pending": '{"state":"s"}'}
    assert pickle.loads(pickle.dumps(pending)) == pending
    assert isinstance(pickle.loads(pickle.dumps(pending)), PendingAuthorization)


def test_error_passes_between_processes_with_what_it_says() -> None:
    details = {"class": "RateLimitError", "code": "rate_limited", "message": "m", "attempts": 2}
    details["retryAt"] = "2026-03-10T12:00:00.123Z"
    error = pickle.loads(pickle.dumps(make_error(json.dumps(details))))
    assert (type(error).__name__, error.code, error.attempts) == (
        "RateLimitError",
        "rate_limited",
        2,
    )
    assert error.retry_at is not None
    assert error.retry_at.microsecond == 123_000
