"""Exact arithmetic with amounts of money: on whole numbers, never through a float or a rounding
context.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .errors import invalid_option
from .models import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

__all__ = ["HasAmount", "Money"]


class HasAmount(Protocol):
    """An amount and its currency, such as an `Amount`."""

    @property
    def amount(self) -> Decimal:
        """A decimal number."""
        ...

    @property
    def currency(self) -> str:
        """The currency's ISO 4217 code."""
        ...


class Money:
    """Exact arithmetic with amounts of money.

    Results keep the larger number of decimal places of what went in. Amounts of different
    currencies are refused with a `ConfigurationError`, as is an amount that is no finite `Decimal`.
    """

    @staticmethod
    def add(a: HasAmount, b: HasAmount) -> Amount:
        """Returns `a + b`, exactly."""
        return _total([a, b], ["a", "b"], _currency(a, "a"))

    @staticmethod
    def sum(amounts: Iterable[HasAmount], currency: str | None = None) -> Amount:
        """Returns the sum. Of no amounts it is zero, in the currency that is named then."""
        items = list(amounts)
        paths = [f"amounts[{index}]" for index in range(len(items))]
        if currency is None and items:
            currency = _currency(items[0], paths[0])
        return _total(items, paths, _checked(currency, "currency"))

    @staticmethod
    def compare(a: HasAmount, b: HasAmount) -> Literal[-1, 0, 1]:
        """Returns -1 if `a` is less than `b`, 1 if it is more, 0 if they are equal, however many
        zeros they end in. With `functools.cmp_to_key` it sorts.
        """
        x, y = _parse(a, "a", None), _parse(b, "b", _currency(a, "a"))
        difference = x.at(y.scale) - y.at(x.scale)
        return -1 if difference < 0 else 1 if difference > 0 else 0

    @staticmethod
    def negate(a: HasAmount) -> Amount:
        """Returns `-a`, exactly."""
        units, scale = _parse(a, "a", None)
        return Amount(amount=_decimal(-units, scale), currency=a.currency)

    @staticmethod
    def format(a: HasAmount, locale: str | None = None) -> str:
        """Returns the amount as people write it in a locale (by default the platform's):
        `-1.234,50 €`.

        It shows every digit that the amount has, and no fewer than the currency's minor unit asks
        for. Needs Babel: `pip install oakford-aisp[format]`.
        """
        from ._format import formatted

        units, scale = _parse(a, "a", None)
        places = max(scale, _minor_units(a.currency))
        return formatted(_decimal(units, scale), places, a.currency, locale)


class _Number(NamedTuple):
    """A decimal number as a whole number of units, of which 10 ** scale make one."""

    units: int
    scale: int

    def at(self, scale: int) -> int:
        """Returns the units at a scale, or at its own if that is larger."""
        return self.units * _ten_to(scale - self.scale)


# The currencies of ISO 4217 whose minor unit is not a hundredth, by its digits; those without one
# count as 0.
_MINOR_UNITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XAG XAU XBA XBB XBC XBD XDR "
    "XOF XPD XPF XPT XSU XTS XUA XXX",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
# No amount has more digits before or behind its point.
_MOST_DIGITS = 1000


def _total(items: Sequence[HasAmount], paths: Sequence[str], currency: str) -> Amount:
    total = _Number(0, 0 if items else _minor_units(currency))
    for item, path in zip(items, paths, strict=True):
        number = _parse(item, path, currency)
        scale = max(total.scale, number.scale)
        total = _Number(total.at(scale) + number.at(scale), scale)
    return Amount(amount=_decimal(*total), currency=currency)


def _parse(money: HasAmount, path: str, expected: str | None) -> _Number:
    currency = _currency(money, path)
    if expected is not None and currency != expected:
        raise invalid_option(f"{path}.currency", f"{expected} like the others", currency)
    amount = money.amount
    if not isinstance(amount, Decimal) or not amount.is_finite():
        found = _kind(amount) if not isinstance(amount, Decimal) else "one that is not finite"
        raise invalid_option(f"{path}.amount", "a Decimal, such as Decimal('-42.10')", found)
    sign, digits, exponent = amount.as_tuple()
    if len(digits) + abs(int(exponent)) > _MOST_DIGITS:
        expected = f"a Decimal of at most {_MOST_DIGITS} digits"
        raise invalid_option(f"{path}.amount", expected, "a longer one")
    units = int("".join(map(str, digits)))
    units *= _ten_to(int(exponent))
    return _Number(-units if sign else units, max(0, -int(exponent)))


def _currency(money: HasAmount, path: str) -> str:
    return _checked(getattr(money, "currency", None), f"{path}.currency")


def _checked(currency: object, path: str) -> str:
    if isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency):
        return currency
    expected = "the three letters of an ISO 4217 currency, such as 'EUR'"
    raise invalid_option(path, expected, _kind(currency))


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    return "another str" if isinstance(value, str) else f"a value of type {type(value).__name__}"


def _decimal(units: int, scale: int) -> Decimal:
    # From digits, because arithmetic would round as the context says.
    digits = tuple(map(int, str(abs(units)).rjust(scale + 1, "0")))
    return Decimal((1 if units < 0 else 0, digits, -scale))


def _ten_to(power: int) -> int:
    return int(10 ** max(0, power))


def _minor_units(currency: str) -> int:
    found = (digits for digits, all_ in _MINOR_UNITS.items() if currency in all_.split())
    return next(found, 2)
