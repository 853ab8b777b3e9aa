"""What both hosts do with the platform: encodings, own HTTP clients, defects, impossible stores."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oakford_aisp import (
    AbortError,
    AsyncClient,
    Client,
    ConfigurationError,
    InternalError,
    MemoryStore,
)
from oakford_aisp import _sync_host as hosts
from oakford_aisp._async_host import async_host
from oakford_aisp._http import head_lines, header_fields, in_utf8
from oakford_aisp._options import camel_case, to_json
from oakford_aisp.errors import snake_case

from .support import connect, connect_async

if TYPE_CHECKING:
    from oakford_aisp.testing import Sandbox


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("é".encode(), None, "é"),
        ("é".encode("latin-1"), "application/json; charset=ISO-8859-1", "é"),
        ("é".encode(), "application/json; charset=ISO-8859-1", "é"),
        ("\ufeffé".encode("utf-16-le"), None, "é"),
        ("\ufeffé".encode("utf-16-be"), "application/json", "é"),
        ("é".encode(), "application/json; charset=x-unknown", "é"),
    ],
)
def test_body_is_read_in_the_encoding_that_it_has(
    body: bytes, content_type: str | None, expected: str
) -> None:
    assert in_utf8(body, content_type).decode() == expected


@given(st.binary(max_size=200), st.none() | st.text(max_size=40))
def test_body_any_bytes_are_converted_without_an_exception(
    body: bytes, content_type: str | None
) -> None:
    assert isinstance(in_utf8(body, content_type), bytes)


def test_head_has_the_fields_that_the_engine_reads_and_joins_repeated_ones() -> None:
    fields = [("Retry-After", "1"), ("X-Other", "1"), ("WWW-Authenticate", "Bearer")]
    response = httpx.Response(200, headers=[*fields, ("www-authenticate", "DPoP")])
    lines = head_lines(response).splitlines()
    assert sorted(lines) == ["retry-after:1", "www-authenticate:Bearer, DPoP"]
    assert header_fields("a:b:c\n")[1:] == [("a", "b:c")]


@given(st.from_regex(r"[a-z]+(_[a-z]+){0,3}", fullmatch=True))
def test_options_a_name_has_one_form_in_the_engine_and_one_here(name: str) -> None:
    assert snake_case(camel_case(name)) == name


def test_options_names_and_seconds_are_those_of_the_engine() -> None:
    assert to_json({"login_hint": "a", "timeout": 1.5, "psu": {"ip_address": "1.2.3.4"}}) == (
        '{"loginHint": "a", "timeoutMs": 1500, "psu": {"ipAddress": "1.2.3.4"}}'
    )
    claims = {"id_token": {"acr": None}}
    assert to_json({"claims": claims, "prompt": None}) == '{"claims": {"id_token": {"acr": null}}}'
    for wrong in (0, -1, "5", True, float("nan"), float("inf")):
        with pytest.raises(ConfigurationError) as caught:
            to_json({"timeout": wrong})
        assert caught.value.path == "timeout"


def test_options_a_value_that_json_can_not_hold_is_named() -> None:
    circle: dict[str, Any] = {}
    circle["userinfo"] = circle
    cases: list[tuple[dict[str, Any], str]] = [
        ({"claims": {"id_token": {"acr": object()}}}, "claims.id_token.acr"),
        ({"claims": {"a": [1, float("nan")]}}, "claims.a[1]"),
        ({"psu": {"user_agent": b""}}, "psu.user_agent"),
        ({"claims": circle}, "claims.userinfo.userinfo"),
    ]
    for wrong, path in cases:
        with pytest.raises(ConfigurationError) as caught:
            to_json(wrong)
        assert (caught.value.path or "").startswith(path)


def test_client_takes_an_http_client_and_leaves_it_open(sandbox: Sandbox) -> None:
    seen: list[str] = []
    http = httpx.Client(event_hooks={"request": [lambda request: seen.append(request.url.path)]})
    # What it would add to requests is not used.
    http.auth = httpx.BasicAuth("user", "password")
    with Client(**sandbox.options(http_client=http)) as client:
        assert len(connect(client).accounts().all(limit=10)) == 3
    assert "/aisp/v1/accounts" in seen
    assert not http.is_closed
    http.close()


def test_client_close_ends_the_calls_of_other_threads(sandbox: Sandbox) -> None:
    sent = threading.Event()

    def on_event(event: dict[str, Any]) -> None:
        if event["type"] == "request" and event["url"].endswith("/accounts"):
            sent.set()

    client = Client(**sandbox.options(on_event=on_event))
    session = connect(client)
    sandbox.fault("hang", "/accounts", times=None)
    raised: list[BaseException] = []

    def read() -> None:
        try:
            session.accounts().first_page()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    assert sent.wait(20)
    client.close()
    thread.join(20)
    assert [type(error) for error in raised] == [AbortError]


def test_client_a_store_with_an_impossible_answer_is_an_error_of_the_store(
    sandbox: Sandbox,
) -> None:
    class Broken(MemoryStore):
        answer: Any = None

        def get(self, key: str, /) -> Any:
            return self.answer or super().get(key)

    store = Broken()
    with Client(**sandbox.options(token_store=store), max_retries=0) as client:
        connect(client)
        for answer in (("half \ud800", "1"), ("a",), "text", 7, ("a", 1)):
            store.answer = answer
            with pytest.raises(ConfigurationError) as caught:
                client.session(
                    "another",
                )
            assert caught.value.code == "token_store_failed"
        store.answer = None
        session = client.session()
        assert session is not None
        session.refresh()


def test_client_goes_on_after_a_defect_of_the_engine(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        pass

    class Panics:
        def client(self, *_: Any, **__: Any) -> int:
            return 1

        def handle(self, *_: Any) -> Any:
            raise PanicException("index out of bounds")

    with Client(**sandbox.options()) as client:
        connect(client)
        panicking = hosts.SyncHost(Panics())  # type: ignore[arg-type]
        panicking.thread.start()
        monkeypatch.setattr(hosts, "_host", panicking)
        with pytest.raises(InternalError) as caught:
            client.session()
        assert caught.value.code == "internal_error"
        # The next call has a host of its own, and the store has the session.
        session = client.session()
        assert session is not None
        assert len(session.accounts().all(limit=10)) == 3


def test_async_client_goes_on_after_a_defect_of_the_engine(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(**sandbox.options()) as client:
            await connect_async(client)
            async_host().crash()
            session = await client.session()
            assert session is not None
            assert len(await session.accounts().all(limit=10)) == 3

    asyncio.run(main())


def test_client_without_references_is_forgotten_by_its_host(sandbox: Sandbox) -> None:
    client = Client(**sandbox.options())
    connect(client)
    host = hosts.sync_host()
    platform = client._platform
    assert platform in host.clients.values()
    del client
    # Behind what the finalizer posted.
    host.ask(lambda: None)
    assert platform not in host.clients.values()
