"""Amounts as people write them in a locale, with the data of Babel."""

from __future__ import annotations

import decimal
from copy import copy
from typing import TYPE_CHECKING

from .errors import invalid_option

if TYPE_CHECKING:
    from decimal import Decimal

    from babel import Locale

# The zero of the numbering systems that are some locale's default. Babel writes the usual digits.
_ZEROS = {
    "adlm": 0x1E950,
    "arab": 0x0660,
    "arabext": 0x06F0,
    "beng": 0x09E6,
    "cakm": 0x11136,
    "deva": 0x0966,
    "mymr": 0x1040,
    "nkoo": 0x07C0,
    "olck": 0x1C50,
    "tibt": 0x0F20,
}
# Languages that part groups of digits from five digits on, as CLDR has it and Babel does not, with
# the countries that do so; all of them if none is named.
_GROUPED_FROM_FIVE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ["be", "bg", "et", "hu", "hy", "ia", "ie", "it", "ka", "lv", "pl", "sl", "sq"], ()
    ),
    "es": ("", "EA", "ES", "GQ", "IC", "PH"),
    "pt": ("CH", "CV", "GQ", "GW", "LU", "MO", "MZ", "PT", "ST", "TL"),
    "ru": ("UA",),
}
_NO_BREAK_SPACE = "\u00a0"


def formatted(amount: Decimal, places: int, currency: str, locale: str | None) -> str:
    """Returns the amount with so many decimal places."""
    try:
        from babel.numbers import get_currency_symbol, get_minus_sign_symbol
    except ImportError:
        expected = "the package Babel, which holds the locales (pip install oakford-aisp[format])"
        raise invalid_option("locale", expected, "no such package") from None
    of = _locale(locale)
    system = of.default_numbering_system
    pattern = copy(of.currency_formats["standard"])
    pattern.frac_prec = (places, places)
    # Babel rounds as the context says.
    digits = len(amount.as_tuple().digits) + places + 1
    with decimal.localcontext(decimal.Context(prec=max(28, digits))):
        text = pattern.apply(
            amount,
            of,
            currency=currency,
            currency_digits=False,
            decimal_quantization=False,
            group_separator=abs(amount) >= 10_000 or not _grouped_from_five(of),
            numbering_system="default",
        )
    # The pattern's hyphen stands for the locale's sign.
    text = text.replace("-", get_minus_sign_symbol(of, numbering_system="default"))
    zero = _ZEROS.get(system)
    if zero is not None:
        text = text.translate({ord("0") + digit: zero + digit for digit in range(10)})
    return _spaced(text, get_currency_symbol(currency, of))


def _spaced(text: str, symbol: str) -> str:
    """Sets a space between digits and a currency that ends in a letter, as CLDR asks for."""
    before, found, after = text.partition(symbol)
    if not found:
        return text
    if after[:1].isdigit() and symbol[-1].isalpha():
        after = _NO_BREAK_SPACE + after
    if before[-1:].isdigit() and symbol[0].isalpha():
        before += _NO_BREAK_SPACE
    return before + symbol + after


def _grouped_from_five(locale: Locale) -> bool:
    countries = _GROUPED_FROM_FIVE.get(locale.language)
    return countries is not None and (not countries or (locale.territory or "") in countries)


def _locale(locale: str | None) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        if locale is None:
            return Locale.default("LC_MONETARY")
        return Locale.parse(locale.replace("_", "-"), sep="-")
    except (AttributeError, TypeError, ValueError, UnknownLocaleError):
        expected = "a language tag (BCP 47), such as 'de-AT'"
        found = (
            "another str" if isinstance(locale, str) else f"a value of type {type(locale).__name__}"
        )
        raise invalid_option("locale", expected, found) from None
