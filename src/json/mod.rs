//! Small JSON messages (tokens, metadata, options, error bodies) as values; the long lists of the API have a decoder of their own.
//!
//! Numbers keep the text they had on the wire, so nothing passes through a double unasked.

mod parse;
mod read;
mod write;

pub use parse::{SyntaxError, parse};
pub use read::{FieldError, FieldErrorDetails, Fields, whole};
pub use write::{ObjectWriter, quote};

/// A JSON value (RFC 8259).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as the text it had.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, in the order of its members. Of duplicate names the last counts: see [`Value::get`].
    Object(Vec<(String, Value)>),
}

impl Value {
    /// The JSON type's name with its article, for error messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The member of that name; absent where this is no object.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(members) => members.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// This value as JSON text again.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write::value(&mut out, self);
        out
    }
}
