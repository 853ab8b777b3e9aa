"""Picks the balance that answers a question from the several that a bank reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import invalid_option

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Literal

    from .models import Balance

__all__ = ["pick_balance"]

# The kinds of balance that answer each question, the best first.
_ORDER = {
    "available": (
        "interim_available",
        "closing_available",
        "opening_available",
        "forward_available",
        "expected",
    ),
    "booked": ("interim_booked", "closing_booked", "opening_booked", "previously_closed_booked"),
}


def pick_balance(
    balances: Iterable[Balance], kind: Literal["available", "booked"]
) -> Balance | None:
    """Returns the balance that can be spent (`available`) or that is booked (`booked`), None if the
    bank reports none; one is never taken for the other. The first of these kinds that the bank
    reports is taken:

    - available: `interim_available`, `closing_available`, `opening_available`, `forward_available`,
      `expected`
    - booked: `interim_booked`, `closing_booked`, `opening_booked`, `previously_closed_booked`

    Among several of one kind: the newest by `reference_date`, then by `last_change_date_time`, then
    one that contains no credit limit, then the first. `credit_limit_included` of the result says
    whether the amount contains a credit limit, also if the bank says so in the balance's
    `credit_lines` only; None if it does not say. The balances of an account in several currencies
    are picked from one currency at a time: filter them before.
    """
    order = _ORDER.get(kind)
    if order is None:
        raise invalid_option("kind", "'available' or 'booked'", "something else")
    of_kind: dict[str, Balance] = {}
    for balance in map(_with_credit_limit, balances):
        best = of_kind.get(balance.balance_type)
        if best is None or _rank(balance) > _rank(best):
            of_kind[balance.balance_type] = balance
    return next((of_kind[type_] for type_ in order if type_ in of_kind), None)


def _with_credit_limit(balance: Balance) -> Balance:
    """Returns the balance with what its credit lines say, if it does not say it itself."""
    said = [line.credit_limit_included for line in balance.credit_lines]
    if balance.credit_limit_included is not None or all(included is None for included in said):
        return balance
    return balance.__replace__(credit_limit_included=True in said)


def _rank(balance: Balance) -> tuple[str, float, bool]:
    day = balance.reference_date.isoformat() if balance.reference_date else ""
    changed = balance.last_change_date_time
    return day, _timestamp(changed), not balance.credit_limit_included


def _timestamp(instant: datetime | None) -> float:
    """Returns the instant as a number. If the bank names no zone, UTC stands in for it."""
    from datetime import timezone

    if instant is None:
        return 0.0
    return (instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)).timestamp()
