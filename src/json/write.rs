//! JSON text from values.

use super::Value;
use crate::digits;

/// Writes one object, member by member.
#[derive(Default)]
pub struct ObjectWriter {
    out: String,
}

impl ObjectWriter {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// A member whose value is JSON text already.
    pub fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.out.push(if self.out.is_empty() { '{' } else { ',' });
        quote(&mut self.out, name);
        self.out.push(':');
        self.out.push_str(json);
        self
    }

    /// A string.
    pub fn text(&mut self, name: &str, text: &str) -> &mut Self {
        let mut json = String::new();
        quote(&mut json, text);
        self.raw(name, &json)
    }

    /// A string, left out where absent.
    pub fn optional(&mut self, name: &str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A list of strings.
    pub fn texts(&mut self, name: &str, texts: &[String]) -> &mut Self {
        let mut json = String::from("[");
        for text in texts {
            if json.len() > 1 {
                json.push(',');
            }
            quote(&mut json, text);
        }
        json.push(']');
        self.raw(name, &json)
    }

    /// Writes an integer.
    pub fn number(&mut self, name: &str, number: i64) -> &mut Self {
        self.raw(name, &digits::write(number))
    }

    /// The members that another object has so far.
    pub fn members(&mut self, of: &Self) -> &mut Self {
        if let Some(members) = of.out.get(1..) {
            self.out.push(if self.out.is_empty() { '{' } else { ',' });
            self.out.push_str(members);
        }
        self
    }

    /// A boolean.
    pub fn flag(&mut self, name: &str, flag: bool) -> &mut Self {
        self.raw(name, if flag { "true" } else { "false" })
    }

    /// The finished text.
    pub fn finish(&mut self) -> String {
        let mut out = core::mem::take(&mut self.out);
        if out.is_empty() {
            out.push('{');
        }
        out.push('}');
        out
    }
}

/// Appends `text` as a JSON string.
pub fn quote(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let is_special = |byte: u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let mut rest = text;
    out.push('"');
    // What stands between characters to escape, which are of one byte each, is copied as it is.
    while let Some(at) = rest.bytes().position(is_special) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or_default();
        let (character, behind) = special.split_at_checked(1).unwrap_or_default();
        out.push_str(plain);
        match character {
            "\"" | "\\" => {
                out.push('\\');
                out.push_str(character);
            }
            _ => {
                let code = character.bytes().map(usize::from).sum::<usize>();
                out.push_str("\\u00");
                out.extend(HEX.get(code >> 4));
                out.extend(HEX.get(code & 15));
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out.push('"');
}

/// Appends `value` as JSON text.
pub fn value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(text) => out.push_str(text),
        Value::Text(text) => quote(out, text),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                self::value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                quote(out, name);
                out.push(':');
                self::value(out, member);
            }
            out.push('}');
        }
    }
}
