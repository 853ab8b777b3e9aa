"""Rows: records made in Rust from the bytes of a body."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oakford_aisp import ResponseError, models
from oakford_aisp._core import OPEN_ENUMS, RECORDS, SCHEMA, decode_page
from oakford_aisp.models import Account, Amount, Balance, CurrencyExchange, Record, Transaction

from .bodies import IBAN, PAN, account, balances, page, row, transaction, transactions

DATE = "a date (YYYY-MM-DD)"
FULL: dict[str, Any] = {
    "transaction_id": "t1",
    "entry_reference": "NTRF1",
    "status": "booked",
    "mutability": "immutable",
    "transaction_amount": {"amount": "-1234567890123456789.10", "currency": "EUR"},
    "credit_debit_indicator": "debit",
    "booking_date": "2024-02-29",
    "value_date_time": "2024-02-29T10:30:00.123456+05:30",
    "creditor_name": "Café Ζορμπάς 😀",
    "creditor_account": {"iban": IBAN, "bic": "COBADEFFXXX", "other": {"identification": "x-1"}},
    "remittance_information_unstructured": ["one", "zwei: dreißig"],
    "remittance_information_structured": [{"reference": "RF18", "reference_type": "SCOR"}],
    "currency_exchange": [{"source_currency": "USD", "exchange_rate": "1.08345"}],
    "balance_after_transaction": {
        "balance_amount": {"amount": "7", "currency": "EUR"},
        "balance_type": "interim_booked",
    },
    "future": {"exact": [1]},
}


def test_rows_hold_decimals_dates_and_instants() -> None:
    made = transaction(**FULL)
    assert isinstance(made, Transaction)
    assert made.transaction_amount.amount == Decimal("-1234567890123456789.10")
    assert str(made.transaction_amount.amount) == "-1234567890123456789.10"
    assert made.transaction_amount.currency == "EUR"
    assert made.booking_date == date(2024, 2, 29)
    assert type(made.booking_date) is date
    assert made.value_date_time == datetime(
        2024, 2, 29, 10, 30, 0, 123456, timezone(timedelta(hours=5, minutes=30))
    )
    assert made.creditor_name == "Café Ζορμπάς 😀"
    assert made.creditor_account is not None
    assert made.creditor_account.other is not None
    assert made.creditor_account.other.identification == "x-1"
    assert made.remittance_information_unstructured == ("one", "zwei: dreißig")
    assert made.remittance_information_structured[0].reference_type == "SCOR"
    assert made.currency_exchange == (
        CurrencyExchange(source_currency="USD", exchange_rate=Decimal("1.08345")),
    )
    assert made.extra == {"future": {"exact": [1]}}
    assert made.key == "t1"


def test_rows_absent_fields_are_none_and_absent_lists_are_empty() -> None:
    made = transaction(creditor_name=None)
    assert (made.creditor_name, made.transaction_id, made.card) == (None, None, None)
    assert made.remittance_information_unstructured == ()
    assert made.currency_exchange == ()
    assert made.extra == {}
    assert made.key.startswith("~r")


def test_rows_every_endpoint_has_its_records() -> None:
    line = {"credit_limit_included": True}
    [balance] = balances(
        {
            "balance_type": "expected",
            "balance_amount": {"amount": "1", "currency": "EUR"},
            "credit_lines": [line],
        }
    )
    assert isinstance(balance, Balance)
    assert balance.credit_lines[0].credit_limit_included is True
    made = account(name="Main", consent_expires_at="2026-01-01T00:00:00Z")
    assert isinstance(made, Account)
    assert made.consent_expires_at == datetime(2026, 1, 1, tzinfo=timezone.utc)
    rows, cursor = decode_page(page(row(), row(), cursor="next"))
    assert (len(rows), cursor) == (2, "next")
    with pytest.raises(ValueError, match="operation"):
        decode_page(b"{}", "payments")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-15T10:30:00Z", datetime(2024, 1, 15, 10, 30, tzinfo=timezone.utc)),
        ("2024-01-15t10:30:00.5z", datetime(2024, 1, 15, 10, 30, 0, 500000, timezone.utc)),
        (
            "2024-01-15T10:30:00.1234567-03:00",
            datetime(2024, 1, 15, 10, 30, 0, 123456, timezone(timedelta(hours=-3))),
        ),
        # No zone is invented.
        ("2024-01-15T10:30", datetime(2024, 1, 15, 10, 30)),
        ("2024-01-15", datetime(2024, 1, 15)),
        # A leap second is the first second of the minute after.
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=timezone.utc)),
    ],
)
def test_rows_instants_are_aware_if_the_text_names_a_zone(text: str, expected: datetime) -> None:
    made = transaction(booking_date_time=text).booking_date_time
    assert made is not None
    assert (made, made.utcoffset()) == (expected, expected.utcoffset())


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("booking_date", "0000-01-01"),
        ("booking_date_time", "0000-01-01T00:00:00Z"),
        ("booking_date_time", "9999-12-31T23:59:60Z"),
    ],
)
def test_rows_a_day_that_python_cannot_hold_is_refused_with_its_path(field: str, text: str) -> None:
    with pytest.raises(ResponseError, match="years 1 to 9999") as caught:
        decode_page(page(row(), row(**{field: text})))
    assert caught.value.path == f"transactions[1].{field}"
    assert caught.value.found == "string"


@pytest.mark.parametrize(
    ("body", "path", "expected", "found"),
    [
        (b"{", "", "a field's name in double quotes", "other"),
        (page(row(), row(booking_date=1)), "transactions[1].booking_date", DATE, "number"),
        (page(row(booking_date="secret")), "transactions[0].booking_date", DATE, "string"),
        (page("{}"), "transactions[0].status", "a string", "nothing"),
        (
            page(row(transaction_amount={"amount": "1"})),
            "transactions[0].transaction_amount.currency",
            "an ISO 4217 currency code",
            "nothing",
        ),
    ],
)
def test_rows_errors_name_the_path_and_no_value(
    body: bytes, path: str, expected: str, found: str
) -> None:
    with pytest.raises(ResponseError) as caught:
        decode_page(body)
    error = caught.value
    assert (error.code, error.path, error.expected, error.found) == (
        "invalid_response",
        path,
        expected,
        found,
    )
    assert "secret" not in str(error)


def test_rows_an_empty_body_is_an_error_of_its_own() -> None:
    with pytest.raises(ResponseError) as caught:
        decode_page(b"")
    assert caught.value.code == "empty_body"


def test_rows_extra_keeps_numbers_exact() -> None:
    big = "1" * 5000
    text = json.dumps(row())[:-1] + (
        ',"rate":1.10,"count":12345678901234567890,"tiny":1e-400,"deep":[{"n":0.1}],"__proto__":1'
        f',"huge":{big},"beyond":1e99999999999999999999}}'
    )
    extra = transactions(text)[0].extra
    assert str(extra["rate"]) == "1.10"
    assert type(extra["rate"]) is Decimal
    assert extra["count"] == 12345678901234567890
    assert extra["tiny"] == Decimal("1e-400")
    assert extra["deep"] == [{"n": Decimal("0.1")}]
    assert extra["__proto__"] == 1
    assert extra["huge"] == Decimal(big)
    assert extra["beyond"] == "1e99999999999999999999"
    with pytest.raises(TypeError):
        extra["new"] = 1  # type: ignore[index]


def test_rows_texts_keep_lone_surrogates_and_marks_as_json_loads_does() -> None:
    text = r'"\ud800 \ufeff é"'
    made = transactions(json.dumps(row())[:-1] + f',"creditor_name":{text}}}')[0]
    assert made.creditor_name == json.loads(text)
    assert repr(made)
    start = transactions(json.dumps(row())[:-1] + r',"creditor_name":"\ufeffx€"}')[0]
    assert start.creditor_name == "\ufeffx€"


def test_rows_are_read_only() -> None:
    made = transaction()
    for name in ("status", "extra", "key", "new"):
        with pytest.raises(AttributeError):
            setattr(made, name, "x")
        with pytest.raises(AttributeError):
            delattr(made, name)
    assert not isinstance(made, dict)
    with pytest.raises(TypeError):
        type("Sub", (Transaction,), {})
    with pytest.raises(TypeError):
        object.__new__(Transaction)
    with pytest.raises(TypeError):
        Record()


def test_rows_equal_rows_are_equal_and_have_one_hash() -> None:
    a, b = transaction(**FULL), transaction(**FULL)
    assert a == b
    assert a is not b
    assert hash(a) == hash(b)
    assert len({a, b}) == 1
    assert a != transaction(**{**FULL, "status": "pending"})
    assert a != transaction(**{**FULL, "future": 1})
    others: list[object] = [a.transaction_amount, "a", None]
    assert all(a != other for other in others)
    assert Amount(amount=Decimal("1.0"), currency="EUR") == Amount(
        amount=Decimal("1.00"), currency="EUR"
    )
    with pytest.raises(TypeError):
        _ = a < b  # type: ignore[operator]


def test_rows_repr_shows_the_fields_that_are_there() -> None:
    made = transaction(transaction_id="t1", booking_date="2024-01-02")
    assert repr(made) == (
        "Transaction(transaction_id='t1', status='booked', "
        "transaction_amount=Amount(amount=Decimal('-42.10'), currency='EUR'), "
        "booking_date=datetime.date(2024, 1, 2), key='t1')"
    )


SECRET_ROW = row(
    transaction_id=f"x-{IBAN}",
    creditor_account={"iban": "XX00NOTVALID123", "bban": "370400440532013000", "msisdn": "1234"},
    debtor_account={"iban": IBAN, "account_number": "12345678", "other": {"identification": IBAN}},
    card={"masked_pan": PAN},
    remittance_information_unstructured=[f"to {IBAN}", "DE89 3704 0044 0532 0130 00"],
    unknown={"pan": int(PAN), "iban": IBAN},
)
SECRETS = (IBAN, PAN, "NOTVALID", "370400440532013000", "12345678", "3704 0044")


def test_rows_repr_and_str_and_html_show_no_account_or_card_number() -> None:
    made = transactions(SECRET_ROW)[0]
    # The data itself is whole.
    assert made.debtor_account is not None
    assert made.debtor_account.iban == IBAN
    for text in (repr(made), str(made), f"{made}", made._repr_html_(), repr([made])):
        assert "3000" in text
        for secret in SECRETS:
            assert secret not in text


def test_rows_html_is_a_table_without_markup_of_the_bank() -> None:
    made = transaction(creditor_name="<script>alert('x')</script>")
    html = made._repr_html_()
    assert html.startswith("<table>")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_rows_match_by_name_and_by_place() -> None:
    match transaction(creditor_name="Anna"):
        case Transaction(status="booked", creditor_name=str(name)):
            assert name == "Anna"
        case _:
            pytest.fail("no match")
    match transaction().transaction_amount:
        case Amount(amount, "EUR"):
            assert amount == Decimal("-42.10")
        case _:
            pytest.fail("no match")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_rows_survive_pickle(protocol: int) -> None:
    made = transaction(**FULL)
    again = pickle.loads(pickle.dumps(made, protocol))
    assert again == made
    assert repr(again) == repr(made)
    assert again.extra == made.extra


def test_rows_copies_are_equal_and_deep_copies_share_nothing_that_changes() -> None:
    plain, made = transaction(), transaction(**FULL)
    assert copy.copy(made) is made
    assert copy.deepcopy(plain) is plain
    deep = copy.deepcopy(made)
    assert deep == made
    deep.extra["future"]["exact"].append(2)
    assert made.extra == {"future": {"exact": [1]}}


def test_rows_to_dict_goes_all_the_way_down() -> None:
    made = transaction(**FULL).to_dict()
    assert set(made) == {name for name, _, _ in SCHEMA["Transaction"]} | {"extra", "key"}
    assert made["transaction_amount"] == {
        "amount": Decimal("-1234567890123456789.10"),
        "currency": "EUR",
    }
    assert made["creditor_account"]["other"]["identification"] == "x-1"
    assert made["remittance_information_structured"][0]["reference"] == "RF18"
    assert made["remittance_information_unstructured"] == ["one", "zwei: dreißig"]
    assert made["card"] is None
    assert type(made["extra"]) is dict


def test_rows_replace_makes_a_copy_with_other_values() -> None:
    made = transaction(**FULL)
    changed = made.__replace__(status="pending", creditor_name=None)
    assert (changed.status, changed.creditor_name) == ("pending", None)
    assert changed.extra == made.extra
    assert changed.__replace__(status="booked", creditor_name=made.creditor_name) == made
    if sys.version_info >= (3, 13):
        assert copy.replace(made, status="pending").status == "pending"


def test_rows_constructors_check_what_they_are_given() -> None:
    made = Transaction(
        status="booked",
        transaction_amount=Amount(amount=Decimal(1), currency="EUR"),
        remittance_information_unstructured=["a"],
        extra={"x": 1},
        transaction_id="t",
    )
    assert (made.remittance_information_unstructured, made.extra, made.key) == (
        ("a",),
        {"x": 1},
        "t",
    )
    amount = Amount(amount=Decimal(1), currency="EUR")
    for arguments, message in [
        ({}, "Transaction: status is required"),
        ({"status": 1, "transaction_amount": amount}, "status must be a str"),
        ({"status": "x", "transaction_amount": 1}, "transaction_amount must be an Amount"),
        ({"status": "x", "transaction_amount": amount, "stat": 1}, 'has no field "stat"'),
        (
            {"status": "x", "transaction_amount": amount, "booking_date": datetime(2024, 1, 1)},
            "booking_date must be a date without a time",
        ),
        (
            {
                "status": "x",
                "transaction_amount": amount,
                "remittance_information_unstructured": "text",
            },
            "remittance_information_unstructured must be an iterable of str",
        ),
        ({"status": "x", "transaction_amount": amount, "key": 1}, "key must be a str"),
    ]:
        with pytest.raises(TypeError, match=message):
            Transaction(**arguments)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="amount must be a Decimal"):
        Amount(amount=1.5, currency="EUR")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="keyword arguments only"):
        Amount(Decimal(1), "EUR")  # type: ignore[call-arg]


def test_rows_open_enums_are_str_and_their_types_exist_when_run() -> None:
    assert transaction(status="held_by_bank").status == "held_by_bank"
    assert type(transaction().status) is str
    assert OPEN_ENUMS["TransactionStatus"][0] == "booked"
    for name in OPEN_ENUMS:
        assert getattr(models, name)
    with pytest.raises(AttributeError):
        _ = models.Nothing  # type: ignore[attr-defined]


def test_rows_models_exports_every_record() -> None:
    for name, of in RECORDS.items():
        assert getattr(models, name) is of
        assert issubclass(of, Record)
        assert (of.__module__, of.__name__) == ("oakford_aisp.models", name)
        assert of.__doc__


def test_rows_are_not_tracked_by_the_garbage_collector_and_leave_nothing_behind() -> None:
    made = transaction(**FULL)
    assert not gc.is_tracked(made)
    body = page(*[row(**{**FULL, "transaction_id": str(number)}) for number in range(200)])
    # What earlier tests left behind may go at any time, so that there are fewer afterwards.
    gc.collect()
    of = sys.getrefcount(Transaction)
    for _ in range(3):
        decode_page(body)
        with pytest.raises(ResponseError, match="9999"):
            decode_page(page(row(**FULL), row(booking_date="0000-01-01")))
        with pytest.raises(TypeError):
            Transaction(status="x", transaction_amount=1)  # type: ignore[arg-type]
    gc.collect()
    assert sys.getrefcount(Transaction) <= of


def as_json(value: Any) -> Any:
    """Returns a record as the JSON that it came from."""
    if isinstance(value, Record):
        fields = {name: getattr(value, name) for name in value.__match_args__}
        extra = fields.pop("extra", {})
        fields.pop("key", None)
        return {
            **{name: as_json(it) for name, it in fields.items() if it is not None and it != ()},
            **extra,
        }
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, (date, datetime)) else value


TEXT = st.text(max_size=40)
AMOUNT = st.fixed_dictionaries(
    {
        "amount": st.from_regex(r"-?[0-9]{1,30}(\.[0-9]{1,12})?", fullmatch=True).filter(
            lambda text: text.isascii()
        ),
        "currency": st.sampled_from(["EUR", "USD", "JPY"]),
    }
)
ROW = st.fixed_dictionaries(
    {"status": st.sampled_from(["booked", "pending", "new_word"]), "transaction_amount": AMOUNT},
    optional={
        "transaction_id": TEXT,
        "booking_date": st.dates().map(date.isoformat),
        "booking_date_time": st.datetimes(timezones=st.just(timezone.utc)).map(datetime.isoformat),
        "creditor_name": TEXT,
        "creditor_account": st.fixed_dictionaries({}, optional={"iban": TEXT, "bban": TEXT}),
        "remittance_information_unstructured": st.lists(TEXT, min_size=1, max_size=3),
        "unknown": st.recursive(
            st.none() | st.booleans() | st.integers() | TEXT,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
            max_leaves=5,
        ),
    },
)


@given(st.lists(ROW, max_size=5), st.booleans())
def test_rows_any_page_is_read_without_loss(rows: list[dict[str, Any]], ascii_only: bool) -> None:
    texts = [json.dumps(row, ensure_ascii=ascii_only) for row in rows]
    made = transactions(*texts)
    for record, wire in zip(made, rows, strict=True):
        back = as_json(record)
        # "-007.0" and "-7.0" are one number.
        amount = back["transaction_amount"]["amount"]
        assert Decimal(amount) == Decimal(wire["transaction_amount"]["amount"])
        back["transaction_amount"]["amount"] = wire["transaction_amount"]["amount"]
        assert back == wire
        assert pickle.loads(pickle.dumps(record)) == record
        assert isinstance(repr(record), str)
