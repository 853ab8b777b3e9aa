"""Money and the choice of a balance: the results are those of the npm package."""

from __future__ import annotations

import decimal
import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oakford_aisp import Amount, ConfigurationError, Money, pick_balance
from oakford_aisp.models import Balance

from .bodies import balances

CASES = Path(__file__).parents[2] / "js-tests" / "cases"
MONEY: dict[str, Any] = json.loads((CASES / "money.json").read_text("utf-8"))
BALANCES: list[dict[str, Any]] = json.loads((CASES / "balances.json").read_text("utf-8"))


def eur(amount: str | Decimal) -> Amount:
    return Amount(amount=Decimal(amount), currency="EUR")


def test_money_shared_cases_sums_are_exact() -> None:
    for a, b, total in MONEY["add"]:
        assert repr(Money.add(eur(a), eur(b))) == repr(eur(total))
    for amounts, total in MONEY["sum"]:
        assert repr(Money.sum(map(eur, amounts))) == repr(eur(total))
    for currency, amount in MONEY["sumOfNothing"].items():
        zero = Money.sum([], currency)
        assert (str(zero.amount), zero.currency) == (amount, currency)


def test_money_shared_cases_are_compared_and_negated_as_numbers() -> None:
    for a, b, order in MONEY["compare"]:
        assert Money.compare(eur(a), eur(b)) == order
        assert Money.compare(eur(b), eur(a)) == -order
    for a, negative in MONEY["negate"]:
        assert str(Money.negate(eur(a)).amount) == negative


@pytest.mark.parametrize(("amount", "currency", "locale", "text"), MONEY["format"])
def test_money_shared_cases_are_formatted_as_their_locale_writes_them(
    amount: str, currency: str, locale: str, text: str
) -> None:
    made = Money.format(Amount(amount=Decimal(amount), currency=currency), locale)
    plain = made.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'")
    assert plain == text
    # The name with an underscore is the same locale.
    again = Money.format(
        Amount(amount=Decimal(amount), currency=currency), locale.replace("-", "_")
    )
    assert again == made


def test_money_format_uses_the_locale_of_the_platform_if_none_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LANGUAGE", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_MONETARY", "de_DE.UTF-8")
    assert Money.format(eur("1234.5")) == "1.234,50\u00a0€"


def test_money_format_without_babel_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "babel.numbers", None)
    with pytest.raises(ConfigurationError, match=r"oakford-aisp\[format\]"):
        Money.format(eur("1"), "en")


@pytest.mark.parametrize("locale", ["", "no such locale", "xx", 1])
def test_money_format_refuses_what_is_no_locale(locale: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Money.format(eur("1"), locale)
    assert caught.value.path == "locale"


def test_money_takes_any_object_with_amount_and_currency() -> None:
    @dataclass
    class Price:
        amount: Decimal
        currency: str

    assert Money.add(Price(Decimal("0.1"), "EUR"), eur("0.2")) == eur("0.3")


def test_money_two_currencies_are_refused_and_both_are_named() -> None:
    usd = Amount(amount=Decimal(1), currency="USD")
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: Money.add(eur("1"), usd), "b.currency"),
        (lambda: Money.compare(eur("1"), usd), "b.currency"),
        (lambda: Money.sum([eur("1"), eur("2"), usd]), "amounts[2].currency"),
        (lambda: Money.sum([usd], "EUR"), "amounts[0].currency"),
    ]
    for work, path in cases:
        with pytest.raises(ConfigurationError) as caught:
            work()
        error = caught.value
        assert (error.code, error.path, error.found) == ("invalid_option", path, "USD")
        assert str(error) == f"{path}: expected EUR like the others, found USD"


@pytest.mark.parametrize(
    "amount", ["1", 1, 1.5, None, Decimal("NaN"), Decimal("Infinity"), Decimal("1e9999")]
)
def test_money_what_is_no_exact_amount_is_refused_by_the_name_of_its_field(amount: Any) -> None:
    class Wrong:
        currency = "EUR"

    Wrong.amount = amount  # type: ignore[attr-defined]
    wrong: Any = Wrong()
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: Money.add(eur("1"), wrong), "b.amount"),
        (lambda: Money.sum([wrong]), "amounts[0].amount"),
        (lambda: Money.negate(wrong), "a.amount"),
        (lambda: Money.format(wrong), "a.amount"),
    ]
    for work, path in cases:
        with pytest.raises(ConfigurationError) as caught:
            work()
        assert caught.value.path == path


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", "", "EUR\n"])
def test_money_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Money.negate(Amount(amount=Decimal(1), currency=currency))
    assert caught.value.path == "a.currency"
    with pytest.raises(ConfigurationError) as caught:
        Money.sum([])
    assert (caught.value.path, caught.value.found) == ("currency", "nothing")


AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=6).map(eur) | st.from_regex(
    r"-?[0-9]{1,60}(\.[0-9]{1,40})?", fullmatch=True
).filter(str.isascii).map(eur)


@given(st.lists(AMOUNTS, min_size=1, max_size=8))
def test_money_sums_are_exact_in_any_context_and_order(amounts: list[Amount]) -> None:
    exact = decimal.Context(prec=400)
    expected = functools.reduce(exact.add, (it.amount for it in amounts), Decimal(0))
    with decimal.localcontext(decimal.Context(prec=2)):
        total = Money.sum(amounts)
    assert total.amount == expected
    assert Money.sum(reversed(amounts)) == total
    assert functools.reduce(Money.add, amounts) == total
    assert Money.add(total, Money.negate(total)).amount == 0
    assert not Money.negate(Money.add(total, Money.negate(total))).amount.is_signed()


@given(AMOUNTS, AMOUNTS)
def test_money_comparing_agrees_with_decimal(a: Amount, b: Amount) -> None:
    assert Money.compare(a, b) == (a.amount > b.amount) - (a.amount < b.amount)
    assert Money.compare(a, b) == -Money.compare(b, a)


@given(AMOUNTS)
def test_money_format_shows_every_digit(a: Amount) -> None:
    text = Money.format(a, "en")
    shown = Decimal(text.replace("€", "").replace(",", ""))
    assert shown == a.amount


@pytest.mark.parametrize("case", BALANCES, ids=lambda case: str(case["name"]))
def test_pick_balance_shared_cases(case: dict[str, Any]) -> None:
    found = pick_balance(balances(*case["balances"]), case["kind"])
    result = found and [str(found.balance_amount.amount), found.credit_limit_included]
    assert result == case["picked"]


def test_pick_balance_returns_the_record_itself_if_its_lines_add_nothing() -> None:
    [plain] = balances(
        {"balance_type": "expected", "balance_amount": {"amount": "1", "currency": "EUR"}}
    )
    assert pick_balance(iter([plain]), "available") is plain
    with pytest.raises(ConfigurationError, match="kind"):
        pick_balance([plain], "spendable")  # type: ignore[arg-type]


@given(
    st.lists(
        st.builds(
            Balance,
            balance_type=st.sampled_from(["interim_available", "expected", "interim_booked"]),
            balance_amount=AMOUNTS,
            credit_limit_included=st.none() | st.booleans(),
            reference_date=st.none() | st.dates(),
            last_change_date_time=st.none()
            | st.datetimes(
                min_value=datetime(1970, 1, 2),
                timezones=st.just(timezone.utc),
            ),
        ),
        max_size=6,
    )
)
def test_pick_balance_the_newest_of_the_best_kind_wins(given_: list[Balance]) -> None:
    best = pick_balance(given_, "available")
    kinds = [it.balance_type for it in given_]
    expected = next((it for it in ("interim_available", "expected") if it in kinds), None)
    assert (best and best.balance_type) == expected
    if best:
        others = [it for it in given_ if it.balance_type == expected and it.reference_date]
        days = [it.reference_date for it in others if it.reference_date]
        assert best.reference_date == (max(days) if days else None)
