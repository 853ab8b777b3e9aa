# The types of the API's data. Made from the Rust models by `npm run renew:python`: edit those.

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, TypeAlias, final

from ._record import Record as Record

AccountType: TypeAlias = (
    Literal[
        "current",
        "savings",
        "card",
        "loan",
        "mortgage",
        "e_money",
        "cash",
        "investment",
        "other",
    ]
    | str
)
"""The kind of account."""
AccountUsage: TypeAlias = (
    Literal[
        "personal",
        "business",
    ]
    | str
)
"""Whether an account belongs to a person or to a business."""
AccountStatus: TypeAlias = (
    Literal[
        "enabled",
        "blocked",
        "deleted",
        "pending",
    ]
    | str
)
"""The state of an account."""
BalanceType: TypeAlias = (
    Literal[
        "closing_booked",
        "closing_available",
        "expected",
        "interim_booked",
        "interim_available",
        "forward_available",
        "opening_booked",
        "opening_available",
        "previously_closed_booked",
        "non_invoiced",
        "information",
        "other",
    ]
    | str
)
"""What a balance counts in."""
TransactionStatus: TypeAlias = (
    Literal[
        "booked",
        "pending",
        "information",
        "scheduled",
        "rejected",
        "cancelled",
    ]
    | str
)
"""How far a transaction has come."""
Mutability: TypeAlias = (
    Literal[
        "mutable",
        "immutable",
    ]
    | str
)
"""Whether the bank may still change a transaction."""
CreditDebitIndicator: TypeAlias = (
    Literal[
        "credit",
        "debit",
    ]
    | str
)
"""Whether money came in or went out."""

@final
class Amount(Record):
    """An exact amount of money: the digits that came over the wire, and their currency."""

    __match_args__ = (
        "amount",
        "currency",
    )

    def __new__(
        cls,
        *,
        amount: Decimal,
        currency: str,
    ) -> Amount: ...
    @property
    def amount(self) -> Decimal:
        """The signed decimal number, with every digit that came over the wire: `"-42.10"`.
        (Berlin Group amount)
        """

    @property
    def currency(self) -> str:
        """The currency's ISO 4217 code. (ISO 4217)"""

@final
class OtherIdentification(Record):
    """An identification of an account that none of the usual fields fits."""

    __match_args__ = (
        "identification",
        "scheme_name",
        "issuer",
        "extra",
    )

    def __new__(
        cls,
        *,
        identification: str,
        scheme_name: str | None = None,
        issuer: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> OtherIdentification: ...
    @property
    def identification(self) -> str:
        """The identification itself. (ISO 20022 GenericAccountIdentification1)"""

    @property
    def scheme_name(self) -> str | None:
        """The scheme that the identification belongs to. (ISO 20022
        GenericAccountIdentification1)
        """

    @property
    def issuer(self) -> str | None:
        """Who issued the identification. (ISO 20022 GenericAccountIdentification1)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class AccountReference(Record):
    """What identifies an account."""

    __match_args__ = (
        "iban",
        "bban",
        "bic",
        "sort_code",
        "account_number",
        "masked_pan",
        "msisdn",
        "currency",
        "other",
        "extra",
    )

    def __new__(
        cls,
        *,
        iban: str | None = None,
        bban: str | None = None,
        bic: str | None = None,
        sort_code: str | None = None,
        account_number: str | None = None,
        masked_pan: str | None = None,
        msisdn: str | None = None,
        currency: str | None = None,
        other: OtherIdentification | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> AccountReference: ...
    @property
    def iban(self) -> str | None:
        """The international bank account number. (Berlin Group iban)"""

    @property
    def bban(self) -> str | None:
        """The national account number, where there is no IBAN. (Berlin Group bban)"""

    @property
    def bic(self) -> str | None:
        """The BIC of the bank that keeps the account. (ISO 9362)"""

    @property
    def sort_code(self) -> str | None:
        """The British sort code. (UK Open Banking SortCodeAccountNumber)"""

    @property
    def account_number(self) -> str | None:
        """The account's number within its bank. (UK Open Banking SortCodeAccountNumber)"""

    @property
    def masked_pan(self) -> str | None:
        """The card's number with its middle hidden. (Berlin Group maskedPan)"""

    @property
    def msisdn(self) -> str | None:
        """The mobile number that stands for the account. (Berlin Group msisdn)"""

    @property
    def currency(self) -> str | None:
        """The currency, by which sub-accounts of one number differ. (ISO 4217)"""

    @property
    def other(self) -> OtherIdentification | None:
        """Any other identification. (Berlin Group other)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class Provider(Record):
    """The bank that keeps an account."""

    __match_args__ = (
        "provider_id",
        "display_name",
        "bic",
        "country",
        "extra",
    )

    def __new__(
        cls,
        *,
        provider_id: str,
        display_name: str | None = None,
        bic: str | None = None,
        country: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Provider: ...
    @property
    def provider_id(self) -> str:
        """The provider's identifier at Oakford. (Oakford)"""

    @property
    def display_name(self) -> str | None:
        """The provider's name, fit to be shown. (Oakford)"""

    @property
    def bic(self) -> str | None:
        """The provider's BIC. (ISO 9362)"""

    @property
    def country(self) -> str | None:
        """The provider's country. (ISO 3166-1 alpha-2)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class CreditLine(Record):
    """A line of credit that a balance may count in."""

    __match_args__ = (
        "credit_limit_included",
        "credit_line_type",
        "credit_line_amount",
        "extra",
    )

    def __new__(
        cls,
        *,
        credit_limit_included: bool | None = None,
        credit_line_type: str | None = None,
        credit_line_amount: Amount | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CreditLine: ...
    @property
    def credit_limit_included(self) -> bool | None:
        """Whether the balance counts this line in. (UK Open Banking CreditLine.Included)"""

    @property
    def credit_line_type(self) -> str | None:
        """The kind of credit: agreed, emergency, temporary and so on. (UK Open Banking
        CreditLine.Type)
        """

    @property
    def credit_line_amount(self) -> Amount | None:
        """How much credit there is. (UK Open Banking CreditLine.Amount)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class Balance(Record):
    """A balance of an account."""

    __match_args__ = (
        "balance_type",
        "balance_amount",
        "credit_limit_included",
        "credit_lines",
        "reference_date",
        "last_change_date_time",
        "last_committed_transaction",
        "extra",
    )

    def __new__(
        cls,
        *,
        balance_type: BalanceType,
        balance_amount: Amount,
        credit_limit_included: bool | None = None,
        credit_lines: Iterable[CreditLine] = (),
        reference_date: datetime.date | None = None,
        last_change_date_time: datetime.datetime | None = None,
        last_committed_transaction: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Balance: ...
    @property
    def balance_type(self) -> BalanceType:
        """What the balance counts in. (Berlin Group balanceType)"""

    @property
    def balance_amount(self) -> Amount:
        """How much it is; negative where the account is overdrawn. (Berlin Group
        balanceAmount)
        """

    @property
    def credit_limit_included(self) -> bool | None:
        """Whether the amount contains a credit limit. (Berlin Group creditLimitIncluded)"""

    @property
    def credit_lines(self) -> tuple[CreditLine, ...]:
        """The lines of credit of the account. (UK Open Banking CreditLine)"""

    @property
    def reference_date(self) -> datetime.date | None:
        """The date for which the balance holds. (Berlin Group referenceDate)"""

    @property
    def last_change_date_time(self) -> datetime.datetime | None:
        """When the balance last changed. (Berlin Group lastChangeDateTime)"""

    @property
    def last_committed_transaction(self) -> str | None:
        """The entry reference of the last transaction that the balance counts in. (Berlin
        Group lastCommittedTransaction)
        """

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class Account(Record):
    """An account of the customer."""

    __match_args__ = (
        "account_id",
        "iban",
        "bban",
        "bic",
        "sort_code",
        "account_number",
        "masked_pan",
        "msisdn",
        "currency",
        "other",
        "account_type",
        "cash_account_type",
        "usage",
        "status",
        "name",
        "display_name",
        "product",
        "owner_name",
        "details",
        "linked_accounts",
        "provider",
        "consent_expires_at",
        "opened_date",
        "last_updated_at",
        "balances",
        "extra",
    )

    def __new__(
        cls,
        *,
        account_id: str,
        currency: str,
        account_type: AccountType,
        iban: str | None = None,
        bban: str | None = None,
        bic: str | None = None,
        sort_code: str | None = None,
        account_number: str | None = None,
        masked_pan: str | None = None,
        msisdn: str | None = None,
        other: OtherIdentification | None = None,
        cash_account_type: str | None = None,
        usage: AccountUsage | None = None,
        status: AccountStatus | None = None,
        name: str | None = None,
        display_name: str | None = None,
        product: str | None = None,
        owner_name: str | None = None,
        details: str | None = None,
        linked_accounts: str | None = None,
        provider: Provider | None = None,
        consent_expires_at: datetime.datetime | None = None,
        opened_date: datetime.date | None = None,
        last_updated_at: datetime.datetime | None = None,
        balances: Iterable[Balance] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> Account: ...
    @property
    def account_id(self) -> str:
        """The account's identifier in this API. (Berlin Group resourceId)"""

    @property
    def iban(self) -> str | None:
        """The international bank account number. (Berlin Group iban)"""

    @property
    def bban(self) -> str | None:
        """The national account number, where there is no IBAN. (Berlin Group bban)"""

    @property
    def bic(self) -> str | None:
        """The BIC of the bank that keeps the account. (ISO 9362)"""

    @property
    def sort_code(self) -> str | None:
        """The British sort code. (UK Open Banking SortCodeAccountNumber)"""

    @property
    def account_number(self) -> str | None:
        """The account's number within its bank. (UK Open Banking SortCodeAccountNumber)"""

    @property
    def masked_pan(self) -> str | None:
        """The card's number with its middle hidden. (Berlin Group maskedPan)"""

    @property
    def msisdn(self) -> str | None:
        """The mobile number that stands for the account. (Berlin Group msisdn)"""

    @property
    def currency(self) -> str:
        """The account's currency. (ISO 4217)"""

    @property
    def other(self) -> OtherIdentification | None:
        """Any other identification. (Berlin Group other)"""

    @property
    def account_type(self) -> AccountType:
        """The kind of account. (Oakford)"""

    @property
    def cash_account_type(self) -> str | None:
        """The kind of account in ISO 20022's terms: `CACC`, `SVGS` and so on. (ISO 20022
        ExternalCashAccountType1Code)
        """

    @property
    def usage(self) -> AccountUsage | None:
        """Whether the account belongs to a person or to a business. (Berlin Group usage)"""

    @property
    def status(self) -> AccountStatus | None:
        """The account's state. (Berlin Group status)"""

    @property
    def name(self) -> str | None:
        """The name that the bank gave the account. (Berlin Group name)"""

    @property
    def display_name(self) -> str | None:
        """The name that the customer gave the account. (Berlin Group displayName)"""

    @property
    def product(self) -> str | None:
        """The bank's product. (Berlin Group product)"""

    @property
    def owner_name(self) -> str | None:
        """Who owns the account. (Berlin Group ownerName)"""

    @property
    def details(self) -> str | None:
        """Anything else that the bank says about the account. (Berlin Group details)"""

    @property
    def linked_accounts(self) -> str | None:
        """The accounts that this one is linked with, in the bank's own words. (Berlin Group
        linkedAccounts)
        """

    @property
    def provider(self) -> Provider | None:
        """The bank that keeps the account. (Oakford)"""

    @property
    def consent_expires_at(self) -> datetime.datetime | None:
        """When the customer's consent ends. (Oakford)"""

    @property
    def opened_date(self) -> datetime.date | None:
        """When the account was opened. (UK Open Banking OpeningDate)"""

    @property
    def last_updated_at(self) -> datetime.datetime | None:
        """When the bank last reported on this account. (Oakford)"""

    @property
    def balances(self) -> tuple[Balance, ...]:
        """The account's balances, where they were asked for. (Berlin Group balances)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class StructuredRemittance(Record):
    """A reference that payer and payee agreed on, for machines."""

    __match_args__ = (
        "reference",
        "reference_type",
        "reference_issuer",
        "extra",
    )

    def __new__(
        cls,
        *,
        reference: str,
        reference_type: str | None = None,
        reference_issuer: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> StructuredRemittance: ...
    @property
    def reference(self) -> str:
        """The reference itself. (Berlin Group remittanceInformationStructured)"""

    @property
    def reference_type(self) -> str | None:
        """The kind of reference. (Berlin Group remittanceInformationStructured)"""

    @property
    def reference_issuer(self) -> str | None:
        """Who issued the reference. (Berlin Group remittanceInformationStructured)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class ProprietaryBankTransactionCode(Record):
    """The bank's own code for a kind of transaction."""

    __match_args__ = (
        "code",
        "issuer",
        "extra",
    )

    def __new__(
        cls,
        *,
        code: str,
        issuer: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> ProprietaryBankTransactionCode: ...
    @property
    def code(self) -> str:
        """The code itself. (ISO 20022 ProprietaryBankTransactionCodeStructure1)"""

    @property
    def issuer(self) -> str | None:
        """Who issued the code. (ISO 20022 ProprietaryBankTransactionCodeStructure1)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class Card(Record):
    """The card that a transaction was made with."""

    __match_args__ = (
        "masked_pan",
        "scheme",
        "authorisation_type",
        "extra",
    )

    def __new__(
        cls,
        *,
        masked_pan: str | None = None,
        scheme: str | None = None,
        authorisation_type: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Card: ...
    @property
    def masked_pan(self) -> str | None:
        """The card's number with its middle hidden. (UK Open Banking
        CardInstrument.Identification)
        """

    @property
    def scheme(self) -> str | None:
        """The card scheme. (UK Open Banking CardInstrument.CardSchemeName)"""

    @property
    def authorisation_type(self) -> str | None:
        """How the holder authorised the payment. (UK Open Banking
        CardInstrument.AuthorisationType)
        """

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class CurrencyExchange(Record):
    """An exchange of currencies within a transaction."""

    __match_args__ = (
        "source_currency",
        "target_currency",
        "unit_currency",
        "exchange_rate",
        "quotation_date",
        "contract_identification",
        "extra",
    )

    def __new__(
        cls,
        *,
        source_currency: str,
        exchange_rate: Decimal,
        target_currency: str | None = None,
        unit_currency: str | None = None,
        quotation_date: datetime.date | None = None,
        contract_identification: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> CurrencyExchange: ...
    @property
    def source_currency(self) -> str:
        """The currency that was sold. (Berlin Group currencyExchange)"""

    @property
    def target_currency(self) -> str | None:
        """The currency that was bought. (Berlin Group currencyExchange)"""

    @property
    def unit_currency(self) -> str | None:
        """The currency in which the rate is given. (Berlin Group currencyExchange)"""

    @property
    def exchange_rate(self) -> Decimal:
        """The rate, an exact decimal number. (Berlin Group currencyExchange)"""

    @property
    def quotation_date(self) -> datetime.date | None:
        """The date on which the rate was quoted. (Berlin Group currencyExchange)"""

    @property
    def contract_identification(self) -> str | None:
        """The contract that the rate was agreed in. (Berlin Group currencyExchange)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class BalanceAfterTransaction(Record):
    """What the account held after a transaction."""

    __match_args__ = (
        "balance_amount",
        "balance_type",
        "extra",
    )

    def __new__(
        cls,
        *,
        balance_amount: Amount,
        balance_type: BalanceType | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> BalanceAfterTransaction: ...
    @property
    def balance_amount(self) -> Amount:
        """How much it was. (Berlin Group balanceAfterTransaction)"""

    @property
    def balance_type(self) -> BalanceType | None:
        """What the balance counts in. (Berlin Group balanceAfterTransaction)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

@final
class Transaction(Record):
    """A movement on an account."""

    __match_args__ = (
        "transaction_id",
        "entry_reference",
        "pending_transaction_id",
        "status",
        "mutability",
        "transaction_amount",
        "credit_debit_indicator",
        "booking_date",
        "value_date",
        "transaction_date",
        "booking_date_time",
        "value_date_time",
        "creditor_name",
        "creditor_account",
        "creditor_agent",
        "creditor_id",
        "ultimate_creditor",
        "debtor_name",
        "debtor_account",
        "debtor_agent",
        "ultimate_debtor",
        "remittance_information_unstructured",
        "remittance_information_structured",
        "additional_information",
        "bank_transaction_code",
        "proprietary_bank_transaction_code",
        "purpose_code",
        "merchant_category_code",
        "merchant_name",
        "card",
        "charge_amount",
        "instructed_amount",
        "currency_exchange",
        "balance_after_transaction",
        "end_to_end_id",
        "mandate_id",
        "check_id",
        "extra",
        "key",
    )

    def __new__(
        cls,
        *,
        status: TransactionStatus,
        transaction_amount: Amount,
        transaction_id: str | None = None,
        entry_reference: str | None = None,
        pending_transaction_id: str | None = None,
        mutability: Mutability | None = None,
        credit_debit_indicator: CreditDebitIndicator | None = None,
        booking_date: datetime.date | None = None,
        value_date: datetime.date | None = None,
        transaction_date: datetime.date | None = None,
        booking_date_time: datetime.datetime | None = None,
        value_date_time: datetime.datetime | None = None,
        creditor_name: str | None = None,
        creditor_account: AccountReference | None = None,
        creditor_agent: str | None = None,
        creditor_id: str | None = None,
        ultimate_creditor: str | None = None,
        debtor_name: str | None = None,
        debtor_account: AccountReference | None = None,
        debtor_agent: str | None = None,
        ultimate_debtor: str | None = None,
        remittance_information_unstructured: tuple[str, ...] | list[str] = (),
        remittance_information_structured: Iterable[StructuredRemittance] = (),
        additional_information: str | None = None,
        bank_transaction_code: str | None = None,
        proprietary_bank_transaction_code: ProprietaryBankTransactionCode | None = None,
        purpose_code: str | None = None,
        merchant_category_code: str | None = None,
        merchant_name: str | None = None,
        card: Card | None = None,
        charge_amount: Amount | None = None,
        instructed_amount: Amount | None = None,
        currency_exchange: Iterable[CurrencyExchange] = (),
        balance_after_transaction: BalanceAfterTransaction | None = None,
        end_to_end_id: str | None = None,
        mandate_id: str | None = None,
        check_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Transaction: ...
    @property
    def transaction_id(self) -> str | None:
        """The bank's identifier. Often missing, and unstable while the transaction is
        pending: rely on `key`. (Berlin Group transactionId)
        """

    @property
    def entry_reference(self) -> str | None:
        """The reference of the entry in the account's books. (Berlin Group entryReference)"""

    @property
    def pending_transaction_id(self) -> str | None:
        """The identifier that the transaction had while it was pending. (Oakford)"""

    @property
    def status(self) -> TransactionStatus:
        """How far the transaction has come. (ISO 20022 ExternalEntryStatus1Code)"""

    @property
    def mutability(self) -> Mutability | None:
        """Whether the bank may still change the transaction. (UK Open Banking
        TransactionMutability)
        """

    @property
    def transaction_amount(self) -> Amount:
        """How much moved: positive came in, negative went out. (Berlin Group
        transactionAmount)
        """

    @property
    def credit_debit_indicator(self) -> CreditDebitIndicator | None:
        """Whether money came in or went out; agrees with the amount's sign. (ISO 20022
        CreditDebitCode)
        """

    @property
    def booking_date(self) -> datetime.date | None:
        """The day on which the bank booked it. (Berlin Group bookingDate)"""

    @property
    def value_date(self) -> datetime.date | None:
        """The day from which it counts for interest. (Berlin Group valueDate)"""

    @property
    def transaction_date(self) -> datetime.date | None:
        """The day on which the customer made it. (Berlin Group transactionDate)"""

    @property
    def booking_date_time(self) -> datetime.datetime | None:
        """When the bank booked it. (UK Open Banking BookingDateTime)"""

    @property
    def value_date_time(self) -> datetime.datetime | None:
        """When it begins to count for interest. (UK Open Banking ValueDateTime)"""

    @property
    def creditor_name(self) -> str | None:
        """Who received the money. (Berlin Group creditorName)"""

    @property
    def creditor_account(self) -> AccountReference | None:
        """The account that received the money. (Berlin Group creditorAccount)"""

    @property
    def creditor_agent(self) -> str | None:
        """The BIC of the receiver's bank. (Berlin Group creditorAgent)"""

    @property
    def creditor_id(self) -> str | None:
        """The receiver's identifier in SEPA direct debit. (Berlin Group creditorId)"""

    @property
    def ultimate_creditor(self) -> str | None:
        """For whom the receiver received it. (Berlin Group ultimateCreditor)"""

    @property
    def debtor_name(self) -> str | None:
        """Who paid. (Berlin Group debtorName)"""

    @property
    def debtor_account(self) -> AccountReference | None:
        """The account that paid. (Berlin Group debtorAccount)"""

    @property
    def debtor_agent(self) -> str | None:
        """The BIC of the payer's bank. (Berlin Group debtorAgent)"""

    @property
    def ultimate_debtor(self) -> str | None:
        """For whom the payer paid. (Berlin Group ultimateDebtor)"""

    @property
    def remittance_information_unstructured(self) -> tuple[str, ...]:
        """The payer's message to the payee, line by line. (Berlin Group
        remittanceInformationUnstructuredArray)
        """

    @property
    def remittance_information_structured(self) -> tuple[StructuredRemittance, ...]:
        """References that payer and payee agreed on. (Berlin Group
        remittanceInformationStructuredArray)
        """

    @property
    def additional_information(self) -> str | None:
        """Anything else that the bank says about it. (Berlin Group additionalInformation)"""

    @property
    def bank_transaction_code(self) -> str | None:
        """The kind of transaction in ISO 20022's terms: `PMNT-RCDT-ESCT`. (Berlin Group
        bankTransactionCode)
        """

    @property
    def proprietary_bank_transaction_code(self) -> ProprietaryBankTransactionCode | None:
        """The kind of transaction in the bank's own code. (Berlin Group
        proprietaryBankTransactionCode)
        """

    @property
    def purpose_code(self) -> str | None:
        """The purpose of the payment. (ISO 20022 ExternalPurpose1Code)"""

    @property
    def merchant_category_code(self) -> str | None:
        """The merchant's category. (ISO 18245)"""

    @property
    def merchant_name(self) -> str | None:
        """The merchant's name. (UK Open Banking MerchantDetails)"""

    @property
    def card(self) -> Card | None:
        """The card that it was made with. (UK Open Banking CardInstrument)"""

    @property
    def charge_amount(self) -> Amount | None:
        """What the bank charged for it. (UK Open Banking ChargeAmount)"""

    @property
    def instructed_amount(self) -> Amount | None:
        """The amount as it was instructed, before exchange and charges. (Berlin Group
        instructedAmount)
        """

    @property
    def currency_exchange(self) -> tuple[CurrencyExchange, ...]:
        """The exchanges of currencies within it. (Berlin Group currencyExchange)"""

    @property
    def balance_after_transaction(self) -> BalanceAfterTransaction | None:
        """What the account held afterwards. (Berlin Group balanceAfterTransaction)"""

    @property
    def end_to_end_id(self) -> str | None:
        """The reference that the payer gave, unchanged from end to end. (Berlin Group
        endToEndId)
        """

    @property
    def mandate_id(self) -> str | None:
        """The direct debit mandate. (Berlin Group mandateId)"""

    @property
    def check_id(self) -> str | None:
        """The cheque's number. (Berlin Group checkId)"""

    @property
    def extra(self) -> Mapping[str, Any]:
        """The fields that this version does not know, under their names on the wire. Numbers
        are exact: `int` or `Decimal`.
        """

    @property
    def key(self) -> str:
        """Unique in its listing, whether the bank gave the row an id or not: its id if it
        has one, else a hash of its stable content.
        """
