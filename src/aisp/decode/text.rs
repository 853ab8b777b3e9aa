//! Texts on their way out of the body: unescaped, one byte a character where they fit into Latin-1, as UTF-16 where not.

use super::cursor::{Broken, Cursor};
use super::tape::Tape;

/// Where a string's text lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// In the body, as it is: nothing was escaped, and all of it is ASCII.
    Plain { start: usize, length: usize },
    /// At the end of the tape's texts, one byte a character.
    Kept { place: usize, length: usize },
    /// Elsewhere; this is its slot.
    Slot(u32),
}

/// Reads a string; the place is at its first quote.
#[inline(never)]
pub(super) fn read(bytes: &mut Cursor, tape: &mut Tape) -> Result<Text, Broken> {
    let start = bytes.at + 1;
    let end = bytes.end_of_plain(start);
    if bytes.byte(end) == b'"' {
        bytes.at = end + 1;
        return Ok(Text::Plain { start, length: end - start });
    }
    bytes.at = end;
    read_narrow(bytes, tape, start)
}

/// Goes on with a string whose text from `start` on was plain so far.
#[inline(never)]
fn read_narrow(bytes: &mut Cursor, tape: &mut Tape, start: usize) -> Result<Text, Broken> {
    let place = tape.text.len();
    keep_plain(bytes, tape, start);
    loop {
        let before = bytes.at;
        let unit = match bytes.now() {
            b'"' => break,
            b'\\' => u32::from(bytes.escape()?),
            0x80.. => bytes.character(),
            0..=0x1f => return bytes.broken(bytes.what_ends_a_string()),
            _ => {
                bytes.at = bytes.end_of_plain(before);
                keep_plain(bytes, tape, before);
                continue;
            }
        };
        if !is_narrow(unit) {
            bytes.at = before;
            return read_wide(bytes, tape, place);
        }
        tape.text.push(unit as u8);
    }
    bytes.at += 1;
    Ok(Text::Kept { place, length: tape.text.len() - place })
}

/// Takes over what is plain from `start` up to the present place.
fn keep_plain(bytes: &Cursor, tape: &mut Tape, start: usize) {
    tape.keep(&bytes.all, start, bytes.at - start);
}

/// Goes on with a string of which a part was already taken over, from `place` on, one byte a character.
fn read_wide(bytes: &mut Cursor, tape: &mut Tape, place: usize) -> Result<Text, Broken> {
    let start = tape.wide.len();
    tape.wide.extend(tape.text.get(place..).unwrap_or_default().iter().map(|byte| u16::from(*byte)));
    tape.text.truncate(place);
    let mut has_surrogates = false;
    loop {
        let byte = bytes.now();
        match byte {
            b'"' => break,
            b'\\' => {
                let unit = bytes.escape()?;
                has_surrogates |= (0xd800..0xe000).contains(&unit);
                tape.wide.push(unit);
            }
            0x80.. => push_character(&mut tape.wide, bytes.character()),
            0..=0x1f => return bytes.broken(bytes.what_ends_a_string()),
            _ => {
                bytes.at += 1;
                tape.wide.push(u16::from(byte));
            }
        }
    }
    bytes.at += 1;
    let is_broken = has_surrogates && is_broken(tape.wide.get(start..).unwrap_or_default());
    Ok(Text::Slot(tape.wide_text(start, is_broken)))
}

/// Takes over a text of UTF-8 that doesn't lie in the body.
pub(super) fn keep(tape: &mut Tape, text: Vec<u8>) -> u32 {
    if text.is_ascii() {
        return tape.keep(&text, 0, text.len());
    }
    let start = tape.wide.len();
    let mut bytes = Cursor::new(text);
    while bytes.at < bytes.all.len() {
        let byte = bytes.now();
        if byte < 0x80 {
            bytes.at += 1;
            tape.wide.push(u16::from(byte));
        } else {
            push_character(&mut tape.wide, bytes.character());
        }
    }
    tape.wide_text(start, false)
}

/// Reads a string as units of UTF-16, changing nothing; the place is at its first quote.
pub(super) fn units(bytes: &mut Cursor) -> Result<Vec<u16>, Broken> {
    let mut units = Vec::new();
    bytes.at += 1;
    loop {
        let byte = bytes.now();
        match byte {
            b'"' => break,
            b'\\' => units.push(bytes.escape()?),
            0x80.. => push_character(&mut units, bytes.character()),
            0..=0x1f => return bytes.broken(bytes.what_ends_a_string()),
            _ => {
                bytes.at += 1;
                units.push(u16::from(byte));
            }
        }
    }
    bytes.at += 1;
    Ok(units)
}

/// What every engine reads as the same character from one byte. `TextDecoder` knows Latin-1 only as Windows-1252, which
/// differs between 0x80 and 0x9f.
const fn is_narrow(unit: u32) -> bool {
    unit < 0x80 || matches!(unit, 0xa0..=0xff)
}

fn push_character(units: &mut Vec<u16>, character: u32) {
    match character.checked_sub(0x1_0000) {
        None => units.push(character as u16),
        Some(rest) => units.extend([0xd800 | (rest >> 10) as u16, 0xdc00 | (rest & 0x3ff) as u16]),
    }
}

fn is_broken(units: &[u16]) -> bool {
    char::decode_utf16(units.iter().copied()).any(|character| character.is_err())
}
