//! RFC 8259 text to a [`Value`].

use super::Value;

/// Deeper nesting than this is refused: no message of this API needs it, and the parser is recursive.
const MAX_DEPTH: usize = 64;

/// More values than this are refused: each takes many times the memory of its text.
const MAX_VALUES: u32 = 1 << 16;

/// Where the text stops being JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte at which reading failed.
    pub offset: usize,
    /// What was expected there.
    pub expected: &'static str,
}

/// Parses one JSON text; a byte order mark before it is tolerated.
pub fn parse(text: &[u8]) -> Result<Value, SyntaxError> {
    let body = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut parser = Parser { text: body, at: 0, left: MAX_VALUES };
    let value = parser.value(0)?;
    parser.space();
    if parser.peek().is_some() {
        return parser.fail("the end of the text");
    }
    Ok(value)
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    left: u32,
}

impl Parser<'_> {
    fn fail<T>(&self, expected: &'static str) -> Result<T, SyntaxError> {
        Err(SyntaxError { offset: self.at, expected })
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        if depth > MAX_DEPTH {
            return self.fail("less nesting");
        }
        let Some(left) = self.left.checked_sub(1) else { return self.fail("fewer values") };
        self.left = left;
        self.space();
        match self.peek() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => self.fail("a JSON value"),
        }
    }

    fn word(&mut self, word: &'static str, value: Value) -> Result<Value, SyntaxError> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            self.at += word.len();
            return Ok(value);
        }
        self.fail(word)
    }

    fn object(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        self.at += 1;
        let mut members: Vec<(String, Value)> = Vec::new();
        self.space();
        if self.eat(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            if !self.eat(b':') {
                return self.fail("a colon");
            }
            let value = self.value(depth + 1)?;
            // Duplicates stay, since looking for them would take time that grows with the square of a hostile text's length;
            // `Value::get` gives the last.
            members.push((name, value));
            self.space();
            if self.eat(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(b',') {
                return self.fail("a comma or the end of the object");
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, SyntaxError> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.eat(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            if self.eat(b']') {
                return Ok(Value::List(items));
            }
            if !self.eat(b',') {
                return self.fail("a comma or the end of the array");
            }
        }
    }

    fn digits(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { self.fail("a digit") } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        Ok(Value::Number(String::from_utf8_lossy(digits).into_owned()))
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        if !self.eat(b'"') {
            return self.fail("a string");
        }
        let mut bytes = Vec::new();
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut bytes)?,
                Some(byte) if byte >= 0x20 => {
                    bytes.push(byte);
                    self.at += 1;
                }
                _ => return self.fail("the end of the string"),
            }
        }
        self.at += 1;
        // As TextDecoder does: invalid UTF-8 becomes U+FFFD.
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), SyntaxError> {
        self.at += 1;
        let plain = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => return self.unicode(out),
            _ => return self.fail("an escape"),
        };
        self.at += 1;
        out.push(plain);
        Ok(())
    }

    fn unicode(&mut self, out: &mut Vec<u8>) -> Result<(), SyntaxError> {
        let mut unit = self.hex()?;
        if (0xD800..0xDC00).contains(&unit) && self.text.get(self.at..self.at + 2) == Some(b"\\u") {
            let mark = self.at;
            self.at += 1;
            let low = self.hex()?;
            if (0xDC00..0xE000).contains(&low) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            } else {
                self.at = mark;
            }
        }
        // A lone surrogate has no UTF-8 form.
        let character = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    /// Reads the four digits behind the `u` that the cursor stands on.
    fn hex(&mut self) -> Result<u32, SyntaxError> {
        self.at += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return self.fail("four hexadecimal digits") };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(value: &Value) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Number(text) => text.parse::<f64>().unwrap().into(),
            Value::Text(text) => text.clone().into(),
            Value::List(items) => items.iter().map(plain).collect(),
            Value::Object(members) => {
                serde_json::Value::Object(members.iter().map(|(n, v)| (n.clone(), plain(v))).collect())
            }
        }
    }

    #[test]
    fn escapes_and_surrogate_pairs_are_read() {
        let value = parse(br#""\u20ac \ud83d\ude00 \n\/ \ud800x""#).unwrap();
        assert_eq!(value.as_text(), Some("€ 😀 \n/ \u{FFFD}x"));
    }

    #[test]
    fn of_duplicate_names_the_last_wins() {
        assert_eq!(parse(br#"{"a":1,"a":2}"#).unwrap().get("a"), Some(&Value::Number("2".into())));
    }

    #[test]
    fn what_is_not_json_is_refused_at_its_place() {
        for (text, offset) in
            [("", 0), ("{\"a\":}", 5), ("[1,]", 3), ("01", 1), ("\"a", 2), ("nul", 0), ("1 2", 2), ("1.", 2)]
        {
            assert_eq!(parse(text.as_bytes()).unwrap_err().offset, offset, "{text}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let text = "[".repeat(100_000);
        assert_eq!(parse(text.as_bytes()).unwrap_err().expected, "less nesting");
    }

    #[test]
    fn the_number_of_values_is_limited() {
        let list = |values: usize| ["[", &vec!["0"; values].join(","), "]"].concat();
        let most = MAX_VALUES as usize - 1;
        assert!(parse(list(most).as_bytes()).is_ok());
        let error = parse(list(1_000_000).as_bytes()).unwrap_err();
        assert_eq!((error.expected, error.offset), ("fewer values", 1 + 2 * most));
    }

    proptest! {
        #[test]
        fn any_text_is_judged_as_serde_json_judges_it(text in r#"[\[\]{}",:\\u0-9eE.+\-truefalsn \n]{0,40}"#) {
            let ours = parse(text.as_bytes());
            match serde_json::from_str::<serde_json::Value>(&text) {
                Ok(theirs) => {
                    let numbers_fit = !text.contains(['e', 'E', '.']) && !text.chars().any(|c| c.is_ascii_digit());
                    if numbers_fit { prop_assert_eq!(plain(&ours.unwrap()), theirs) } else { prop_assert!(ours.is_ok()) }
                }
                // serde_json also refuses lone surrogates and numbers out of a double's range.
                Err(error) if error.is_syntax() && !text.contains("\\u") && !text.contains(['e', 'E']) => prop_assert!(ours.is_err()),
                Err(_) => {}
            }
        }

        #[test]
        fn what_is_written_reads_back(text in any::<String>()) {
            let value = Value::Text(text);
            prop_assert_eq!(parse(value.to_json().as_bytes()).unwrap(), value);
        }
    }
}
