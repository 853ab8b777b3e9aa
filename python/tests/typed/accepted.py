"""What type checkers must accept. It is checked, not run."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import pandas
import polars
import pyarrow
from typing_extensions import assert_type

from oakford_aisp import (
    Account,
    Amount,
    AsyncSession,
    Balance,
    Money,
    Session,
    Transaction,
    pick_balance,
)
from oakford_aisp.models import Record, TransactionStatus


def rows(session: Session) -> None:
    for account in session.accounts():
        assert_type(account, Account)
        for row in session.transactions(account.account_id).first_page().items:
            assert_type(row, Transaction)
            assert_type(row.key, str)
            assert_type(row.booking_date, "datetime.date | None")
            assert_type(row.booking_date_time, "datetime.datetime | None")
            assert_type(row.transaction_amount.amount, Decimal)
            assert_type(row.remittance_information_unstructured, "tuple[str, ...]")
            assert_type(row.extra, Mapping[str, Any])
            assert_type(row.creditor_name, "str | None")
            assert_type(row.to_dict(), dict[str, Any])


async def rows_async(session: AsyncSession) -> None:
    async for row in session.transactions("a"):
        assert_type(row, Transaction)
    assert_type(await session.transactions("a").to_polars(), polars.DataFrame)


def open_enums(row: Transaction) -> str:
    # A word that the provider adds tomorrow is data.
    status: TransactionStatus = "held_by_bank"
    if row.status == "booked" or row.status == status:
        return row.status
    word: Literal["booked"] = "booked"
    return Transaction(status=word, transaction_amount=row.transaction_amount).status


def matching(record: Record) -> str:
    match record:
        case Transaction(status="booked", creditor_name=str(name)):
            return name
        case Amount(amount, currency):
            assert_type(amount, Decimal)
            return currency
        case _:
            return ""


def money(a: Amount, balances: list[Balance]) -> None:
    assert_type(Money.add(a, a), Amount)
    assert_type(Money.sum([a]), Amount)
    assert_type(Money.compare(a, a), Literal[-1, 0, 1])
    assert_type(sorted([a], key=functools.cmp_to_key(Money.compare)), list[Amount])
    assert_type(pick_balance(balances, "available"), "Balance | None")
    assert_type({a: 1}, dict[Amount, int])


def frames(session: Session) -> None:
    assert_type(session.accounts().to_polars(), polars.DataFrame)
    assert_type(session.accounts().to_pandas(), pandas.DataFrame)
    assert_type(session.accounts().to_arrow(), pyarrow.Table)


def replaced(row: Transaction) -> None:
    assert_type(row.__replace__(status="booked"), Transaction)
    assert_type(datetime.date(2024, 1, 1) == row.booking_date, bool)
