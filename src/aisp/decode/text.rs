//! Strings that are not plain ASCII: unescaped in place where they fit into Latin-1, as UTF-16 beside the body where not.

use super::scan::{Broken, Bytes};
use super::tape::Tape;

/// Where a string's text lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// In the body, one byte a character.
    Body { start: usize, length: usize },
    /// Elsewhere; this is its slot.
    Slot(u32),
}

/// Reads a string; the place is at its first quote.
#[inline(always)]
pub(super) fn read(bytes: &mut Bytes, tape: &mut Tape) -> Result<Text, Broken> {
    let start = bytes.at + 1;
    let end = bytes.plain_end(start);
    if bytes.byte(end) == b'"' {
        bytes.at = end + 1;
        return Ok(Text::Body { start, length: end - start });
    }
    bytes.at = end;
    read_narrow(bytes, tape, start)
}

/// Goes on with a string whose text from `start` on was plain so far.
#[inline(never)]
fn read_narrow(bytes: &mut Bytes, tape: &mut Tape, start: usize) -> Result<Text, Broken> {
    // What is written is never longer than what was read.
    let mut end = bytes.at;
    loop {
        let before = bytes.at;
        let byte = bytes.now();
        let unit = match byte {
            b'"' => break,
            b'\\' => u32::from(bytes.escape()?),
            0x80.. => bytes.character(),
            0..=0x1f => return bytes.broken(bytes.what_ends_a_string()),
            _ => {
                bytes.at += 1;
                u32::from(byte)
            }
        };
        if !is_narrow(unit) {
            bytes.at = before;
            return read_wide(bytes, tape, start, end);
        }
        bytes.put(end, unit as u8);
        end += 1;
    }
    blank(bytes, end);
    bytes.at += 1;
    Ok(Text::Body { start, length: end - start })
}

/// Goes on with a string of which a part lies in the body from `start` to `end`, one byte a character.
fn read_wide(bytes: &mut Bytes, tape: &mut Tape, start: usize, end: usize) -> Result<Text, Broken> {
    let place = tape.wide.len();
    tape.wide.extend(bytes.range(start, end).iter().map(|byte| u16::from(*byte)));
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
    blank(bytes, start);
    bytes.at += 1;
    let is_broken = has_surrogates && is_broken(tape.wide.get(place..).unwrap_or_default());
    Ok(Text::Slot(tape.wide_text(place, is_broken)))
}

/// Takes over a text of UTF-8 that doesn't lie in the body.
pub(super) fn keep(tape: &mut Tape, text: Vec<u8>) -> u32 {
    if text.is_ascii() {
        return tape.narrow_text(&text);
    }
    let place = tape.wide.len();
    let mut bytes = Bytes::new(text);
    while bytes.at < bytes.all.len() {
        let byte = bytes.now();
        if byte < 0x80 {
            bytes.at += 1;
            tape.wide.push(u16::from(byte));
        } else {
            push_character(&mut tape.wide, bytes.character());
        }
    }
    tape.wide_text(place, false)
}

/// Reads a string as units of UTF-16, changing nothing; the place is at its first quote.
pub(super) fn units(bytes: &mut Bytes) -> Result<Vec<u16>, Broken> {
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

/// Writes `?` from `start` up to the present place, so that nothing there keeps the chunk from being one byte a character.
fn blank(bytes: &mut Bytes, start: usize) {
    let end = bytes.at;
    if let Some(rest) = bytes.all.get_mut(start..end) {
        rest.fill(b'?');
    }
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
