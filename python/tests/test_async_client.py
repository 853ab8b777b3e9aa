"""`AsyncClient` against the sandbox."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from oakford_aisp import ApiError, AsyncClient, MemoryStore, NetworkError
from oakford_aisp._async_host import async_host

from .support import connect_async

if TYPE_CHECKING:
    from oakford_aisp.testing import Sandbox


def test_async_client_connects_a_customer_and_finds_the_session_again(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(**sandbox.options()) as client:
            session = await connect_async(client, "user-42")
            assert session.key == "user-42"
            assert (await session.userinfo())["sub"]
            again = await client.session("user-42")
            assert again is not None
            assert again.scope == session.scope
            await session.refresh()
            await session.revoke()
            assert await client.session("user-42") is None

    asyncio.run(main())


def test_async_client_a_cancelled_task_ends_the_exchange(sandbox: Sandbox) -> None:
    async def main() -> None:
        sent = asyncio.Event()

        def on_event(event: dict[str, Any]) -> None:
            if event["type"] == "request" and event["url"].endswith("/oauth/userinfo"):
                sent.set()

        async with AsyncClient(**sandbox.options(), on_event=on_event) as client:
            session = await connect_async(client)
            sandbox.fault("hang", "/oauth/userinfo", times=None)
            task = asyncio.create_task(session.userinfo())
            await sent.wait()
            host = async_host()
            exchange = next(iter(host._exchanges.values()))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert exchange.aborted
            assert not host._exchanges
            assert not host.calls
            sandbox.clear_faults()
            # The client goes on.
            assert (await session.userinfo())["sub"]

    asyncio.run(main())


def test_async_client_a_timeout_of_the_caller_ends_the_call(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(**sandbox.options()) as client:
            session = await connect_async(client)
            sandbox.fault("hang", "/oauth/userinfo")
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(session.userinfo(), 0.1)
            assert not async_host().calls

    asyncio.run(main())


def test_async_client_each_event_loop_has_a_host_and_the_store_is_shared(sandbox: Sandbox) -> None:
    store = MemoryStore()
    client = AsyncClient(**sandbox.options(), token_store=store)

    async def begin() -> None:
        await connect_async(client)
        await client.aclose()

    async def go_on() -> str:
        session = await client.session()
        assert session is not None
        claims = await session.userinfo()
        await client.aclose()
        return str(claims["sub"])

    asyncio.run(begin())
    assert asyncio.run(go_on())


def test_async_client_concurrent_calls_share_one_refresh(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(**sandbox.options()) as client:
            session = await connect_async(client)
            await asyncio.gather(*(session.refresh() for _ in range(8)))
            assert len(sandbox.requests(grant_type="refresh_token")) == 1

    asyncio.run(main())


def test_async_client_errors_are_those_of_the_client_that_blocks(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(**sandbox.options(), max_retries=0) as client:
            session = await connect_async(client)
            with pytest.raises(ApiError, match="account"):
                await session.account("acc_unknown")
            sandbox.fault("reset_before", "/oauth/userinfo")
            with pytest.raises(NetworkError) as caught:
                await session.userinfo()
            assert caught.value.request_sent == "unknown"

    asyncio.run(main())
