//! From a row as it was decoded to what sync looks at.

use super::{Row, Sync};
use crate::aisp::decode::{self, Side, field};

impl Sync {
    /// Takes the next row of the listing, as it was decoded. The keys must be those of one listing, over all of its pages.
    pub fn push_decoded(&mut self, row: &decode::Row<'_>) {
        let text = |field| row.text(field);
        let counterparty = match row.side() {
            Some(Side::Credit) => {
                text(field::DEBTOR_NAME).or_else(|| row.account_number(field::DEBTOR_ACCOUNT))
            }
            _ => text(field::CREDITOR_NAME)
                .or_else(|| text(field::MERCHANT_NAME))
                .or_else(|| row.account_number(field::CREDITOR_ACCOUNT)),
        };
        let (amount, currency) = row.amount().unwrap_or_default();
        self.push(&Row {
            key: &row.key(),
            id: text(field::TRANSACTION_ID).as_deref(),
            pending_id: text(field::PENDING_TRANSACTION_ID).as_deref(),
            status: &text(field::STATUS).unwrap_or_default(),
            amount: &amount,
            currency: &currency,
            counterparty: counterparty.as_deref(),
            booking_date: text(field::BOOKING_DATE).as_deref(),
            value_date: text(field::VALUE_DATE).as_deref(),
            transaction_date: text(field::TRANSACTION_DATE).as_deref(),
            content: row.content(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Changes, Replaced};
    use super::*;
    use crate::aisp::decode::{Keys, Message, decode};

    fn sync(checkpoint: Option<&str>, pages: &[&str]) -> Changes {
        let mut sync = Sync::begin("a", checkpoint, 1_770_000_000_000).unwrap();
        let mut keys = Keys::new();
        for page in pages {
            let body = ["{\"account_id\":\"a\",\"transactions\":[", page, "],\"next_cursor\":null}"].concat();
            let decoded = decode(Message::TransactionList, body.into_bytes(), &mut keys).unwrap();
            decoded.rows().for_each(|row| sync.push_decoded(&row));
        }
        sync.finish()
    }

    const COFFEE: &str = r#"{"status":"pending","transaction_amount":{"amount":"-3.20","currency":"EUR"},
        "transaction_date":"2026-02-01","creditor_name":"Kaffeehaus","creditor_account":{"iban":"DE89370400440532013000"}}"#;
    const BOOKED: &str = r#"{"status":"booked","transaction_amount":{"amount":-3.2,"currency":"EUR"},"entry_reference":"E-7",
        "booking_date":"2026-02-02","merchant_name":"KAFFEEHAUS"}"#;

    #[test]
    fn equal_rows_on_two_pages_are_two_and_one_of_them_books() {
        let first = sync(None, &[COFFEE, COFFEE]);
        assert_eq!(first.added, [0, 1]);
        let same = sync(Some(&first.checkpoint), &[COFFEE, COFFEE]);
        assert_eq!(same, Changes { checkpoint: same.checkpoint.clone(), ..Changes::default() });

        let second = sync(Some(&same.checkpoint), &[BOOKED, COFFEE]);
        let [key] = &second.removed[..] else { panic!("{second:?}") };
        assert!(key.ends_with("#2"));
        assert_eq!((second.added, second.updated), (vec![], vec![0]));
        assert_eq!(second.replaced, [Replaced { key: key.clone(), row: 0 }]);
    }

    #[test]
    fn a_checkpoint_holds_neither_name_nor_account_number() {
        let checkpoint = sync(None, &[COFFEE, BOOKED]).checkpoint;
        let bytes = crate::base64url::decode(&checkpoint).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        assert!(
            ["kaffee", "de89", "0532013000", "-3.2", "eur", "e-7"].iter().all(|word| !text.contains(word))
        );
        assert!(text.contains("~e"));
    }
}
