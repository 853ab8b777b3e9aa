//! The models of the account-information API, each described once.
//!
//! A field is one line: what it means, its name on the wire, whether it is required, its kind, the standard it is from.

use super::schema::{Field, Kind, Model, OpenEnum, Shape, models, open_enums};

open_enums! {
    /// The kind of account.
    ACCOUNT_TYPE as "AccountType" {
        "current", "savings", "card", "loan", "mortgage", "e_money", "cash", "investment", "other",
    }

    /// Whether an account belongs to a person or to a business.
    ACCOUNT_USAGE as "AccountUsage" { "personal", "business" }

    /// The state of an account.
    ACCOUNT_STATUS as "AccountStatus" { "enabled", "blocked", "deleted", "pending" }

    /// What a balance counts in.
    BALANCE_TYPE as "BalanceType" {
        "closing_booked", "closing_available", "expected", "interim_booked", "interim_available", "forward_available",
        "opening_booked", "opening_available", "previously_closed_booked", "non_invoiced", "information", "other",
    }

    /// How far a transaction has come.
    TRANSACTION_STATUS as "TransactionStatus" {
        "booked", "pending", "information", "scheduled", "rejected", "cancelled",
    }

    /// Whether the bank may still change a transaction.
    MUTABILITY as "Mutability" { "mutable", "immutable" }

    /// Whether money came in or went out.
    CREDIT_DEBIT_INDICATOR as "CreditDebitIndicator" { "credit", "debit" }
}

models! {
    /// An exact amount of money: the digits that came over the wire, and their currency.
    Value AMOUNT as "Amount" {
        /// The signed decimal number, with every digit that came over the wire: `"-42.10"`.
        amount: required decimal, from "Berlin Group amount";
        /// The currency's ISO 4217 code.
        currency: required currency, from "ISO 4217";
    }

    /// An identification of an account that none of the usual fields fits.
    Record OTHER_IDENTIFICATION as "OtherIdentification" {
        /// The identification itself.
        identification: required id, from "ISO 20022 GenericAccountIdentification1";
        /// The scheme that the identification belongs to.
        scheme_name: optional code, from "ISO 20022 GenericAccountIdentification1";
        /// Who issued the identification.
        issuer: optional code, from "ISO 20022 GenericAccountIdentification1";
    }

    /// What identifies an account.
    Record ACCOUNT_REFERENCE as "AccountReference" {
        /// The international bank account number.
        iban: optional text, from "Berlin Group iban";
        /// The national account number, where there is no IBAN.
        bban: optional id, from "Berlin Group bban";
        /// The BIC of the bank that keeps the account.
        bic: optional code, from "ISO 9362";
        /// The British sort code.
        sort_code: optional id, from "UK Open Banking SortCodeAccountNumber";
        /// The account's number within its bank.
        account_number: optional id, from "UK Open Banking SortCodeAccountNumber";
        /// The card's number with its middle hidden.
        masked_pan: optional text, from "Berlin Group maskedPan";
        /// The mobile number that stands for the account.
        msisdn: optional id, from "Berlin Group msisdn";
        /// The currency, by which sub-accounts of one number differ.
        currency: optional currency, from "ISO 4217";
        /// Any other identification.
        other: optional model(OTHER_IDENTIFICATION), from "Berlin Group other";
    }

    /// The bank that keeps an account.
    Record PROVIDER as "Provider" {
        /// The provider's identifier at Oakford.
        provider_id: required id, from "Oakford";
        /// The provider's name, fit to be shown.
        display_name: optional text, from "Oakford";
        /// The provider's BIC.
        bic: optional code, from "ISO 9362";
        /// The provider's country.
        country: optional code, from "ISO 3166-1 alpha-2";
    }

    /// A line of credit that a balance may count in.
    Record CREDIT_LINE as "CreditLine" {
        /// Whether the balance counts this line in.
        credit_limit_included: optional flag, from "UK Open Banking CreditLine.Included";
        /// The kind of credit: agreed, emergency, temporary and so on.
        credit_line_type: optional code, from "UK Open Banking CreditLine.Type";
        /// How much credit there is.
        credit_line_amount: optional model(AMOUNT), from "UK Open Banking CreditLine.Amount";
    }

    /// A balance of an account.
    Record BALANCE as "Balance" {
        /// What the balance counts in.
        balance_type: required open_enum(BALANCE_TYPE), from "Berlin Group balanceType";
        /// How much it is; negative where the account is overdrawn.
        balance_amount: required model(AMOUNT), from "Berlin Group balanceAmount";
        /// Whether the amount contains a credit limit.
        credit_limit_included: optional flag, from "Berlin Group creditLimitIncluded";
        /// The lines of credit of the account.
        credit_lines: optional models(CREDIT_LINE), from "UK Open Banking CreditLine";
        /// The date for which the balance holds.
        reference_date: optional date, from "Berlin Group referenceDate";
        /// When the balance last changed.
        last_change_date_time: optional instant, from "Berlin Group lastChangeDateTime";
        /// The entry reference of the last transaction that the balance counts in.
        last_committed_transaction: optional id, from "Berlin Group lastCommittedTransaction";
    }

    /// An account of the customer.
    Record ACCOUNT as "Account" {
        /// The account's identifier in this API.
        account_id: required id, from "Berlin Group resourceId";
        /// The international bank account number.
        iban: optional text, from "Berlin Group iban";
        /// The national account number, where there is no IBAN.
        bban: optional id, from "Berlin Group bban";
        /// The BIC of the bank that keeps the account.
        bic: optional code, from "ISO 9362";
        /// The British sort code.
        sort_code: optional id, from "UK Open Banking SortCodeAccountNumber";
        /// The account's number within its bank.
        account_number: optional id, from "UK Open Banking SortCodeAccountNumber";
        /// The card's number with its middle hidden.
        masked_pan: optional text, from "Berlin Group maskedPan";
        /// The mobile number that stands for the account.
        msisdn: optional id, from "Berlin Group msisdn";
        /// The account's currency.
        currency: required currency, from "ISO 4217";
        /// Any other identification.
        other: optional model(OTHER_IDENTIFICATION), from "Berlin Group other";
        /// The kind of account.
        account_type: required open_enum(ACCOUNT_TYPE), from "Oakford";
        /// The kind of account in ISO 20022's terms: `CACC`, `SVGS` and so on.
        cash_account_type: optional code, from "ISO 20022 ExternalCashAccountType1Code";
        /// Whether the account belongs to a person or to a business.
        usage: optional open_enum(ACCOUNT_USAGE), from "Berlin Group usage";
        /// The account's state.
        status: optional open_enum(ACCOUNT_STATUS), from "Berlin Group status";
        /// The name that the bank gave the account.
        name: optional text, from "Berlin Group name";
        /// The name that the customer gave the account.
        display_name: optional text, from "Berlin Group displayName";
        /// The bank's product.
        product: optional text, from "Berlin Group product";
        /// Who owns the account.
        owner_name: optional text, from "Berlin Group ownerName";
        /// Anything else that the bank says about the account.
        details: optional text, from "Berlin Group details";
        /// The accounts that this one is linked with, in the bank's own words.
        linked_accounts: optional text, from "Berlin Group linkedAccounts";
        /// The bank that keeps the account.
        provider: optional model(PROVIDER), from "Oakford";
        /// When the customer's consent ends.
        consent_expires_at: optional instant, from "Oakford";
        /// When the account was opened.
        opened_date: optional date, from "UK Open Banking OpeningDate";
        /// When the bank last reported on this account.
        last_updated_at: optional instant, from "Oakford";
        /// The account's balances, where they were asked for.
        balances: optional models(BALANCE), from "Berlin Group balances";
    }

    /// A reference that payer and payee agreed on, for machines.
    Record STRUCTURED_REMITTANCE as "StructuredRemittance" {
        /// The reference itself.
        reference: required id, from "Berlin Group remittanceInformationStructured";
        /// The kind of reference.
        reference_type: optional code, from "Berlin Group remittanceInformationStructured";
        /// Who issued the reference.
        reference_issuer: optional code, from "Berlin Group remittanceInformationStructured";
    }

    /// The bank's own code for a kind of transaction.
    Record PROPRIETARY_CODE as "ProprietaryBankTransactionCode" {
        /// The code itself.
        code: required id, from "ISO 20022 ProprietaryBankTransactionCodeStructure1";
        /// Who issued the code.
        issuer: optional code, from "ISO 20022 ProprietaryBankTransactionCodeStructure1";
    }

    /// The card that a transaction was made with.
    Record CARD as "Card" {
        /// The card's number with its middle hidden.
        masked_pan: optional text, from "UK Open Banking CardInstrument.Identification";
        /// The card scheme.
        scheme: optional code, from "UK Open Banking CardInstrument.CardSchemeName";
        /// How the holder authorised the payment.
        authorisation_type: optional code, from "UK Open Banking CardInstrument.AuthorisationType";
    }

    /// An exchange of currencies within a transaction.
    Record CURRENCY_EXCHANGE as "CurrencyExchange" {
        /// The currency that was sold.
        source_currency: required currency, from "Berlin Group currencyExchange";
        /// The currency that was bought.
        target_currency: optional currency, from "Berlin Group currencyExchange";
        /// The currency in which the rate is given.
        unit_currency: optional currency, from "Berlin Group currencyExchange";
        /// The rate, an exact decimal number.
        exchange_rate: required decimal, from "Berlin Group currencyExchange";
        /// The date on which the rate was quoted.
        quotation_date: optional date, from "Berlin Group currencyExchange";
        /// The contract that the rate was agreed in.
        contract_identification: optional id, from "Berlin Group currencyExchange";
    }

    /// What the account held after a transaction.
    Record BALANCE_AFTER_TRANSACTION as "BalanceAfterTransaction" {
        /// How much it was.
        balance_amount: required model(AMOUNT), from "Berlin Group balanceAfterTransaction";
        /// What the balance counts in.
        balance_type: optional open_enum(BALANCE_TYPE), from "Berlin Group balanceAfterTransaction";
    }

    /// A movement on an account.
    Keyed TRANSACTION as "Transaction" {
        /// The bank's identifier. Often missing, and unstable while the transaction is pending: rely on `key`.
        transaction_id: optional id, from "Berlin Group transactionId";
        /// The reference of the entry in the account's books.
        entry_reference: optional id, from "Berlin Group entryReference";
        /// The identifier that the transaction had while it was pending.
        pending_transaction_id: optional id, from "Oakford";
        /// How far the transaction has come.
        status: required open_enum(TRANSACTION_STATUS), from "ISO 20022 ExternalEntryStatus1Code";
        /// Whether the bank may still change the transaction.
        mutability: optional open_enum(MUTABILITY), from "UK Open Banking TransactionMutability";
        /// How much moved: positive came in, negative went out.
        transaction_amount: required model(AMOUNT), from "Berlin Group transactionAmount";
        /// Whether money came in or went out; agrees with the amount's sign.
        credit_debit_indicator: optional open_enum(CREDIT_DEBIT_INDICATOR), from "ISO 20022 CreditDebitCode";
        /// The day on which the bank booked it.
        booking_date: optional date, from "Berlin Group bookingDate";
        /// The day from which it counts for interest.
        value_date: optional date, from "Berlin Group valueDate";
        /// The day on which the customer made it.
        transaction_date: optional date, from "Berlin Group transactionDate";
        /// When the bank booked it.
        booking_date_time: optional instant, from "UK Open Banking BookingDateTime";
        /// When it begins to count for interest.
        value_date_time: optional instant, from "UK Open Banking ValueDateTime";
        /// Who received the money.
        creditor_name: optional text, from "Berlin Group creditorName";
        /// The account that received the money.
        creditor_account: optional model(ACCOUNT_REFERENCE), from "Berlin Group creditorAccount";
        /// The BIC of the receiver's bank.
        creditor_agent: optional code, from "Berlin Group creditorAgent";
        /// The receiver's identifier in SEPA direct debit.
        creditor_id: optional id, from "Berlin Group creditorId";
        /// For whom the receiver received it.
        ultimate_creditor: optional text, from "Berlin Group ultimateCreditor";
        /// Who paid.
        debtor_name: optional text, from "Berlin Group debtorName";
        /// The account that paid.
        debtor_account: optional model(ACCOUNT_REFERENCE), from "Berlin Group debtorAccount";
        /// The BIC of the payer's bank.
        debtor_agent: optional code, from "Berlin Group debtorAgent";
        /// For whom the payer paid.
        ultimate_debtor: optional text, from "Berlin Group ultimateDebtor";
        /// The payer's message to the payee, line by line.
        remittance_information_unstructured: optional texts, from "Berlin Group remittanceInformationUnstructuredArray";
        /// References that payer and payee agreed on.
        remittance_information_structured: optional models(STRUCTURED_REMITTANCE), from "Berlin Group remittanceInformationStructuredArray";
        /// Anything else that the bank says about it.
        additional_information: optional text, from "Berlin Group additionalInformation";
        /// The kind of transaction in ISO 20022's terms: `PMNT-RCDT-ESCT`.
        bank_transaction_code: optional code, from "Berlin Group bankTransactionCode";
        /// The kind of transaction in the bank's own code.
        proprietary_bank_transaction_code: optional model(PROPRIETARY_CODE), from "Berlin Group proprietaryBankTransactionCode";
        /// The purpose of the payment.
        purpose_code: optional code, from "ISO 20022 ExternalPurpose1Code";
        /// The merchant's category.
        merchant_category_code: optional code, from "ISO 18245";
        /// The merchant's name.
        merchant_name: optional text, from "UK Open Banking MerchantDetails";
        /// The card that it was made with.
        card: optional model(CARD), from "UK Open Banking CardInstrument";
        /// What the bank charged for it.
        charge_amount: optional model(AMOUNT), from "UK Open Banking ChargeAmount";
        /// The amount as it was instructed, before exchange and charges.
        instructed_amount: optional model(AMOUNT), from "Berlin Group instructedAmount";
        /// The exchanges of currencies within it.
        currency_exchange: optional models(CURRENCY_EXCHANGE), from "Berlin Group currencyExchange";
        /// What the account held afterwards.
        balance_after_transaction: optional model(BALANCE_AFTER_TRANSACTION), from "Berlin Group balanceAfterTransaction";
        /// The reference that the payer gave, unchanged from end to end.
        end_to_end_id: optional id, from "Berlin Group endToEndId";
        /// The direct debit mandate.
        mandate_id: optional id, from "Berlin Group mandateId";
        /// The cheque's number.
        check_id: optional id, from "Berlin Group checkId";
    }

    /// The body of `GET /accounts`.
    Envelope ACCOUNT_LIST as "AccountList" {
        /// The accounts.
        accounts: required models(ACCOUNT), from "Oakford";
        /// Where the next page begins; null or absent at the end.
        next_cursor: optional text, from "Oakford";
    }

    /// The body of `GET /accounts/{id}/balances`.
    Envelope BALANCE_LIST as "BalanceList" {
        /// The account that the balances are of.
        account_id: required id, from "Oakford";
        /// The balances.
        balances: required models(BALANCE), from "Oakford";
    }

    /// The body of `GET /accounts/{id}/transactions`.
    Envelope TRANSACTION_LIST as "TransactionList" {
        /// The account that the transactions are of.
        account_id: required id, from "Oakford";
        /// The transactions.
        transactions: required models(TRANSACTION), from "Oakford";
        /// Where the next page begins; null or absent at the end.
        next_cursor: required text, from "Oakford";
    }
}
