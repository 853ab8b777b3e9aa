//! The body's bytes, and the grammar of RFC 8259 over them.

use super::error::expect;
use super::load;

/// How deep objects and lists may lie in one another.
pub(super) const MAX_DEPTH: u32 = 128;

/// The body, and how far it has been read. Reading past the end gives 0, a byte that JSON allows nowhere.
#[derive(Debug)]
pub(super) struct Cursor {
    pub all: Vec<u8>,
    pub at: usize,
    /// Numbers, among those skipped, that a double could not hold: from, to.
    pub big_numbers: Vec<(usize, usize)>,
}

/// What a body has against the grammar: what was expected, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken {
    pub expected: &'static str,
    pub at: usize,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = 0x8080_8080_8080_8080;

impl Cursor {
    pub(super) fn new(all: Vec<u8>) -> Cursor {
        Cursor { all, at: 0, big_numbers: Vec::new() }
    }

    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        match self.all.get(at) {
            Some(byte) => *byte,
            None => 0,
        }
    }

    #[inline(always)]
    pub(super) fn now(&self) -> u8 {
        self.byte(self.at)
    }

    #[inline(always)]
    pub(super) fn range(&self, from: usize, to: usize) -> &[u8] {
        self.all.get(from..to).unwrap_or_default()
    }

    pub(super) fn broken<T>(&self, expected: &'static str) -> Result<T, Broken> {
        Err(Broken { expected, at: self.at })
    }

    /// Passes over white space, of which there is mostly none.
    #[inline(always)]
    pub(super) fn space(&mut self) {
        if self.now() <= b' ' {
            self.more_space();
        }
    }

    #[inline(never)]
    fn more_space(&mut self) {
        let mut at = self.at;
        while matches!(self.byte(at), b' ' | b'\n' | b'\r' | b'\t') {
            at += 1;
        }
        self.at = at;
    }

    /// The first place at or after this one that a plain string can't go past: a quote, a backslash, a control character,
    /// or a byte that isn't ASCII.
    #[inline(always)]
    pub(super) fn plain_end(&self, mut at: usize) -> usize {
        while let Some(word) = load::eight(&self.all, at) {
            // A byte's top bit gets set where it is a quote, a backslash, below a space, or not ASCII; a borrow can set it
            // wrongly, but only above a byte for which it was set rightly, and the lowest is the one that counts.
            let quotes = (word ^ (ONES * 0x22)).wrapping_sub(ONES);
            let backslashes = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
            let controls = word.wrapping_sub(ONES * 0x20);
            let stops = (quotes | backslashes | controls | word) & TOPS;
            if stops != 0 {
                return at + (stops.trailing_zeros() / 8) as usize;
            }
            at += 8;
        }
        while matches!(self.byte(at), 0x20..=0x7f) && !matches!(self.byte(at), b'"' | b'\\') {
            at += 1;
        }
        at
    }

    /// The same, as a call: for where it is needed less often.
    #[inline(never)]
    pub(super) fn end_of_plain(&self, at: usize) -> usize {
        self.plain_end(at)
    }

    /// Whether the text at this place is the given one.
    #[inline(always)]
    pub(super) fn has(&self, at: usize, text: &[u8]) -> bool {
        load::is_same(&self.all, at, text, 0, text.len())
    }

    /// Whether the same text lies at both places.
    #[inline(always)]
    pub(super) fn repeats(&self, at: usize, before: usize, length: usize) -> bool {
        load::is_same(&self.all, at, &self.all, before, length)
    }

    /// Passes over a string; the place is at its first quote.
    pub(super) fn skip_string(&mut self) -> Result<(), Broken> {
        self.at += 1;
        loop {
            self.at = self.end_of_plain(self.at);
            match self.now() {
                b'"' => break,
                b'\\' => {
                    self.escape()?;
                }
                0x80.. => self.at += 1,
                _ => return self.broken(self.what_ends_a_string()),
            }
        }
        self.at += 1;
        Ok(())
    }

    /// What to say where a string can't go on.
    pub(super) fn what_ends_a_string(&self) -> &'static str {
        if self.at < self.all.len() { expect::ESCAPED } else { expect::QUOTE }
    }

    /// Reads an escape sequence; the place is at its backslash. Gives a unit of UTF-16.
    pub(super) fn escape(&mut self) -> Result<u16, Broken> {
        let unit = match self.byte(self.at + 1) {
            plain @ (b'"' | b'\\' | b'/') => u16::from(plain),
            b'b' => 8,
            b't' => 9,
            b'n' => 10,
            b'f' => 12,
            b'r' => 13,
            b'u' => match hex4(self.range(self.at + 2, self.at + 6)) {
                Some(unit) => {
                    self.at += 6;
                    return Ok(unit);
                }
                None => return self.broken(expect::ESCAPE),
            },
            _ => return self.broken(expect::ESCAPE),
        };
        self.at += 2;
        Ok(unit)
    }

    /// Reads a character of UTF-8 that isn't ASCII. What isn't UTF-8 gives U+FFFD, as a `TextDecoder` does.
    pub(super) fn character(&mut self) -> u32 {
        const REPLACEMENT: u32 = 0xfffd;
        let first = self.now();
        let (more, low, high, mut code) = match first {
            0xc2..=0xdf => (1, 0x80, 0xbf, u32::from(first & 0x1f)),
            0xe0 => (2, 0xa0, 0xbf, 0),
            0xed => (2, 0x80, 0x9f, 0xd),
            0xe1..=0xef => (2, 0x80, 0xbf, u32::from(first & 0xf)),
            0xf0 => (3, 0x90, 0xbf, 0),
            0xf1..=0xf3 => (3, 0x80, 0xbf, u32::from(first & 7)),
            0xf4 => (3, 0x80, 0x8f, 4),
            _ => (0, 0, 0, REPLACEMENT),
        };
        self.at += 1;
        let mut bounds = low..=high;
        for _ in 0..more {
            let next = self.now();
            if !bounds.contains(&next) {
                return REPLACEMENT;
            }
            code = code << 6 | u32::from(next & 0x3f);
            bounds = 0x80..=0xbf;
            self.at += 1;
        }
        code
    }

    /// Passes over a number; the place is at its first byte. Returns whether it has an exponent.
    pub(super) fn number(&mut self) -> Result<bool, Broken> {
        if self.now() == b'-' {
            self.at += 1;
        }
        if self.now() == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.now() == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if !matches!(self.now(), b'e' | b'E') {
            return Ok(false);
        }
        self.at += 1;
        if matches!(self.now(), b'+' | b'-') {
            self.at += 1;
        }
        self.digits()?;
        Ok(true)
    }

    fn digits(&mut self) -> Result<(), Broken> {
        if !self.now().is_ascii_digit() {
            return self.broken(expect::DIGIT);
        }
        while self.now().is_ascii_digit() {
            self.at += 1;
        }
        Ok(())
    }

    /// Passes over `true`, `false` or `null`.
    pub(super) fn word(&mut self, word: &[u8]) -> Result<(), Broken> {
        if !self.has(self.at, word) {
            return self.broken(expect::VALUE);
        }
        self.at += word.len();
        Ok(())
    }

    /// Passes over any value, checking its grammar. `depth` is how deep it lies already.
    pub(super) fn skip(&mut self, depth: u32) -> Result<(), Broken> {
        match self.now() {
            b'"' => self.skip_string(),
            b'{' => self.skip_object(depth),
            b'[' => self.skip_list(depth),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            b'-' | b'0'..=b'9' => {
                let start = self.at;
                self.number()?;
                if !fits_a_double(self.range(start, self.at)) {
                    self.big_numbers.push((start, self.at));
                }
                Ok(())
            }
            _ => self.broken(expect::VALUE),
        }
    }

    fn skip_object(&mut self, depth: u32) -> Result<(), Broken> {
        self.check_depth(depth)?;
        self.at += 1;
        self.space();
        if self.now() == b'}' {
            self.at += 1;
            return Ok(());
        }
        loop {
            if self.now() != b'"' {
                return self.broken(expect::NAME);
            }
            self.skip_string()?;
            self.colon()?;
            self.skip(depth + 1)?;
            if self.comma_or(b'}', expect::COMMA_OR_BRACE)? {
                return Ok(());
            }
        }
    }

    fn skip_list(&mut self, depth: u32) -> Result<(), Broken> {
        self.check_depth(depth)?;
        self.at += 1;
        self.space();
        if self.now() == b']' {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.skip(depth + 1)?;
            if self.comma_or(b']', expect::COMMA_OR_BRACKET)? {
                return Ok(());
            }
        }
    }

    pub(super) fn check_depth(&self, depth: u32) -> Result<(), Broken> {
        if depth >= MAX_DEPTH { self.broken(expect::TOO_DEEP) } else { Ok(()) }
    }

    /// Passes over a colon and the space around it.
    pub(super) fn colon(&mut self) -> Result<(), Broken> {
        self.space();
        if self.now() != b':' {
            return self.broken(expect::COLON);
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Passes over a comma, or over the end of an object or a list: then `true`.
    pub(super) fn comma_or(&mut self, end: u8, expected: &'static str) -> Result<bool, Broken> {
        self.space();
        let byte = self.now();
        if byte == b',' {
            self.at += 1;
            self.space();
            Ok(false)
        } else if byte == end {
            self.at += 1;
            Ok(true)
        } else {
            self.broken(expected)
        }
    }
}

/// Whether two texts are the same.
#[inline(always)]
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && load::is_same(a, 0, b, 0, a.len())
}

fn hex4(digits: &[u8]) -> Option<u16> {
    let [a, b, c, d] = digits else { return None };
    let mut unit = 0;
    for digit in [a, b, c, d] {
        unit = unit << 4 | char::from(*digit).to_digit(16)? as u16;
    }
    Some(unit)
}

/// Whether a number survives as a double, digit by digit: at most 15 digits that count, and no great exponent. That is
/// a little less than doubles can do, and it needs no computation.
pub(super) fn fits_a_double(number: &[u8]) -> bool {
    let (digits, exponent) = match number.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (number.get(..at).unwrap_or_default(), number.get(at + 1..).unwrap_or_default()),
        None => (number, [].as_slice()),
    };
    let is_small =
        exponent.iter().filter(|byte| byte.is_ascii_digit()).skip_while(|byte| **byte == b'0').count() < 3;
    // The length is counted too: a number like 0.000…1 would need an exponent.
    is_small && digits.len() < 200 && significant_digits(digits) <= 15
}

fn significant_digits(number: &[u8]) -> usize {
    let digits = || number.iter().filter(|byte| byte.is_ascii_digit());
    let leading = digits().take_while(|byte| **byte == b'0').count();
    let trailing = digits().rev().take_while(|byte| **byte == b'0').count();
    digits().count().saturating_sub(leading + trailing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skipped(text: &str) -> Result<usize, &'static str> {
        let mut bytes = Cursor::new(text.as_bytes().to_vec());
        bytes.skip(0).map(|()| bytes.at).map_err(|broken| broken.expected)
    }

    #[test]
    fn every_sort_of_value_is_passed_over() {
        for text in [
            "0",
            "-0.5e+10",
            "\"a\\u00e9\\\"é\"",
            "[]",
            "[1, [2]]",
            "{}",
            "{\"a\" : {\"b\":[null,true,false]}}",
        ] {
            assert_eq!(skipped(text), Ok(text.len()), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_told() {
        for (text, expected) in [
            ("{\"a\" 1}", expect::COLON),
            ("{a:1}", expect::NAME),
            ("[1 2]", expect::COMMA_OR_BRACKET),
            ("[1,]", expect::VALUE),
            ("{\"a\":1,}", expect::NAME),
            ("\"a", expect::QUOTE),
            ("\"a\nb\"", expect::ESCAPED),
            ("\"\\x\"", expect::ESCAPE),
            ("\"\\u12g4\"", expect::ESCAPE),
            ("-", expect::DIGIT),
            ("1.", expect::DIGIT),
            ("1e", expect::DIGIT),
            ("nul", expect::VALUE),
        ] {
            assert_eq!(skipped(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn depth_has_a_limit() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(skipped(&nested(128)).is_ok());
        assert_eq!(skipped(&nested(129)), Err(expect::TOO_DEEP));
        assert_eq!(skipped(&"[".repeat(1_000_000)), Err(expect::TOO_DEEP));
    }

    #[test]
    fn a_plain_text_ends_at_the_first_byte_that_needs_care() {
        for stop in [b'"', b'\\', 0x1f, 0, 0x80, 0xff] {
            for place in 0..20 {
                let mut text = vec![b'~'; 24];
                text[place] = stop;
                text[23] = b'"';
                assert_eq!(Cursor::new(text).plain_end(0), place, "{stop} at {place}");
            }
        }
    }

    #[test]
    fn numbers_that_a_double_would_change_are_known() {
        for exact in ["0", "123456789012345", "-0.1", "1e20", "100000000000000000000", "9.99999999999999e99"]
        {
            assert!(fits_a_double(exact.as_bytes()), "{exact}");
        }
        for big in ["1234567890123456789", "9007199254740993", "0.12345678901234567", "1e400", "1e-400"] {
            assert!(!fits_a_double(big.as_bytes()), "{big}");
        }
    }
}
