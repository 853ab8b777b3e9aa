"""The same row, typed for the other libraries: the fields of the measured body."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pydantic


class Amount(msgspec.Struct, frozen=True):
    amount: Decimal
    currency: str


class Account(msgspec.Struct, frozen=True):
    iban: str | None = None
    bic: str | None = None


class Balance(msgspec.Struct, frozen=True):
    balance_amount: Amount
    balance_type: str | None = None


class Transaction(msgspec.Struct, frozen=True):
    status: str
    transaction_amount: Amount
    transaction_id: str | None = None
    entry_reference: str | None = None
    mutability: str | None = None
    credit_debit_indicator: str | None = None
    booking_date: date | None = None
    value_date: date | None = None
    transaction_date: date | None = None
    creditor_name: str | None = None
    creditor_account: Account | None = None
    debtor_name: str | None = None
    debtor_account: Account | None = None
    remittance_information_unstructured: tuple[str, ...] = ()
    bank_transaction_code: str | None = None
    purpose_code: str | None = None
    merchant_category_code: str | None = None
    balance_after_transaction: Balance | None = None
    end_to_end_id: str | None = None


class Page(msgspec.Struct, frozen=True):
    account_id: str
    transactions: list[Transaction]
    next_cursor: str | None = None


class PydanticAmount(pydantic.BaseModel):
    amount: Decimal
    currency: str


class PydanticAccount(pydantic.BaseModel):
    iban: str | None = None
    bic: str | None = None


class PydanticBalance(pydantic.BaseModel):
    balance_amount: PydanticAmount
    balance_type: str | None = None


class PydanticTransaction(pydantic.BaseModel):
    status: str
    transaction_amount: PydanticAmount
    transaction_id: str | None = None
    entry_reference: str | None = None
    mutability: str | None = None
    credit_debit_indicator: str | None = None
    booking_date: date | None = None
    value_date: date | None = None
    transaction_date: date | None = None
    creditor_name: str | None = None
    creditor_account: PydanticAccount | None = None
    debtor_name: str | None = None
    debtor_account: PydanticAccount | None = None
    remittance_information_unstructured: tuple[str, ...] = ()
    bank_transaction_code: str | None = None
    purpose_code: str | None = None
    merchant_category_code: str | None = None
    balance_after_transaction: PydanticBalance | None = None
    end_to_end_id: str | None = None


class PydanticPage(pydantic.BaseModel):
    account_id: str
    transactions: list[PydanticTransaction]
    next_cursor: str | None = None
