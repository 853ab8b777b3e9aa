//! Decoding: from the bytes of a body to what JavaScript builds objects from, in one pass, checked on the way.
//!
//! [`decode`] reads a body by the tables of the models and writes a tape of one u32 for each field, which says where the
//! field's text lies. The texts are copied next to each other, without the names and the grammar between them. The objects
//! are made in JavaScript, by builders that `generate` writes from the same tables.
//!
//! What is an error and what is data:
//! - a required field that is missing or null, and a known field of the wrong type, is an error, as is a text that isn't the
//!   decimal number, currency code, date or instant that is due;
//! - a word that an enum doesn't know is data; so is a field that the model doesn't know: it is kept in `extra`;
//! - coerced to fit, and reported as [`Drift`]: a number for a decimal string, an identifier or a code; one string or object for a
//!   list of them; null for a list of a row or in it; a date for an instant.
//!
//! JSON is read as `JSON.parse` reads what a `TextDecoder` made of the bytes: a BOM is passed over, bytes that aren't UTF-8
//! become U+FFFD, lone surrogates stay, of fields of one name the last counts. Objects and lists may be nested 128 deep.
//! In `extra`, a number that a double might change (more than 15 digits that count, an exponent of three digits) is kept
//! as its text; with the feature `exact-extra` it stays a number.

mod check;
mod chunks;
mod cursor;
mod decimal;
mod envelope;
mod error;
mod json_path;
mod keys;
mod load;
#[cfg(any(test, fuzzing))]
pub mod oracle;
mod read;
mod row_cache;
mod rows;
mod tape;
mod text;

pub use super::endpoint::Message;
pub use chunks::{Chunk, FIRST_TEXT};
pub use error::{DecodeError, Drift, Fault, Found};
pub use keys::Keys;
pub use rows::{Row, Rows, Side, field};
pub use tape::{CHUNK, HEADER, Source, TEXT, TextRef};

use super::models::{ENUMS, MODELS};
use super::schema::Shape;
use error::expect;
use read::{Reader, Stop};
use tape::Closed;

/// The largest body: offsets on the tape have 30 bits.
const MAX_BODY: usize = 1 << 30;

/// A body that was read.
#[derive(Debug)]
pub struct Decoded {
    /// What the body was read as.
    pub message: Message,
    /// Where each field lies.
    pub tape: Vec<u32>,
    /// The texts, one byte a character, one behind the other.
    pub text: Vec<u8>,
    /// The texts that don't fit into one byte a character, and the keys.
    pub aux: Vec<u8>,
    /// How many rows there are.
    pub rows: usize,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// What was coerced to fit.
    pub drift: Vec<Drift>,
}

/// Reads a body. `keys` belongs to the listing, as rows of one listing never share a key; it is left as it was where the
/// body is at fault.
pub fn decode(message: Message, body: Vec<u8>, keys: &mut Keys) -> Result<Decoded, DecodeError> {
    match read(message, body) {
        Ok(mut decoded) => {
            if message.row().shape == Shape::Keyed {
                keys::assign(&mut decoded, keys);
            }
            Ok(decoded)
        }
        Err(stop) => Err(*stop),
    }
}

fn read(message: Message, body: Vec<u8>) -> Result<Decoded, Stop> {
    let length = body.len();
    let mut reader = Reader::new(body, MODELS.len(), ENUMS.len());
    if length > MAX_BODY {
        return Err(limit(expect::TOO_LARGE, MAX_BODY));
    }
    if reader.bytes.has(0, b"\xef\xbb\xbf") {
        reader.bytes.at = 3;
    }
    reader.bytes.space();
    if reader.bytes.at == length {
        let mut stop = reader.fault("", expect::OBJECT, Found::Nothing);
        stop.fault = Fault::Empty;
        return Err(stop);
    }
    let model = message.body();
    let next_cursor = match model.shape {
        Shape::Envelope => envelope::read(&mut reader, model),
        _ => reader.row(model).map(|()| None),
    }?;
    reader.bytes.space();
    if reader.bytes.at != length {
        let broken = cursor::Broken { expected: expect::END, at: reader.bytes.at };
        return Err(reader.broken(broken));
    }
    let Closed { words: tape, text, aux, rows } = reader.tape.close();
    Ok(Decoded { message, tape, text, aux, rows, next_cursor, drift: reader.drift })
}

fn limit(expected: &'static str, offset: usize) -> Stop {
    Box::new(DecodeError { fault: Fault::Limit, path: String::new(), expected, found: Found::Other, offset })
}
