//! The chunks of a decoded body, for hosts in Rust that build their own objects from the tape.

use super::Decoded;
use super::tape::{CHUNK, Source, TEXT};
use crate::aisp::models::ENUMS;
use crate::aisp::schema::MAX_WORDS;

/// The number of the first text of the table: the words of the open enums come before.
pub const FIRST_TEXT: usize = ENUMS.len() * MAX_WORDS;

/// A run of whole rows, with the texts that their slots refer to.
#[derive(Debug, Clone, Copy)]
pub struct Chunk<'a> {
    /// The places of the rows' records on the tape.
    pub records: &'a [u32],
    /// The texts, one byte a character.
    pub text: &'a [u8],
    /// The wide texts, UTF-16.
    pub wide: &'a [u8],
    /// The keys of the rows that are not just their id.
    pub keys: &'a [u8],
}

impl Decoded {
    /// Returns the chunks, in the order of the body.
    pub fn chunks(&self) -> impl Iterator<Item = Chunk<'_>> {
        (0..).map_while(|number| self.chunk(number)).map(|[text, text_end, list, rows, bounds @ ..]| {
            let [wide, wide_end, keys, keys_end] = bounds.map(|bound| bound as usize);
            let list = list as usize;
            Chunk {
                records: self.tape.get(list..list + rows as usize).unwrap_or_default(),
                text: self.text.get(text as usize..text_end as usize).unwrap_or_default(),
                wide: self.aux.get(wide..wide_end).unwrap_or_default(),
                keys: self.aux.get(keys..keys_end).unwrap_or_default(),
            }
        })
    }

    /// Returns how many texts the table has.
    pub fn table_length(&self) -> usize {
        self.word(4)
    }

    /// Returns a text of the table, counted from 0, if there is one.
    pub fn table_text(&self, number: usize) -> Option<(Source, &[u8])> {
        if number >= self.table_length() {
            return None;
        }
        let place = self.word(3) + number * TEXT;
        let [source, start, length] = [0, 1, 2].map(|word| self.word(place + word));
        let (source, all) = match source {
            0 => (Source::Narrow, &self.text),
            1 => (Source::Wide, &self.aux),
            _ => (Source::Broken, &self.aux),
        };
        Some((source, all.get(start..start + length)?))
    }
}

const _: () = assert!(CHUNK == 8);

#[cfg(test)]
mod tests {
    use super::super::{Keys, Message, TextRef, decode};
    use super::*;

    #[test]
    fn chunks_hold_every_row_and_its_texts() {
        let row = |number: usize| {
            format!(
                r#"{{"transaction_id":"t{number}","status":"booked","creditor_name":"{}","transaction_amount":{{"amount":"1","currency":"EUR"}}}}"#,
                "x".repeat(200)
            )
        };
        let rows: Vec<String> = (0..1000).map(row).collect();
        let body = format!(r#"{{"account_id":"a","transactions":[{}]}}"#, rows.join(","));
        let decoded = decode(Message::TransactionList, body.into_bytes(), &mut Keys::new()).unwrap();
        assert!(decoded.chunks().count() > 1);
        let mut ids = Vec::new();
        for chunk in decoded.chunks() {
            for record in chunk.records {
                let TextRef::Chunk { offset, length } = TextRef::of(decoded.tape[*record as usize]) else {
                    panic!("the id lies in the chunk");
                };
                ids.push(String::from_utf8(chunk.text[offset..offset + length].to_vec()).unwrap());
            }
        }
        assert!(ids.iter().enumerate().all(|(number, id)| *id == format!("t{number}")));
        assert_eq!(ids.len(), 1000);
        assert_eq!(decoded.table_text(0), Some((Source::Narrow, b"EUR".as_slice())));
        assert_eq!(decoded.table_text(decoded.table_length()), None);
    }
}
