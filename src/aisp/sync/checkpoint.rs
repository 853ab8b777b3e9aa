//! What one sync remembers for the next, and the string that it is kept in.
//!
//! base64url of: version, account (4 bytes), day it was made, begin of the window (a flag, a day), the rows in the
//! order of their keys, and a checksum (4 bytes). A row takes 14 bytes and its key, of which the part that it shares
//! with the key before is left out: two lengths, the key, flags, content (4), money (4), counterparty (2), and where
//! the flags say so a day and two links (4 each). Days are counted from the begin of the window.

use super::fingerprint;
use crate::base64url;

const VERSION: u8 = 1;

const OPEN: u8 = 1;
const DATED: u8 = 2;

/// The last day that JavaScript's `Date` has.
const FARTHEST_DAY: i64 = 100_000_000;

/// What one sync remembers for the next.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Checkpoint {
    /// The fingerprint of the account.
    pub account: u32,
    /// The day on which it was made.
    pub made: i64,
    /// Where the window begins: closed rows of earlier days have all been reported and are remembered no more.
    pub since: Option<i64>,
    /// The open rows, and the closed ones of the window, in the order of their keys.
    pub rows: Vec<KnownRow>,
}

/// What is remembered of a row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct KnownRow {
    /// Its key, which `removed` has to name.
    pub key: String,
    /// Whether it is still to be booked.
    pub open: bool,
    /// The booking date of a closed row; where it has none, and of an open row, the earliest of its dates.
    pub date: Option<i64>,
    /// The fingerprint of all its content.
    pub content: u32,
    /// That of its amount and currency.
    pub money: u32,
    /// That of its counterparty; 0 where the row names none.
    pub counterparty: u16,
    /// Those of the identifiers by which an open row's booking may name it; 0 where there are fewer.
    pub links: [u32; 2],
}

impl Checkpoint {
    /// The string that the caller keeps.
    pub fn write(&self) -> String {
        let mut out = Writer(vec![VERSION]);
        out.fixed(self.account);
        out.signed(self.made);
        out.0.push(u8::from(self.since.is_some()));
        let origin = self.since.unwrap_or(self.made);
        out.signed(origin);
        let mut before: &[u8] = &[];
        for row in &self.rows {
            out.key(before, row.key.as_bytes());
            out.row(origin, row);
            before = row.key.as_bytes();
        }
        out.fixed(checksum(&out.0));
        base64url::encode(&out.0)
    }

    /// Reads what [`Checkpoint::write`] wrote; `None` where the text is anything else.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = base64url::decode(text)?;
        let (body, sum) =
            bytes.split_last_chunk::<4>().map(|(body, sum)| (body, u32::from_le_bytes(*sum)))?;
        let mut from = Reader(body);
        if sum != checksum(body) || from.byte()? != VERSION {
            return None;
        }
        let account = from.fixed()?;
        let made = from.day(0)?;
        let has_window = from.byte()? != 0;
        let origin = from.day(0)?;
        let mut rows: Vec<KnownRow> = Vec::new();
        while !from.0.is_empty() {
            let key = from.key(rows.last().map_or(&[], |row| row.key.as_bytes()))?;
            rows.push(from.row(origin, key)?);
        }
        Some(Self { account, made, since: has_window.then_some(origin), rows })
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    fingerprint::bytes(0, bytes)
}

struct Writer(Vec<u8>);

impl Writer {
    fn fixed(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// The sign goes into the lowest bit.
    fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)) as u64);
    }

    fn key(&mut self, before: &[u8], key: &[u8]) {
        let shared = before.iter().zip(key).take_while(|(a, b)| a == b).count();
        let rest = key.get(shared..).unwrap_or_default();
        self.number(shared as u64);
        self.number(rest.len() as u64);
        self.0.extend_from_slice(rest);
    }

    fn row(&mut self, origin: i64, row: &KnownRow) {
        self.0.push(u8::from(row.open) * OPEN + u8::from(row.date.is_some()) * DATED);
        self.fixed(row.content);
        self.fixed(row.money);
        self.0.extend_from_slice(&row.counterparty.to_le_bytes());
        if let Some(date) = row.date {
            self.signed(date - origin);
        }
        if row.open {
            row.links.iter().for_each(|link| self.fixed(*link));
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn fixed(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn day(&mut self, origin: i64) -> Option<i64> {
        let number = self.number()?;
        let day = origin.checked_add((number >> 1) as i64 ^ -((number & 1) as i64))?;
        (-FARTHEST_DAY..=FARTHEST_DAY).contains(&day).then_some(day)
    }

    fn key(&mut self, before: &[u8]) -> Option<String> {
        let shared = usize::try_from(self.number()?).ok()?;
        let rest = usize::try_from(self.number()?).ok()?;
        let key = [before.get(..shared)?, self.take(rest)?].concat();
        String::from_utf8(key).ok().filter(|key| before.is_empty() || key.as_bytes() > before)
    }

    fn row(&mut self, origin: i64, key: String) -> Option<KnownRow> {
        let flags = self.byte()?;
        let mut row = KnownRow { key, open: flags & OPEN != 0, ..KnownRow::default() };
        row.content = self.fixed()?;
        row.money = self.fixed()?;
        row.counterparty = self.take(2)?.try_into().ok().map(u16::from_le_bytes)?;
        if flags & DATED != 0 {
            row.date = Some(self.day(origin)?);
        }
        if row.open {
            for link in &mut row.links {
                *link = self.fixed()?;
            }
        }
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn known()(
            key in "[a-c]{1,3}|.{0,12}", open: bool, date in proptest::option::of(-800_000i64..3_000_000),
            content: u32, money: u32, counterparty: u16, links: [u32; 2],
        ) -> KnownRow {
            let links = if open { links } else { [0; 2] };
            KnownRow { key, open, date, content, money, counterparty, links }
        }
    }

    prop_compose! {
        fn checkpoint()(
            account: u32, made in 0i64..40_000, since in proptest::option::of(0i64..40_000),
            mut rows in proptest::collection::vec(known(), 0..20),
        ) -> Checkpoint {
            rows.sort_by(|a, b| a.key.cmp(&b.key));
            rows.dedup_by(|a, b| a.key == b.key);
            Checkpoint { account, made, since, rows }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(checkpoint in checkpoint()) {
            prop_assert_eq!(Checkpoint::read(&checkpoint.write()), Some(checkpoint));
        }

        #[test]
        fn a_checkpoint_with_one_wrong_or_missing_character_is_refused(
            checkpoint in checkpoint(), at: proptest::sample::Index, other in "[A-Za-z0-9_-]?",
        ) {
            let text = checkpoint.write();
            let at = at.index(text.len());
            let wrong = [text.get(..at).unwrap(), &other, text.get(at + 1..).unwrap()].concat();
            prop_assume!(wrong != text);
            prop_assert_eq!(Checkpoint::read(&wrong), None);
        }

        #[test]
        fn any_bytes_under_a_right_checksum_are_read_or_refused(mut bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            bytes.insert(0, VERSION);
            let sum = checksum(&bytes);
            bytes.extend_from_slice(&sum.to_le_bytes());
            Checkpoint::read(&base64url::encode(&bytes));
        }
    }
}
