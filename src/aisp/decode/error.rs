//! Errors and drift of a body: by path and type, never by value.

use std::fmt;

use crate::digits;

/// Why a body could not be decoded.
///
/// It names the place and the JSON type that was found there. The value itself may be a customer's account number, so
/// the error does not hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// What sort of thing is wrong.
    pub fault: Fault,
    /// Where: `transactions[17].transaction_amount.amount`. Empty where it is the body itself.
    pub path: String,
    /// What should have been there: `a decimal string`.
    pub expected: &'static str,
    /// What was there.
    pub found: Found,
    /// The byte of the body at which it was noticed.
    pub offset: usize,
}

/// What sort of thing is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The body is empty.
    Empty,
    /// The body isn't JSON.
    Syntax,
    /// Something isn't what the contract says.
    Contract,
    /// The body is beyond what the decoder takes: nested too deep, or too large.
    Limit,
}

/// The JSON type of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing at all.
    Nothing,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string; where a string was expected, one of another form.
    String,
    /// A list.
    Array,
    /// An object.
    Object,
    /// Text that isn't JSON.
    Other,
}

/// Something that was not quite what the contract says, and was taken all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Where, without indexes: `transactions[].remittance_information_unstructured`.
    pub path: String,
    /// What should have been there: `a list of strings`.
    pub expected: &'static str,
    /// What was there.
    pub found: Found,
}

impl DecodeError {
    /// Returns the error as one sentence, made without the formatting machinery, which weighs kilobytes in wasm.
    pub fn message(&self) -> String {
        let mut text = String::new();
        if self.path.is_empty() {
            text.push_str("The body");
        } else {
            push_all(&mut text, &["`", &self.path, "`"]);
        }
        match self.fault {
            Fault::Empty => text.push_str(" is empty"),
            Fault::Limit => push_all(&mut text, &[" is ", self.expected]),
            Fault::Contract => {
                let found = self.found.phrase(self.expected);
                push_all(&mut text, &[" must be ", self.expected, ", got ", found]);
            }
            Fault::Syntax => {
                push_all(&mut text, &[" is not JSON: expected ", self.expected, " at byte "]);
                digits::push(&mut text, self.offset as u64);
            }
        }
        text.push('.');
        text
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for DecodeError {}

impl Found {
    /// The name of the JSON type.
    pub const fn name(self) -> &'static str {
        match self {
            Found::Nothing => "nothing",
            Found::Null => "null",
            Found::Boolean => "boolean",
            Found::Number => "number",
            Found::String => "string",
            Found::Array => "array",
            Found::Object => "object",
            Found::Other => "other",
        }
    }

    /// The type as a phrase. Where a string of some form was due, a string is "another string".
    fn phrase(self, expected: &str) -> &'static str {
        match self {
            Found::Nothing => "nothing",
            Found::Null => "null",
            Found::Boolean => "a boolean",
            Found::Number => "a number",
            Found::String if is_about_strings(expected) => "a string of another form",
            Found::String => "a string",
            Found::Array => "an array",
            Found::Object => "an object",
            Found::Other => "what is not JSON",
        }
    }

    /// The type of the value that begins with this byte.
    pub(super) const fn starting_with(byte: u8) -> Found {
        match byte {
            b'{' => Found::Object,
            b'[' => Found::Array,
            b'"' => Found::String,
            b't' | b'f' => Found::Boolean,
            b'n' => Found::Null,
            b'-' | b'0'..=b'9' => Found::Number,
            _ => Found::Other,
        }
    }
}

fn is_about_strings(expected: &str) -> bool {
    [expect::DECIMAL, expect::CURRENCY, expect::DATE, expect::INSTANT, expect::PLAIN_NUMBER]
        .contains(&expected)
}

/// What may be expected, in the words of the errors.
pub(super) mod expect {
    pub const STRING: &str = "a string";
    pub const DECIMAL: &str = "a decimal string";
    pub const PLAIN_NUMBER: &str = "a decimal of at most 400 digits";
    pub const CURRENCY: &str = "an ISO 4217 currency code";
    pub const DATE: &str = "a date (YYYY-MM-DD)";
    pub const INSTANT: &str = "an RFC 3339 date and time";
    pub const FLAG: &str = "a boolean";
    pub const OBJECT: &str = "an object";
    pub const TEXTS: &str = "a list of strings";
    pub const OBJECTS: &str = "a list of objects";
    pub const VALUE: &str = "a value";
    pub const NAME: &str = "a field's name in double quotes";
    pub const COLON: &str = "a colon";
    pub const COMMA_OR_BRACE: &str = "a comma or the end of an object";
    pub const COMMA_OR_BRACKET: &str = "a comma or the end of a list";
    pub const QUOTE: &str = "the end of a string";
    pub const ESCAPED: &str = "control characters in strings to be escaped";
    pub const ESCAPE: &str = "an escape sequence of JSON";
    pub const DIGIT: &str = "a digit";
    pub const END: &str = "nothing after the value";
    pub const TOO_DEEP: &str = "nested deeper than 128 levels";
    pub const TOO_LARGE: &str = "larger than 1 GiB";
}

fn push_all(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_path_expectation_and_type() {
        let error = DecodeError {
            fault: Fault::Contract,
            path: "transactions[17].transaction_amount.amount".into(),
            expected: expect::DECIMAL,
            found: Found::Boolean,
            offset: 4711,
        };
        assert_eq!(
            error.to_string(),
            "`transactions[17].transaction_amount.amount` must be a decimal string, got a boolean."
        );
    }

    #[test]
    fn a_syntax_error_names_the_byte() {
        let error = DecodeError {
            fault: Fault::Syntax,
            path: String::new(),
            expected: expect::COLON,
            found: Found::Other,
            offset: 1203,
        };
        assert_eq!(error.to_string(), "The body is not JSON: expected a colon at byte 1203.");
    }
}
