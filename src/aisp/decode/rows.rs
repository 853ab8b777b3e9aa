//! A view of the rows of a decoded body, for Rust.

use super::super::models::{ACCOUNT_REFERENCE, AMOUNT, TRANSACTION};
use super::super::schema::{Kind, Model, Shape};
use super::Decoded;
use super::tape::{CHUNK, Source, TEXT, TextRef};
use std::borrow::Cow;

/// Places of fields, for [`Row::text`] and its like.
pub mod field {
    use super::{super::super::schema::position, TRANSACTION};

    macro_rules! fields {
        ($($name:ident = $wire:literal;)+) => {
            $(
                #[doc = concat!("`", $wire, "` of a transaction.")]
                pub const $name: usize = position(TRANSACTION.fields, $wire);
                const _: () = assert!($name < TRANSACTION.fields.len());
            )+
        };
    }

    fields! {
        TRANSACTION_ID = "transaction_id";
        ENTRY_REFERENCE = "entry_reference";
        PENDING_TRANSACTION_ID = "pending_transaction_id";
        STATUS = "status";
        TRANSACTION_AMOUNT = "transaction_amount";
        CREDIT_DEBIT_INDICATOR = "credit_debit_indicator";
        BOOKING_DATE = "booking_date";
        VALUE_DATE = "value_date";
        TRANSACTION_DATE = "transaction_date";
        BOOKING_DATE_TIME = "booking_date_time";
        VALUE_DATE_TIME = "value_date_time";
        CREDITOR_NAME = "creditor_name";
        CREDITOR_ACCOUNT = "creditor_account";
        CREDITOR_AGENT = "creditor_agent";
        CREDITOR_ID = "creditor_id";
        ULTIMATE_CREDITOR = "ultimate_creditor";
        DEBTOR_NAME = "debtor_name";
        DEBTOR_ACCOUNT = "debtor_account";
        DEBTOR_AGENT = "debtor_agent";
        ULTIMATE_DEBTOR = "ultimate_debtor";
        REMITTANCE_UNSTRUCTURED = "remittance_information_unstructured";
        REMITTANCE_STRUCTURED = "remittance_information_structured";
        ADDITIONAL_INFORMATION = "additional_information";
        BANK_TRANSACTION_CODE = "bank_transaction_code";
        PROPRIETARY_CODE = "proprietary_bank_transaction_code";
        MERCHANT_CATEGORY_CODE = "merchant_category_code";
        MERCHANT_NAME = "merchant_name";
        CARD = "card";
        END_TO_END_ID = "end_to_end_id";
        MANDATE_ID = "mandate_id";
        CHECK_ID = "check_id";
    }
}

// The builder that `generate` writes takes the key from the first field.
const _: () = assert!(field::TRANSACTION_ID == 0);

/// Whether money came in or went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It came in.
    Credit,
    /// It went out.
    Debit,
}

/// The rows of a decoded body, in its order.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    decoded: &'a Decoded,
    chunk: usize,
    row: usize,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub(super) record: Record<'a>,
    chunk: usize,
}

/// An object on the tape, with the chunk that its texts lie in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    decoded: &'a Decoded,
    pub model: &'static Model,
    pub base: usize,
    chunk: [u32; CHUNK],
}

/// A text as it lies: one byte a character, or UTF-16. Which of them depends on the text alone, so that equal texts have
/// equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Raw<'a> {
    Narrow(&'a [u8]),
    Wide(&'a [u8]),
}

impl Decoded {
    /// The rows, in the order of the body.
    pub fn rows(&self) -> Rows<'_> {
        Rows { decoded: self, chunk: 0, row: 0 }
    }

    pub(super) fn word(&self, at: usize) -> usize {
        self.tape.get(at).map_or(0, |word| *word as usize)
    }

    pub(super) fn chunk(&self, number: usize) -> Option<[u32; CHUNK]> {
        if number >= self.word(2) {
            return None;
        }
        self.tape.get(self.word(1) + number * CHUNK..)?.first_chunk().copied()
    }

    pub(super) fn chunk_place(&self, number: usize) -> usize {
        self.word(1) + number * CHUNK
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        let decoded = self.decoded;
        let chunk = decoded.chunk(self.chunk)?;
        let [_, _, list, rows, ..] = chunk;
        let base = decoded.word(list as usize + self.row);
        let row =
            Row { record: Record { decoded, model: decoded.message.row(), base, chunk }, chunk: self.chunk };
        self.row += 1;
        if self.row >= rows as usize {
            self.chunk += 1;
            self.row = 0;
        }
        Some(row)
    }
}

impl<'a> Row<'a> {
    /// The chunk that the row belongs to.
    pub(super) fn chunk(&self) -> usize {
        self.chunk
    }

    /// The row's key. Only transactions have one.
    pub fn key(&self) -> Cow<'a, str> {
        let record = &self.record;
        let [.., keys, keys_end] = record.chunk;
        match (record.model.shape == Shape::Keyed).then(|| TextRef::of(record.slot(record.model.key_slot())))
        {
            Some(TextRef::Chunk { length: 0, .. }) => self.text(field::TRANSACTION_ID).unwrap_or_default(),
            Some(TextRef::Chunk { offset, length }) => {
                let keys = record.decoded.aux.get(keys as usize..keys_end as usize).unwrap_or_default();
                Raw::Narrow(keys.get(offset..offset + length).unwrap_or_default()).read()
            }
            _ => Cow::Borrowed(""),
        }
    }

    /// A text field. `None` where it is absent.
    pub fn text(&self, field: usize) -> Option<Cow<'a, str>> {
        self.record.raw(field).map(Raw::read)
    }

    /// Digits and currency of `transaction_amount`, or of the balance's amount.
    pub fn amount(&self) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        let is_amount = |kind: Kind| matches!(kind, Kind::Model(model) if model.id == AMOUNT.id);
        let place = self.record.model.fields.iter().position(|field| is_amount(field.kind))?;
        let amount = self.record.inner(place)?;
        Some((amount.raw(0)?.read(), amount.raw(1)?.read()))
    }

    /// Whether money came in or went out: what the row says, else what the amount's sign says.
    pub fn side(&self) -> Option<Side> {
        match self.text(field::CREDIT_DEBIT_INDICATOR).as_deref() {
            Some("credit") => Some(Side::Credit),
            Some("debit") => Some(Side::Debit),
            _ => {
                let (amount, _) = self.amount()?;
                Some(if amount.starts_with('-') { Side::Debit } else { Side::Credit })
            }
        }
    }

    /// A text of the account that a field holds (`creditor_account`, `debtor_account`): the first identification it has.
    pub fn account_number(&self, field: usize) -> Option<Cow<'a, str>> {
        let account = self.record.inner(field)?;
        if account.model.id != ACCOUNT_REFERENCE.id {
            return None;
        }
        ["iban", "bban", "account_number", "masked_pan", "msisdn"]
            .iter()
            .filter_map(|name| account.model.fields.iter().position(|field| field.wire == *name))
            .find_map(|place| account.raw(place))
            .map(Raw::read)
    }
}

impl<'a> Record<'a> {
    pub(super) fn slot(&self, slot: usize) -> u32 {
        self.decoded.tape.get(self.base + slot).copied().unwrap_or(0)
    }

    /// The object that a field holds.
    pub(super) fn inner(&self, field: usize) -> Option<Record<'a>> {
        match (self.model.fields.get(field)?.kind, self.slot(field) as usize) {
            (_, 0) => None,
            (Kind::Model(model), base) => Some(Record { model, base, ..*self }),
            _ => None,
        }
    }

    /// The slots of a list's elements.
    pub(super) fn elements(&self, field: usize) -> &'a [u32] {
        let place = self.slot(field) as usize;
        if place == 0 {
            return &[];
        }
        self.decoded.tape.get(place + 1..place + 1 + self.decoded.word(place)).unwrap_or_default()
    }

    /// The record of an element of a list.
    pub(super) fn element(&self, model: &'static Model, slot: u32) -> Record<'a> {
        Record { model, base: slot as usize, ..*self }
    }

    /// A text field as it lies.
    pub(super) fn raw(&self, field: usize) -> Option<Raw<'a>> {
        let kind = self.model.fields.get(field)?.kind;
        if matches!(kind, Kind::Flag | Kind::Model(_) | Kind::Models(_) | Kind::Texts) {
            return None;
        }
        self.raw_at(self.slot(field), kind)
    }

    /// Returns the text of a slot.
    pub(super) fn raw_at(&self, slot: u32, kind: Kind) -> Option<Raw<'a>> {
        if slot == 0 {
            return None;
        }
        let [begin, _, _, _, wide, ..] = self.chunk.map(|word| word as usize);
        let decoded = self.decoded;
        let aux = |from: usize, length: usize| decoded.aux.get(from..from + length).unwrap_or_default();
        Some(match TextRef::of(slot) {
            TextRef::Chunk { offset, length } => {
                let from = begin + offset;
                Raw::Narrow(decoded.text.get(from..from + length).unwrap_or_default())
            }
            TextRef::Wide { offset, length } => Raw::Wide(aux(wide + 2 * offset, 2 * length)),
            TextRef::Table(number) => self.table_text(number, kind),
        })
    }

    fn table_text(&self, number: usize, kind: Kind) -> Raw<'a> {
        use super::super::{models::ENUMS, schema::MAX_WORDS};
        let Some(place) = number.checked_sub(ENUMS.len() * MAX_WORDS) else {
            let word = match kind {
                Kind::OpenEnum(of) => of.values.get(number % MAX_WORDS).copied().unwrap_or_default(),
                _ => "",
            };
            return Raw::Narrow(word.as_bytes());
        };
        let decoded = self.decoded;
        let at = decoded.word(3) + place * TEXT;
        let (source, from, length) = (decoded.word(at), decoded.word(at + 1), decoded.word(at + 2));
        let part = |all: &'a [u8]| all.get(from..from + length).unwrap_or_default();
        if source == Source::Narrow as usize {
            Raw::Narrow(part(&decoded.text))
        } else {
            Raw::Wide(part(&decoded.aux))
        }
    }
}

impl<'a> Raw<'a> {
    /// The text. Lone surrogates, which Rust's text can't hold, become U+FFFD.
    pub(super) fn read(self) -> Cow<'a, str> {
        match self {
            Raw::Narrow(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) if bytes.is_ascii() => Cow::Borrowed(text),
                _ => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
            },
            Raw::Wide(bytes) => {
                let units = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
                Cow::Owned(
                    char::decode_utf16(units)
                        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                        .collect(),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Keys, Message, decode};
    use super::*;

    fn decoded(rows: &str) -> Decoded {
        let body = format!("{{\"account_id\":\"a\",\"transactions\":[{rows}],\"next_cursor\":null}}");
        decode(Message::TransactionList, body.into_bytes(), &mut Keys::new()).expect("a good body")
    }

    #[test]
    fn a_row_tells_its_fields() {
        let decoded = decoded(
            r#"{"transaction_id":"t1","status":"booked","transaction_amount":{"amount":"-42.10","currency":"EUR"},
                "booking_date":"2024-02-29","creditor_name":"Caf\u00e9 Ζορμπάς","creditor_account":{"iban":"DE00"},
                "debtor_account":{"other":{"identification":7}}},
               {"status":"held","transaction_amount":{"amount":12.30,"currency":"EUR"},"credit_debit_indicator":"credit"}"#,
        );
        let rows: Vec<Row<'_>> = decoded.rows().collect();
        assert_eq!((rows.len(), decoded.rows), (2, 2));
        assert_eq!(rows[0].key(), "t1");
        assert_eq!(rows[0].text(field::STATUS).as_deref(), Some("booked"));
        assert_eq!(rows[0].amount(), Some(("-42.10".into(), "EUR".into())));
        assert_eq!(rows[0].text(field::BOOKING_DATE).as_deref(), Some("2024-02-29"));
        assert_eq!(rows[0].text(field::CREDITOR_NAME).as_deref(), Some("Café Ζορμπάς"));
        assert_eq!(rows[0].account_number(field::CREDITOR_ACCOUNT).as_deref(), Some("DE00"));
        assert_eq!(rows[0].account_number(field::DEBTOR_ACCOUNT), None);
        assert_eq!(rows[0].side(), Some(Side::Debit));
        assert_eq!(rows[1].text(field::STATUS).as_deref(), Some("held"));
        assert_eq!(rows[1].text(field::TRANSACTION_ID), None);
        assert_eq!(rows[1].amount(), Some(("12.30".into(), "EUR".into())));
        assert_eq!(rows[1].side(), Some(Side::Credit));
        assert!(rows[1].key().starts_with("~r"));
        let drift: Vec<&str> = decoded.drift.iter().map(|drift| drift.path.as_str()).collect();
        assert_eq!(
            drift,
            [
                "transactions[].debtor_account.other.identification",
                "transactions[].transaction_amount.amount"
            ]
        );
    }
}
