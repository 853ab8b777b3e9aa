"""Rows and frames of real calls: the sandbox's data by both clients."""

from __future__ import annotations

import asyncio
import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from oakford_aisp import AsyncClient, Client, Money, Transaction, pick_balance

from .support import connect, connect_async

if TYPE_CHECKING:
    from oakford_aisp.testing import Sandbox


def test_listings_give_records_whose_frames_hold_the_same(sandbox: Sandbox) -> None:
    with Client(**sandbox.options()) as client:
        session = connect(client)
        account = session.accounts().first_page().items[0]
        listing = session.transactions(account.account_id, limit=500)
        rows = list(listing)
        assert rows
        assert all(type(row) is Transaction for row in rows)
        assert all(isinstance(row.transaction_amount.amount, Decimal) for row in rows)
        assert any(type(row.booking_date) is datetime.date for row in rows)
        assert len({row.key for row in rows}) == len(rows)
        frame = listing.to_polars()
        total = Money.sum(row.transaction_amount for row in rows)
        assert frame["transaction_amount.amount"].sum() == total.amount
        assert frame["key"].to_list() == [row.key for row in rows]
        assert listing.to_arrow().num_rows == len(rows)
        assert len(listing.to_pandas()) == len(rows)
        assert session.accounts().to_polars()["account_id"].to_list()[0] == account.account_id
        balances = session.balances(account.account_id)
        assert pick_balance(balances, "booked") is not None
        assert balances.to_arrow()["balance_amount.currency"][0].as_py() == account.currency


def test_async_listings_give_the_same_frames(sandbox: Sandbox) -> None:
    async def work() -> None:
        async with AsyncClient(**sandbox.options()) as client:
            session = await connect_async(client)
            account = (await session.accounts().first_page()).items[0]
            listing = session.transactions(account.account_id, limit=500)
            rows = [row async for row in listing]
            frame = await listing.to_polars()
            assert frame["key"].to_list() == [row.key for row in rows]
            assert (await listing.to_arrow()).num_rows == len(rows)
            assert len(await listing.to_pandas()) == len(rows)

    asyncio.run(work())
