//! How many calls a client may make in which time: the option `rateLimit` and what is published.

use crate::json::{FieldError, Fields, Value};

/// At most `limit` calls in any `ms` milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// The most calls.
    pub limit: u32,
    /// The length.
    pub ms: f64,
}

impl Window {
    /// How long a call counts after its answer. A little more than the length: two clocks never run quite alike, and a
    /// browser may round its own.
    pub(super) fn padded_ms(self) -> f64 {
        self.ms * 1.002 + 10.0
    }
}

/// The limits of a client; an absent one is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most calls in any minute.
    pub per_minute: Option<u32>,
    /// The most calls in any ten seconds.
    pub per_10_seconds: Option<u32>,
}

impl Limits {
    /// What Oakford publishes for its sandbox.
    pub const SANDBOX: Limits = Limits { per_minute: Some(100), per_10_seconds: Some(50) };
    /// What Oakford publishes for production.
    pub const PRODUCTION: Limits = Limits { per_minute: Some(1000), per_10_seconds: Some(50) };
    /// No published limits, as for a server of the application's own: the limiter learns from responses.
    pub const UNKNOWN: Limits = Limits { per_minute: None, per_10_seconds: None };

    /// Reads the option `rateLimit`: `false`, which gives `None`, or `{ perMinute, per10Seconds }`, each of which may be left
    /// out and is the environment's own then.
    pub fn read(value: Option<&Value>, environment: Limits) -> Result<Option<Limits>, FieldError> {
        let fields = match value {
            None | Some(Value::Null) => return Ok(Some(environment)),
            Some(Value::Bool(false)) => return Ok(None),
            Some(value @ Value::Object(_)) => Fields::of("rateLimit", value)?,
            Some(other) => {
                let expected = "false or `{ perMinute, per10Seconds }`";
                return Err(FieldError::new("rateLimit", expected, other.type_name()));
            }
        };
        fields.only(&["perMinute", "per10Seconds"])?;
        Ok(Some(Limits {
            per_minute: count(fields, "perMinute")?.or(environment.per_minute),
            per_10_seconds: count(fields, "per10Seconds")?.or(environment.per_10_seconds),
        }))
    }

    /// The same as windows.
    pub fn windows(self) -> Vec<Window> {
        let minute = self.per_minute.map(|limit| Window { limit, ms: 60_000.0 });
        let burst = self.per_10_seconds.map(|limit| Window { limit, ms: 10_000.0 });
        minute.into_iter().chain(burst).collect()
    }
}

fn count(fields: Fields<'_>, name: &str) -> Result<Option<u32>, FieldError> {
    match fields.count(name)? {
        None => Ok(None),
        Some(0) => Err(FieldError::new(fields.path(name), "an integer ≥ 1", "0")),
        Some(number) => Ok(Some(u32::try_from(number).unwrap_or(u32::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn read(json: &str) -> Result<Option<Limits>, String> {
        let value = parse(json.as_bytes()).unwrap();
        Limits::read(Some(&value), Limits::SANDBOX).map_err(|field_error| field_error.message())
    }

    #[test]
    fn what_is_left_out_is_the_environments() {
        assert_eq!(Limits::read(None, Limits::PRODUCTION), Ok(Some(Limits::PRODUCTION)));
        assert_eq!(read("{}"), Ok(Some(Limits::SANDBOX)));
        let own = Limits { per_minute: Some(20), per_10_seconds: Some(50) };
        assert_eq!(read(r#"{"perMinute":20}"#), Ok(Some(own)));
        assert_eq!(read("false"), Ok(None));
    }

    #[test]
    fn what_is_no_limit_is_named() {
        for (json, message) in [
            ("true", "`rateLimit` must be false or `{ perMinute, per10Seconds }`, got a boolean."),
            (r#"{"perMinute":0}"#, "`rateLimit.perMinute` must be an integer ≥ 1, got 0."),
            (r#"{"per10Seconds":1.5}"#, "`rateLimit.per10Seconds` must be an integer ≥ 0, got a fraction."),
            (
                r#"{"burst":5}"#,
                "`rateLimit.burst` must be one of the options `perMinute`, `per10Seconds`, got another name.",
            ),
        ] {
            assert_eq!(read(json), Err(message.to_string()));
        }
    }
}
