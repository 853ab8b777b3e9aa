"""What type checkers must refuse: each line that ends in `# refused`, and no other."""

from __future__ import annotations

from decimal import Decimal

from oakford_aisp import Amount, Balance, Money, Transaction, pick_balance
from oakford_aisp.models import Account


def rows(row: Transaction, account: Account) -> None:
    row.status = "pending"  # refused
    print(row.nothing)  # refused
    print(row.bookingDate)  # refused
    row["status"]  # refused
    print(row.booking_date.year)  # refused
    row.creditor_name.upper()  # refused
    row.extra["new"] = 1  # refused
    row.remittance_information_unstructured.append("x")  # refused
    account.status.upper()  # refused
    float_amount: float = row.transaction_amount.amount  # refused
    text_date: str = row.booking_date or ""  # refused
    print(float_amount, text_date, row < row)  # refused


def made() -> None:
    Amount(amount=1.5, currency="EUR")  # refused
    Amount(amount="1.5", currency="EUR")  # refused
    Amount(amount=Decimal(1))  # refused
    Amount(Decimal(1), "EUR")  # refused
    Amount(amount=Decimal(1), currency="EUR", scale=2)  # refused
    amount = Amount(amount=Decimal(1), currency="EUR")
    Transaction(status=1, transaction_amount=amount)  # refused
    Transaction(status="booked", transaction_amount=amount, booking_date="2024-01-01")  # refused
    Transaction(
        status="booked",
        transaction_amount=amount,
        remittance_information_unstructured="text",  # refused
    )


class Sub(Transaction):  # refused
    pass


def money(a: Amount, balances: list[Balance]) -> None:
    Money.add(a, "1.00")  # refused
    Money.sum(a)  # refused
    pick_balance(balances, "spendable")  # refused
    pick_balance([a], "booked")  # refused
