"""Bodies of the API that tests decode."""

from __future__ import annotations

import json
from typing import Any

from oakford_aisp._core import decode_page
from oakford_aisp.models import Account, Balance, Transaction

IBAN = "DE89370400440532013000"
PAN = "4111111111111111"


def row(**fields: Any) -> dict[str, Any]:
    """Returns a transaction as it comes over the wire."""
    amount = {"amount": "-42.10", "currency": "EUR"}
    return {"status": "booked", "transaction_amount": amount, **fields}


def page(*rows: dict[str, Any] | str, cursor: str | None = None) -> bytes:
    """Returns a page of transactions; a row may be JSON already."""
    texts = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    cursor_text = json.dumps(cursor)
    return (
        f'{{"account_id":"a","transactions":[{",".join(texts)}],"next_cursor":{cursor_text}}}'
    ).encode()


def transactions(*rows: dict[str, Any] | str) -> list[Transaction]:
    """Returns the records of transactions."""
    return decode_page(page(*rows))[0]


def transaction(**fields: Any) -> Transaction:
    """Returns the record of one transaction."""
    return transactions(row(**fields))[0]


def account(**fields: Any) -> Account:
    """Returns the record of one account."""
    body = {"account_id": "a", "currency": "EUR", "account_type": "current", **fields}
    rows: list[Account] = decode_page(json.dumps(body).encode(), "account")[0]
    return rows[0]


def balances(*rows: dict[str, Any]) -> list[Balance]:
    """Returns the records of balances."""
    body = {"account_id": "a", "balances": list(rows)}
    return decode_page(json.dumps(body).encode(), "balances")[0]
