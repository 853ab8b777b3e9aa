//! Each transaction's `key`, unique in its listing whether the bank gives the transaction an id or not.
//!
//! The key is the row's `transaction_id` where it has one. Else it is `~` and a letter with a hash of 64 bits, in hex:
//! `~e` of the `entry_reference`, where there is none `~p` of the `pending_transaction_id`, where there is none `~r` of the
//! row's content: the fields of [`STABLE`], which are those that a bank doesn't change while the transaction is what it is.
//! Banks fill in references that say nothing (`NONREF`), so that `~e` covers booking date and amount too: a reference is given
//! on booking, when both are settled. `~p` covers the id alone: it is there to stay the same while the rest of a pending row
//! changes.
//!
//! A hash shows no name and no account number. Where a key comes again in the same listing, `#2`, `#3` and so on is
//! added, so that two equal coffees stay two. A `transaction_id` that holds an IBAN is hashed as `~t`, since checkpoints hold
//! keys; so is one that is too long for `#2`, or not ASCII.
//!
//! [`Keys`] remembers the keys of the pages before; a checkpoint carries the newest of them as text. Equal rows lie near each
//! other in a listing, which is sorted by date, so that it is enough, and keeps memory bounded, to remember the last 16,384
//! rows at least, 32,768 at most.

use super::super::schema::{Field, Kind};
use super::Decoded;
use super::rows::{Raw, Record, Row, field};
use super::tape::{self, CHUNK};
use crate::{base64url, digits, redact};

/// The fields that a content fingerprint covers: not the ids, nor what changes on the way from pending to booked.
pub const STABLE: [usize; 22] = [
    field::TRANSACTION_AMOUNT,
    field::BOOKING_DATE,
    field::VALUE_DATE,
    field::TRANSACTION_DATE,
    field::BOOKING_DATE_TIME,
    field::VALUE_DATE_TIME,
    field::CREDITOR_NAME,
    field::CREDITOR_ACCOUNT,
    field::CREDITOR_ID,
    field::ULTIMATE_CREDITOR,
    field::DEBTOR_NAME,
    field::DEBTOR_ACCOUNT,
    field::ULTIMATE_DEBTOR,
    field::REMITTANCE_UNSTRUCTURED,
    field::REMITTANCE_STRUCTURED,
    field::ADDITIONAL_INFORMATION,
    field::MERCHANT_CATEGORY_CODE,
    field::MERCHANT_NAME,
    field::CARD,
    field::END_TO_END_ID,
    field::MANDATE_ID,
    field::CHECK_ID,
];

/// What `~e` covers.
const REFERENCED: [usize; 3] = [field::ENTRY_REFERENCE, field::BOOKING_DATE, field::TRANSACTION_AMOUNT];

/// The longest `transaction_id` that gets `#2` behind it as it is.
const PLAIN_ID: usize = 64;
/// How many keys a generation remembers.
const GENERATION: usize = 1 << 14;

/// The keys that a listing has given away, as hashes.
#[derive(Debug, Default)]
pub struct Keys {
    recent: Generation,
    older: Generation,
    /// The newest keys of rows without an id, for a checkpoint.
    carried: Vec<u64>,
}

/// So many keys go into a checkpoint: equal rows without an id lie close together.
const CARRIED: usize = 256;

/// Gives every row its key.
pub(super) fn assign(decoded: &mut Decoded, keys: &mut Keys) {
    keys.recent.make_room(decoded.rows);
    let mut texts = Vec::new();
    let mut slots: Vec<(usize, u32)> = Vec::new();
    // Where the keys of each chunk begin.
    let mut chunks: Vec<usize> = Vec::new();
    for row in decoded.rows() {
        if chunks.len() <= row.chunk() {
            chunks.push(texts.len());
        }
        let begin = texts.len();
        write_key(&row, keys, &mut texts);
        let start = chunks.last().map_or(0, |chunk| begin - chunk);
        if texts.len() > begin {
            let slot = tape::slot(start, texts.len() - begin).unwrap_or(0);
            slots.push((row.record.base + row.record.model.key_slot(), slot));
        }
    }
    let aux = decoded.aux.len();
    let ends = chunks.iter().skip(1).copied().chain([texts.len()]).collect::<Vec<_>>();
    for (number, (begin, end)) in chunks.into_iter().zip(ends).enumerate() {
        let place = decoded.chunk_place(number) + CHUNK - 2;
        for (word, value) in decoded.tape.iter_mut().skip(place).zip([aux + begin, aux + end]) {
            *word = value as u32;
        }
    }
    for (place, slot) in slots {
        if let Some(word) = decoded.tape.get_mut(place) {
            *word = slot;
        }
    }
    decoded.aux.append(&mut texts);
}

/// Writes the row's key, or nothing where it is just the `transaction_id`.
fn write_key(row: &Row<'_>, keys: &mut Keys, texts: &mut Vec<u8>) {
    let record = &row.record;
    let begin = texts.len();
    let base = match record.raw(field::TRANSACTION_ID) {
        Some(id) => {
            let hash = hash_text(id);
            let is_new = keys.claim(hash);
            let shows_account = matches!(id, Raw::Narrow(text) if redact::holds_iban(text));
            if is_new && !shows_account {
                return;
            }
            match id {
                Raw::Narrow(text) if text.len() <= PLAIN_ID && text.is_ascii() && !shows_account => {
                    texts.extend_from_slice(text)
                }
                _ => write_hash(texts, b't', hash),
            }
            if is_new {
                return;
            }
            hash
        }
        None => {
            let (letter, hash) =
                match (record.raw(field::ENTRY_REFERENCE), record.raw(field::PENDING_TRANSACTION_ID)) {
                    (Some(_), _) => (b'e', row.hash_of(&REFERENCED)),
                    (None, Some(id)) => (b'p', hash_text(id)),
                    (None, None) => (b'r', row.fingerprint()),
                };
            write_hash(texts, letter, hash);
            let hash = hash_text(Raw::Narrow(texts.get(begin..).unwrap_or_default()));
            keys.carried.push(hash);
            if keys.claim(hash) {
                return;
            }
            hash
        }
    };
    let end = texts.len();
    loop {
        texts.truncate(end);
        texts.push(b'#');
        texts.extend_from_slice(digits::write(keys.count(base).into()).as_bytes());
        let hash = hash_text(Raw::Narrow(texts.get(begin..).unwrap_or_default()));
        if keys.claim(hash) {
            keys.carried.push(hash);
            return;
        }
    }
}

fn write_hash(texts: &mut Vec<u8>, letter: u8, hash: u64) {
    texts.extend([b'~', letter]);
    texts.extend((0..16).rev().map(|place| match (hash >> (4 * place)) as u8 & 15 {
        digit @ 0..=9 => b'0' + digit,
        letter => b'a' + letter - 10,
    }));
}

impl Row<'_> {
    /// A hash of the row's stable content: the same for the same transaction whenever it is read, however its JSON is
    /// written.
    pub fn fingerprint(&self) -> u64 {
        self.hash_of(&STABLE)
    }

    fn hash_of(&self, fields: &[usize]) -> u64 {
        let mut hash = Hash::default();
        fields.iter().for_each(|field| hash_field(&mut hash, &self.record, *field));
        hash.end()
    }

    /// A hash of all that the row holds: it changes when anything does.
    pub fn content(&self) -> u64 {
        let mut hash = Hash::default();
        hash_record(&mut hash, &self.record);
        hash.end()
    }

    /// A hash of one field, whatever it holds. `None` where it is absent.
    pub fn hash(&self, field: usize) -> Option<u64> {
        if self.record.slot(field) == 0 {
            return None;
        }
        let mut hash = Hash::default();
        hash_field(&mut hash, &self.record, field);
        Some(hash.end())
    }
}

fn hash_record(hash: &mut Hash, record: &Record<'_>) {
    for field in 0..record.model.fields.len() {
        hash_field(hash, record, field);
    }
    if record.model.slots() > record.model.extra_slot()
        && let Some(extra) = record.raw_at(record.slot(record.model.extra_slot()), Kind::Text)
    {
        hash.text(0, extra);
    }
}

fn hash_field(hash: &mut Hash, record: &Record<'_>, index: usize) {
    let slot = record.slot(index);
    let Some(Field { kind, tag, .. }) = record.model.fields.get(index).filter(|_| slot != 0) else {
        return;
    };
    match kind {
        Kind::Model(_) => {
            hash.mix(u64::from(*tag));
            record.inner(index).iter().for_each(|inner| hash_record(hash, inner));
        }
        Kind::Models(model) => {
            for element in record.elements(index) {
                hash.mix(u64::from(*tag));
                hash_record(hash, &record.element(model, *element));
            }
        }
        Kind::Texts => {
            for element in record.elements(index) {
                record.raw_at(*element, Kind::Text).iter().for_each(|text| hash.text(*tag, *text));
            }
        }
        Kind::Flag => hash.text(*tag, Raw::Narrow(&[slot as u8])),
        kind => record.raw_at(slot, *kind).iter().for_each(|text| hash.text(*tag, *text)),
    }
}

fn hash_text(text: Raw<'_>) -> u64 {
    let mut hash = Hash::default();
    hash.text(0, text);
    hash.end()
}

/// A hash that distinguishes rows. It mixes eight bytes at a time and is not cryptographic.
#[derive(Debug, Default)]
struct Hash(u64);

impl Hash {
    #[inline(always)]
    fn mix(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 29;
    }

    fn text(&mut self, tag: u16, text: Raw<'_>) {
        let (bytes, width) = match text {
            Raw::Narrow(bytes) => (bytes, 1),
            Raw::Wide(bytes) => (bytes, 2),
        };
        self.mix(u64::from(tag) << 40 ^ (bytes.len() as u64) << 2 ^ width);
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            self.mix(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    /// Lets every bit weigh in on every other.
    fn end(&self) -> u64 {
        let mut hash = self.0;
        hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ hash >> 33
    }
}

impl Keys {
    /// For a new listing.
    pub fn new() -> Keys {
        Keys::default()
    }

    /// The newest keys as text, for a checkpoint.
    pub fn to_text(&self) -> String {
        let newest = self.carried.get(self.carried.len().saturating_sub(CARRIED)..).unwrap_or_default();
        let bytes: Vec<u8> = newest.iter().flat_map(|hash| hash.to_le_bytes()).collect();
        base64url::encode(&bytes)
    }

    /// Goes on from what [`Keys::to_text`] wrote; `None` where the text is something else.
    pub fn from_text(text: &str) -> Option<Keys> {
        let bytes = base64url::decode(text)?;
        let (hashes, rest) = bytes.as_chunks::<8>();
        let carried: Vec<u64> = hashes.iter().map(|hash| u64::from_le_bytes(*hash)).collect();
        let mut keys = Keys { carried, ..Keys::default() };
        for index in 0..keys.carried.len() {
            keys.carried.get(index).copied().map(|hash| keys.claim(hash));
        }
        rest.is_empty().then_some(keys)
    }

    /// Takes a key; `false` where it was taken before.
    fn claim(&mut self, hash: u64) -> bool {
        if self.older.length > 0 && self.older.get(hash).is_some() {
            return false;
        }
        self.turn();
        self.recent.claim(hash)
    }

    /// How often a key was asked for, this time counted in.
    fn count(&mut self, hash: u64) -> u32 {
        let count = self.recent.get(hash).or(self.older.get(hash)).unwrap_or(1).saturating_add(1);
        self.set(hash, count);
        count
    }

    fn set(&mut self, hash: u64, count: u32) {
        self.turn();
        self.recent.set(hash, count);
    }

    /// Begins a new generation where the present one is full.
    #[inline(always)]
    fn turn(&mut self) {
        if self.recent.length >= GENERATION {
            std::mem::swap(&mut self.recent, &mut self.older);
            self.recent.clear();
        }
    }
}

/// A table of hashes with their counts, open addressing.
#[derive(Debug, Default)]
struct Generation {
    /// A count of 0 is a free place.
    places: Vec<(u64, u32)>,
    length: usize,
}

impl Generation {
    fn get(&self, hash: u64) -> Option<u32> {
        let mask = self.places.len().checked_sub(1)?;
        let mut place = hash as usize & mask;
        loop {
            match self.places.get(place) {
                Some((_, 0)) | None => return None,
                Some((other, count)) if *other == hash => return Some(*count),
                _ => place = (place + 1) & mask,
            }
        }
    }

    fn set(&mut self, hash: u64, count: u32) {
        if self.length * 2 >= self.places.len() {
            self.grow(self.places.len() * 2);
        }
        let mask = self.places.len() - 1;
        let mut place = hash as usize & mask;
        while let Some((other, taken)) = self.places.get_mut(place) {
            if *taken == 0 {
                self.length += 1;
            } else if *other != hash {
                place = (place + 1) & mask;
                continue;
            }
            (*other, *taken) = (hash, count);
            return;
        }
    }

    /// Takes a hash; `false` where it was taken before.
    fn claim(&mut self, hash: u64) -> bool {
        if self.length * 2 >= self.places.len() {
            self.grow(self.places.len() * 2);
        }
        let mask = self.places.len() - 1;
        let mut place = hash as usize & mask;
        while let Some((other, taken)) = self.places.get_mut(place) {
            if *taken == 0 {
                (*other, *taken) = (hash, 1);
                self.length += 1;
                return true;
            }
            if *other == hash {
                return false;
            }
            place = (place + 1) & mask;
        }
        false
    }

    /// Grows at once for so many hashes more.
    fn make_room(&mut self, more: usize) {
        let wanted = (self.length + more).min(GENERATION) * 2;
        if wanted > self.places.len() {
            self.grow(wanted.next_power_of_two());
        }
    }

    fn grow(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.places, vec![(0, 0); size.max(64)]);
        self.length = 0;
        for (hash, count) in old {
            if count > 0 {
                self.set(hash, count);
            }
        }
    }

    fn clear(&mut self) {
        self.places.fill((0, 0));
        self.length = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Message, decode};
    use super::*;

    const COFFEE: &str = r#"{"status":"booked","transaction_amount":{"amount":"-3.20","currency":"EUR"},"creditor_name":"Kaffeehaus"}"#;

    fn page(rows: &[&str], keys: &mut Keys) -> Vec<String> {
        let body = format!("{{\"account_id\":\"a\",\"transactions\":[{}]}}", rows.join(","));
        let decoded = decode(Message::TransactionList, body.into_bytes(), keys).expect("a good body");
        decoded.rows().map(|row| row.key().into_owned()).collect()
    }

    fn with_id(id: &str) -> String {
        format!(
            r#"{{"transaction_id":"{id}","status":"booked","transaction_amount":{{"amount":"1","currency":"EUR"}}}}"#
        )
    }

    #[test]
    fn equal_rows_stay_apart_also_across_pages() {
        let mut keys = Keys::new();
        let first = page(&[COFFEE, COFFEE], &mut keys);
        let second = page(&[COFFEE], &mut keys);
        assert_eq!(first[1], format!("{}#2", first[0]));
        assert_eq!(second[0], format!("{}#3", first[0]));
    }

    #[test]
    fn a_key_is_the_same_however_the_json_is_written() {
        let spelled = r#"{ "creditor_name": "\u004baffeehaus", "extra": 1, "status" : "pending",
            "transaction_amount" : {"currency":"EUR","amount":"-3.20"} }"#;
        assert_eq!(page(&[COFFEE], &mut Keys::new()), page(&[spelled], &mut Keys::new()));
    }

    #[test]
    fn a_key_shows_no_content() {
        let key = page(&[COFFEE], &mut Keys::new()).remove(0);
        assert_eq!(key.len(), 18);
        assert!(key.starts_with("~r") && key.bytes().skip(2).all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn rows_of_one_id_get_keys_of_their_own() {
        let rows = [
            with_id("a"),
            with_id("a#2"),
            with_id("a"),
            with_id("a"),
            with_id(&"x".repeat(65)),
            with_id(&"x".repeat(65)),
        ];
        let keys = page(&rows.each_ref().map(String::as_str), &mut Keys::new());
        assert_eq!(keys[..5], ["a", "a#2", "a#3", "a#4", "x".repeat(65).as_str()]);
        assert!(keys[5].starts_with("~t") && keys[5].ends_with("#2"));
    }

    #[test]
    fn references_stand_in_for_an_id_that_is_missing() {
        let row = |reference: &str| COFFEE.replacen('{', &format!("{{{reference},"), 1);
        let rows = [
            row(r#""entry_reference":"e""#),
            row(r#""pending_transaction_id":"p""#),
            row(r#""entry_reference":"e""#),
        ];
        let keys = page(&rows.each_ref().map(String::as_str), &mut Keys::new());
        assert!(keys[0].starts_with("~e") && keys[1].starts_with("~p"));
        assert_eq!(keys[2], format!("{}#2", keys[0]));
    }

    #[test]
    fn a_reference_that_says_nothing_tells_rows_apart_by_date_and_amount() {
        let row = |day: u32, amount: &str| {
            format!(
                r#"{{"entry_reference":"NONREF","status":"booked","booking_date":"2026-02-0{day}","creditor_name":"x{day}",
                "transaction_amount":{{"amount":"{amount}","currency":"EUR"}}}}"#
            )
        };
        let rows = [row(3, "1.00"), row(3, "2.00"), row(2, "1.00"), row(1, "1.00")];
        let rows = rows.each_ref().map(String::as_str);
        let all = page(&rows, &mut Keys::new());
        assert!(all.iter().all(|key| !key.contains('#')));
        assert_eq!(page(&rows[1..3], &mut Keys::new()), all[1..3]);
    }

    #[test]
    fn a_pending_row_keeps_its_key_while_its_amount_changes() {
        let row = |amount: &str| {
            format!(
                r#"{{"pending_transaction_id":"p","status":"pending","transaction_amount":{{"amount":"{amount}","currency":"EUR"}}}}"#
            )
        };
        assert_eq!(page(&[&row("1")], &mut Keys::new()), page(&[&row("2")], &mut Keys::new()));
    }

    #[test]
    fn an_id_that_holds_an_iban_is_hashed() {
        let iban = "2026-DE89370400440532013000-1";
        let keys = page(
            &[&with_id(iban), &with_id(iban), &with_id("2026-DE89370400440532013001-1")],
            &mut Keys::new(),
        );
        assert!(keys[0].starts_with("~t") && keys[0].len() == 18, "{keys:?}");
        assert_eq!(keys[1..], [format!("{}#2", keys[0]), "2026-DE89370400440532013001-1".into()]);
    }

    /// Keys are stored by those who use them: no new version may give other ones.
    #[test]
    fn keys_are_the_same_in_every_version() {
        let reference = COFFEE.replacen('{', r#"{"entry_reference":"e","#, 1);
        let pending = COFFEE.replacen('{', r#"{"pending_transaction_id":"p","#, 1);
        let keys = page(&[COFFEE, &reference, &pending], &mut Keys::new());
        assert_eq!(keys, ["~rf481a19887466bc9", "~ed528f9660cff2b22", "~p330186fcb499c2d0"]);
    }

    #[test]
    fn what_is_remembered_stays_bounded() {
        let mut keys = Keys::new();
        (0..200_000u64).for_each(|number| assert!(keys.claim(number.wrapping_mul(0x9e37_79b9_7f4a_7c15))));
        assert!(keys.recent.places.len() + keys.older.places.len() <= 4 * GENERATION);
        assert!(!keys.claim(199_999u64.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    }
}
