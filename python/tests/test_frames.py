"""Frames: rows as tables of Arrow, pandas and polars, with exact amounts and real dates."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pandas
import polars
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oakford_aisp.frames import to_arrow, to_pandas, to_polars
from oakford_aisp.models import Account, Amount, Balance, Record, Transaction

from .bodies import account, balances, row, transactions

ROWS = [
    row(
        transaction_id="t1",
        transaction_amount={"amount": "-12345678901234567890.1", "currency": "EUR"},
        booking_date="2024-02-29",
        booking_date_time="2024-02-29T23:30:00.5-02:00",
        creditor_account={"iban": "DE89370400440532013000"},
        remittance_information_unstructured=["one", "two"],
        currency_exchange=[
            {"source_currency": "USD", "exchange_rate": "1.08345"},
            {"source_currency": "GBP", "exchange_rate": "0.123456789012"},
        ],
        unknown={"exact": [1]},
    ),
    row(transaction_amount={"amount": "7", "currency": "JPY"}, creditor_name="Καφενείο"),
]


def items(table: pyarrow.Table, column: str) -> list[Any]:
    """Returns the values of a column of lists."""
    return table[column].to_pylist()


def test_frames_arrow_has_exact_decimals_and_dates() -> None:
    table = to_arrow(transactions(*ROWS), Transaction)
    schema = {field.name: field.type for field in table.schema}
    assert schema["transaction_amount.amount"] == pyarrow.decimal128(38, 4)
    assert schema["booking_date"] == pyarrow.date32()
    assert schema["booking_date_time"] == pyarrow.timestamp("us", tz="UTC")
    assert schema["creditor_account.iban"] == pyarrow.string()
    assert schema["creditor_account.other.identification"] == pyarrow.string()
    assert schema["remittance_information_unstructured"] == pyarrow.list_(pyarrow.string())
    exchange = schema["currency_exchange"]
    # One rate has more places than usual, so all of that column have them.
    assert exchange.value_type.field("exchange_rate").type == pyarrow.decimal128(38, 12)
    assert table["transaction_amount.amount"].to_pylist() == [
        Decimal("-12345678901234567890.1"),
        Decimal(7),
    ]
    assert table["transaction_amount.currency"].to_pylist() == ["EUR", "JPY"]
    assert table["booking_date"].to_pylist() == [date(2024, 2, 29), None]
    assert table["booking_date_time"].to_pylist()[0] == datetime(
        2024, 3, 1, 1, 30, 0, 500000, timezone.utc
    )
    assert table["remittance_information_unstructured"].to_pylist() == [["one", "two"], []]
    rates = [it["exchange_rate"] for it in items(table, "currency_exchange")[0]]
    assert rates == [Decimal("1.08345"), Decimal("0.123456789012")]
    assert table["extra"].to_pylist() == ['{"unknown": {"exact": [1]}}', None]
    assert table["key"].to_pylist()[0] == "t1"
    assert (table.column_names[0], table.column_names[-1]) == ("key", "extra")


def test_frames_pandas_sums_exactly_and_filters_by_date() -> None:
    frame = to_pandas(transactions(*ROWS), Transaction)
    assert isinstance(frame, pandas.DataFrame)
    assert frame["transaction_amount.amount"].sum() == Decimal("-12345678901234567883.1")
    assert list(frame[frame["booking_date"] == date(2024, 2, 29)]["key"]) == ["t1"]
    assert str(frame.dtypes["transaction_amount.amount"]) == "decimal128(38, 4)[pyarrow]"
    assert str(frame.dtypes["booking_date"]) == "date32[day][pyarrow]"


def test_frames_polars_sums_exactly_and_filters_by_date() -> None:
    frame = to_polars(transactions(*ROWS), Transaction)
    assert frame.schema["transaction_amount.amount"] == polars.Decimal(38, 4)
    assert frame.schema["booking_date"] == polars.Date
    assert frame.schema["booking_date_time"] == polars.Datetime("us", "UTC")
    assert frame["transaction_amount.amount"].sum() == Decimal("-12345678901234567883.1")
    assert frame.filter(polars.col("booking_date") == date(2024, 2, 29))["key"].to_list() == ["t1"]
    assert frame["currency_exchange"].to_list()[0][1]["exchange_rate"] == Decimal("0.123456789012")
    assert frame["remittance_information_unstructured"].to_list() == [["one", "two"], []]
    assert frame["creditor_name"].to_list() == [None, "Καφενείο"]


def test_frames_polars_and_arrow_agree() -> None:
    rows = transactions(*ROWS)
    assert to_polars(rows, Transaction).to_dicts() == to_arrow(rows, Transaction).to_pylist()


def test_frames_of_no_rows_have_the_same_columns() -> None:
    cases: list[tuple[type[Record], list[Any]]] = [
        (Transaction, transactions(row())),
        (Account, [account()]),
    ]
    for model, rows in cases:
        assert to_arrow([], model).schema == to_arrow(rows, model).schema
        assert to_polars([], model).schema == to_polars(rows, model).schema
        assert len(to_pandas([], model)) == 0


def test_frames_accounts_hold_their_balances_as_lists() -> None:
    balance = {"balance_type": "expected", "balance_amount": {"amount": "1.5", "currency": "EUR"}}
    table = to_arrow([account(balances=[balance, balance]), account()], Account)
    lists = items(table, "balances")
    assert [len(each) for each in lists] == [2, 0]
    assert lists[0][1]["balance_amount.amount"] == Decimal("1.5")
    made = to_polars(balances(balance), Balance)
    assert made["balance_amount.amount"].to_list() == [Decimal("1.5")]
    assert made["credit_limit_included"].dtype == polars.Boolean


def test_frames_instants_without_a_zone_stay_without_one() -> None:
    naive = transactions(row(booking_date_time="2024-01-01T10:00:00"))
    assert to_arrow(naive, Transaction).schema.field("booking_date_time").type == (
        pyarrow.timestamp("us")
    )
    assert to_polars(naive, Transaction)["booking_date_time"].to_list() == [
        datetime(2024, 1, 1, 10)
    ]
    mixed = naive + transactions(row(booking_date_time="2024-01-01T10:00:00Z"))
    with pytest.raises(ValueError, match="booking_date_time has instants with and without a zone"):
        to_arrow(mixed, Transaction)


def test_frames_an_amount_that_does_not_fit_is_refused_and_never_rounded() -> None:
    long = transactions(row(transaction_amount={"amount": "1" * 36, "currency": "EUR"}))
    for make in (to_arrow, to_polars, to_pandas):
        with pytest.raises(ValueError, match=r"transaction_amount\.amount needs 40 digits"):
            make(long, Transaction)


def test_frames_lone_surrogates_become_replacement_characters() -> None:
    [made] = transactions(
        '{"status":"booked","transaction_amount":{"amount":"1","currency":"EUR"},'
        r'"creditor_name":"a\ud800b"}'
    )
    for frame in (
        to_arrow([made], Transaction).to_pylist(),
        to_polars([made], Transaction).to_dicts(),
    ):
        assert frame[0]["creditor_name"] == "a\ufffdb"


def test_frames_need_their_package_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert len(to_polars(transactions(row()), Transaction)) == 1
    with pytest.raises(ImportError):
        to_arrow([], Transaction)


AMOUNTS = st.decimals(
    allow_nan=False, allow_infinity=False, places=8, min_value=-(10**20), max_value=10**20
)
INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 1),
    max_value=datetime(2200, 1, 1),
    timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
RECORDS = st.builds(
    Transaction,
    status=st.sampled_from(["booked", "pending"]),
    transaction_amount=st.builds(Amount, amount=AMOUNTS, currency=st.just("EUR")),
    booking_date=st.none() | st.dates(),
    booking_date_time=st.none() | INSTANTS,
    creditor_name=st.none() | st.text(),
)


@settings(max_examples=50)
@given(st.lists(RECORDS, max_size=5))
def test_frames_hold_what_the_rows_hold(rows: list[Transaction]) -> None:
    arrow: Any = to_arrow(rows, Transaction).to_pylist()
    frame: Any = to_polars(rows, Transaction).to_dicts()
    assert arrow == frame
    for made, record in zip(arrow, rows, strict=True):
        assert made["transaction_amount.amount"] == record.transaction_amount.amount
        assert made["booking_date"] == record.booking_date
        assert made["booking_date_time"] == record.booking_date_time
        assert made["creditor_name"] == record.creditor_name
