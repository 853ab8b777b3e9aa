//! The options of a call, which a host hands over as JSON.

use crate::error::{Error, Result};
use crate::json::{self, Fields, Value};

/// Reads a JSON object of options with `read`.
pub fn with_fields<T>(options: &str, read: impl Fn(Fields<'_>) -> Result<T>) -> Result<T> {
    let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
    read(Fields::of("", &value).map_err(Error::option)?)
}
