//! The platform's errors, as JavaScript describes them.

use crate::error::Cause;
use crate::json::{self, Value};

/// Reads `[{ name, message, code? }]`.
pub fn read(causes: &str) -> Vec<Cause> {
    let Ok(Value::List(causes)) = json::parse(causes.as_bytes()) else { return Vec::new() };
    let text = |cause: &Value, name: &str| cause.get(name).and_then(Value::as_text).map(String::from);
    causes
        .iter()
        .map(|cause| Cause {
            name: text(cause, "name").unwrap_or_default(),
            message: text(cause, "message").unwrap_or_default(),
            code: text(cause, "code"),
        })
        .collect()
}
