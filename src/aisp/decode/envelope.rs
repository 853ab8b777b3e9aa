//! The object that a listing's rows come in: it is read for its rows and its cursor, and doesn't reach JavaScript.

use super::super::schema::{Field, Kind, Model};
use super::cursor::Broken;
use super::error::{Found, expect};
use super::read::{Reader, Stop, expected};
use super::text;

/// Reads an envelope; gives the cursor of the next page.
pub(super) fn read(reader: &mut Reader, model: &'static Model) -> Result<Option<String>, Stop> {
    if reader.bytes.now() != b'{' {
        return reader.field_error("", expect::OBJECT);
    }
    let mut envelope = Envelope::default();
    reader.deeper()?;
    reader.bytes.at += 1;
    reader.bytes.space();
    if reader.bytes.now() == b'}' {
        reader.bytes.at += 1;
    } else {
        loop {
            match reader.name(model)? {
                Some((_, field)) => {
                    if let Err(stop) = envelope.field(reader, field) {
                        reader.recover(stop, field)?;
                    }
                }
                None => reader.skip()?,
            }
            match reader.bytes.comma_or(b'}', expect::COMMA_OR_BRACE) {
                Ok(true) => break,
                Ok(false) => {}
                Err(broken) => return Err(reader.broken(broken)),
            }
        }
    }
    reader.depth -= 1;
    envelope.check(reader, model)?;
    Ok(envelope.next_cursor)
}

#[derive(Default)]
struct Envelope {
    has_rows: bool,
    has_id: bool,
    next_cursor: Option<String>,
}

impl Envelope {
    fn field(&mut self, reader: &mut Reader, field: &'static Field) -> Result<(), Stop> {
        let found = Found::starting_with(reader.bytes.now());
        match (field.kind, found) {
            (Kind::Models(model), _) => {
                self.has_rows = true;
                reader.tape.forget_rows();
                match found {
                    Found::Array => reader.rows(field.wire, model),
                    Found::Object => {
                        reader.note(field.wire, expect::OBJECTS, found);
                        reader.rows(field.wire, model)
                    }
                    _ => reader.field_error(field.wire, expect::OBJECTS),
                }
            }
            (Kind::Text, _) => {
                self.next_cursor = None;
                self.next_cursor = cursor(reader, field, found)?;
                Ok(())
            }
            (kind, _) => {
                self.has_id = true;
                match found {
                    Found::String => reader.skip(),
                    Found::Number => {
                        reader.note(field.wire, expected(kind), found);
                        reader.skip()
                    }
                    _ => reader.field_error(field.wire, expected(kind)),
                }
            }
        }
    }

    /// An envelope without its list or its `account_id` is no answer. A missing cursor is the end.
    fn check(&self, reader: &mut Reader, model: &'static Model) -> Result<(), Stop> {
        for field in model.fields {
            match field.kind {
                Kind::Models(_) if !self.has_rows => {
                    return Err(reader.fault(field.wire, expect::OBJECTS, Found::Nothing));
                }
                Kind::Id if !self.has_id => {
                    return Err(reader.fault(field.wire, expect::STRING, Found::Nothing));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn cursor(reader: &mut Reader, field: &'static Field, found: Found) -> Result<Option<String>, Stop> {
    let broken = |reader: &Reader, broken: Broken| reader.broken(broken);
    match found {
        Found::Null => reader.word(b"null").map(|()| None),
        Found::String => match text::units(&mut reader.bytes) {
            Ok(units) => Ok(Some(String::from_utf16_lossy(&units))),
            Err(error) => Err(broken(reader, error)),
        },
        Found::Number => {
            reader.note(field.wire, expect::STRING, found);
            let start = reader.bytes.at;
            reader.skip()?;
            let digits = reader.bytes.range(start, reader.bytes.at);
            Ok(Some(digits.iter().map(|byte| char::from(*byte)).collect()))
        }
        _ => reader.field_error(field.wire, expect::STRING),
    }
}
