"""`Client` against the sandbox."""

from __future__ import annotations

import multiprocessing
import os
import threading
from typing import TYPE_CHECKING

import pytest

from oakford_aisp import (
    ApiError,
    Client,
    ConfigurationError,
    NetworkError,
    OAuthError,
    TimeoutError,  # noqa: A004
)

from .support import connect

if TYPE_CHECKING:
    from oakford_aisp.testing import Sandbox


def test_client_connects_a_customer_and_finds_the_session_again(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client, "user-42")
        assert session.key == "user-42"
        assert "accounts" in session.scope
        assert session.expires_at is not None
        again = client.session("user-42")
        assert again is not None
        assert again.scope == session.scope
        assert client.session("nobody") is None
        assert session.userinfo()["sub"]


def test_client_a_wrong_option_is_an_error_of_the_constructor_that_names_it() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Client(environment="sandbox", client_id="", redirect_uri="http://localhost/callback")
    assert caught.value.path == "client_id"
    assert "client_id" in str(caught.value)


def test_client_an_option_that_does_not_exist_is_a_type_error(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        with pytest.raises(TypeError, match="logon_hint"):
            client.begin_authorization(logon_hint="x")  # type: ignore[call-arg]
        session = connect(client)
        with pytest.raises(TypeError, match="timeout_ms"):
            session.refresh(timeout_ms=1)  # type: ignore[call-arg]


def test_session_refresh_sends_one_request_and_revoke_removes_the_session(
    sandbox: Sandbox,
) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)
        session.refresh()
        assert len(sandbox.requests(grant_type="refresh_token")) == 1
        assert session.logout_url(state="s").startswith(sandbox.origin)
        session.revoke()
        assert client.session() is None
        with pytest.raises(OAuthError) as caught:
            session.userinfo()
        assert caught.value.code == "session_not_found"
        assert caught.value.reauth_required


def test_client_every_call_opens_connections_again_after_close(sandbox: Sandbox) -> None:
    client = Client(**sandbox.options())
    connect(client)
    client.close()
    session = client.session()
    assert session is not None
    session.refresh()
    client.close()


def test_client_a_refused_connection_was_not_sent() -> None:
    with Client(
        environment={"base_url": "http://127.0.0.1:2/aisp"},
        client_id="a",
        redirect_uri="http://localhost/callback",
        max_retries=0,
    ) as client:
        with pytest.raises(NetworkError) as caught:
            client.begin_authorization()
        assert caught.value.code == "connection_failed"
        assert caught.value.request_sent == "no"
        assert caught.value.__cause__ is not None


def test_client_a_server_that_does_not_answer_is_a_timeout(sandbox: Sandbox) -> None:
    with Client(**sandbox.options(), max_retries=0) as client:
        session = connect(client)
        sandbox.fault("hang", "/oauth/userinfo", times=None)
        with pytest.raises(TimeoutError) as caught:
            session.userinfo(timeout=0.2)
        assert caught.value.code == "timeout"
        with pytest.raises(TimeoutError) as late:
            session.userinfo(deadline=0.2)
        assert late.value.code == "deadline_exceeded"


def test_client_an_error_of_the_api_has_code_status_and_request_id(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)
        with pytest.raises(ApiError) as caught:
            session.account("acc_unknown")
        error = caught.value
        assert (error.code, error.status) == ("account_not_found", 404)
        assert error.request_id
        assert error.timestamp is not None
        assert error.timestamp.tzinfo is not None


def test_client_threads_share_one_refresh(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)
        sandbox.fault("latency", "/oauth/token", delayMs=100)
        threads = [threading.Thread(target=session.refresh) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(sandbox.requests(grant_type="refresh_token")) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this platform")
def test_client_a_forked_process_goes_on_with_a_host_of_its_own(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)

        def in_child(results: multiprocessing.Queue[str]) -> None:
            session.refresh()
            results.put(session.userinfo()["sub"])

        context = multiprocessing.get_context("fork")
        results: multiprocessing.Queue[str] = context.Queue()
        process = context.Process(target=in_child, args=(results,))
        process.start()
        assert results.get(timeout=20)
        process.join()
        assert process.exitcode == 0
        # The parent's thread is as it was.
        assert session.userinfo()["sub"]
