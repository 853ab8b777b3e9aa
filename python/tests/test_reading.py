"""Reading accounts, balances and transactions, in both clients."""

from __future__ import annotations

import asyncio
import time
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import pytest

from oakford_aisp import AispError, ApiError, AsyncClient, Client, ConfigurationError

from .support import connect, connect_async

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator

    from oakford_aisp.testing import Sandbox

T = TypeVar("T")

ACCOUNT = "acc_anna_current"


def test_session_reads_accounts_balances_and_transactions(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)
        assert next(one.account_id for one in session.accounts()) == ACCOUNT
        assert session.account(ACCOUNT).currency == "EUR"
        assert len(list(session.balances(ACCOUNT))) == 4
        page = session.transactions(ACCOUNT, limit=5).first_page()
        assert len(page.items) == 5
        assert page.checkpoint is not None
        assert page.status == 200
        assert page.request_id
        row = session.transactions(ACCOUNT, status="booked").first_page().items[0]
        assert isinstance(row.booking_date, date)
        assert isinstance(row.transaction_amount.amount, Decimal)
        assert session.consent is not None
        assert session.consent.days_left == 89
        assert isinstance(session.expires_at, datetime)


def test_listing_every_row_of_every_page_comes_once_and_one_page_is_fetched_ahead(
    sandbox: Sandbox,
) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)
        rows = session.transactions(ACCOUNT, limit=50).all(limit=120)
        assert len(rows) == 120
        assert len({row.key for row in rows}) == 120
        sandbox.clear_requests()
        listing = session.transactions(ACCOUNT, limit=10)
        assert sandbox.requests() == []
        for count, row in enumerate(listing):
            assert row.key == rows[count].key
            if count == 24:
                break
        assert len(sandbox.requests("/accounts/*/transactions")) == 3
        pages = session.transactions(ACCOUNT, limit=50).pages()
        assert [len(page.items) for page in (next(pages), next(pages))] == [50, 50]


def test_listing_goes_on_at_a_checkpoint(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)
        first = session.transactions(ACCOUNT, limit=5).first_page()
        rest = session.transactions(ACCOUNT, limit=5, checkpoint=first.checkpoint).first_page()
        rows = session.transactions(ACCOUNT, limit=10).first_page().items
        assert [row.key for row in rows[5:]] == [row.key for row in rest.items]


def test_listing_an_error_on_a_later_page_says_where_the_list_goes_on(sandbox: Sandbox) -> None:
    with Client(**sandbox.options(), max_retries=0) as client:
        session = connect(client)
        sandbox.fault("html_502", "/accounts/*/transactions", skip=1)
        with pytest.raises(AispError) as caught:
            list(session.transactions(ACCOUNT, limit=5))
        assert caught.value.status == 502
        assert caught.value.checkpoint is not None
        listing = session.transactions(ACCOUNT, limit=5, checkpoint=caught.value.checkpoint)
        assert len(listing.first_page().items) == 5


def test_listing_a_wrong_argument_is_named(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)
        for query, path in (
            ({"limit": 501}, "limit"),
            ({"date_from": "yesterday"}, "date_from"),
            ({"status": "odd"}, "status"),
        ):
            with pytest.raises(ConfigurationError) as caught:
                session.transactions(ACCOUNT, **query).first_page()
            assert caught.value.path == path
        with pytest.raises(ConfigurationError):
            session.transactions("")
        with pytest.raises(ConfigurationError):
            session.transactions(ACCOUNT).all(limit=0)
        day = date(2026, 3, 1)
        rows = session.transactions(ACCOUNT, date_from=day, status="booked").first_page().items
        assert all(row.booking_date is None or row.booking_date >= day for row in rows)


def test_sync_gives_what_changed_since_the_checkpoint(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The SDK reads back from its own today.
    behind = time.time() - datetime(2026, 3, 10, 12, tzinfo=timezone.utc).timestamp()
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - behind)
    with Client(**sandbox.options()) as client:
        session = connect(client)
        first = session.sync(ACCOUNT)
        assert len(first.added) > 300
        assert (first.updated, first.removed) == ([], [])
        again = session.sync(ACCOUNT, checkpoint=first.checkpoint)
        assert (again.added, again.updated, again.removed) == ([], [], [])
        # Pending rows are booked in the days that follow.
        sandbox.advance(3 * 86_400)
        later = session.sync(ACCOUNT, checkpoint=again.checkpoint)
        assert later.added or later.updated
        assert all(one.by for one in later.replaced)


def test_async_session_reads_pages_ahead_and_leaves_nothing_behind(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with AsyncClient(**sandbox.options()) as client:
            session = await connect_async(client)
            rows = [row async for row in session.transactions(ACCOUNT, limit=500)]
            assert len({row.key for row in rows}) == len(rows)
            listing = session.transactions(ACCOUNT, limit=10)
            async for count, _ in aenumerate(listing):
                if count == 5:
                    break
            pages = [page async for page in session.accounts(limit=2).pages()]
            assert [len(page.items) for page in pages] == [2, 1]
            assert (await session.account(ACCOUNT)).currency == "EUR"
            assert len((await session.balances(ACCOUNT).first_page()).items) == 4
            changes = await session.sync(ACCOUNT)
            assert len(changes.added) > 300
            assert len(await session.transactions(ACCOUNT).all(limit=7)) == 7
            with pytest.raises(ApiError):
                await session.transactions("acc_unknown").first_page()

    asyncio.run(main())


async def aenumerate(rows: AsyncIterable[T]) -> AsyncIterator[tuple[int, T]]:
    count = 0
    async for row in rows:
        yield count, row
        count += 1
