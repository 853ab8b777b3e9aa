//! Typed reading of an object's members, with errors that name the member and what was expected.

use super::Value;
use crate::digits;

/// A member that is not what it should be. Boxed, since results are moved at every `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError(Box<FieldErrorDetails>);

/// The parts of a [`FieldError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldErrorDetails {
    /// The path of the member, such as `environment.baseUrl`.
    pub path: String,
    /// What was expected, with its article.
    pub expected: String,
    /// What was found, with its article: a JSON type, or a fault of the value in words, never the value.
    pub found: String,
}

impl FieldError {
    /// Makes the error of the member at `path`.
    pub fn new(path: impl Into<String>, expected: &str, found: &str) -> Self {
        Self(Box::new(FieldErrorDetails {
            path: path.into(),
            expected: expected.into(),
            found: found.into(),
        }))
    }

    /// All of it as a message.
    pub fn message(&self) -> String {
        ["`", &self.path, "` must be ", &self.expected, ", got ", &self.found, "."].concat()
    }
}

impl core::ops::Deref for FieldError {
    type Target = FieldErrorDetails;
    fn deref(&self) -> &FieldErrorDetails {
        &self.0
    }
}

/// The members of an object. `null` counts as absent.
#[derive(Clone, Copy)]
pub struct Fields<'a> {
    path: &'a str,
    object: &'a Value,
}

impl<'a> Fields<'a> {
    /// Reads `value`, which errors call `path` (empty for the top), as an object.
    pub fn of(path: &'a str, value: &'a Value) -> Result<Self, FieldError> {
        match value {
            Value::Object(_) => Ok(Self { path, object: value }),
            other => {
                let path = if path.is_empty() { "options" } else { path };
                Err(FieldError::new(path, "an object", other.type_name()))
            }
        }
    }

    /// The path of a member, for errors.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() {
            return name.into();
        }
        [self.path, ".", name].concat()
    }

    /// The member's value, absent or null as `None`.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| **value != Value::Null)
    }

    /// Returns the error of the member, by what it expected and what stands there.
    pub fn field_error(&self, name: &str, expected: &str) -> FieldError {
        let found = self.value(name).map_or("nothing", Value::type_name);
        FieldError::new(self.path(name), expected, found)
    }

    /// A string that may be absent.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>, FieldError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.field_error(name, "a string")),
        }
    }

    /// A string that must be there.
    pub fn required_text(&self, name: &str) -> Result<&'a str, FieldError> {
        self.text(name)?.ok_or_else(|| self.field_error(name, "a string"))
    }

    /// A boolean that may be absent.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, FieldError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.field_error(name, "a boolean")),
        }
    }

    /// Reads an integer ≥ 0 that may be absent. A fraction is cut off, because times and sizes are integers.
    pub fn number(&self, name: &str) -> Result<Option<i64>, FieldError> {
        const EXPECTED: &str = "an integer ≥ 0";
        match self.value(name) {
            None => Ok(None),
            Some(Value::Number(text)) => match whole(text) {
                Some(number) => Ok(Some(number)),
                None => Err(FieldError::new(self.path(name), EXPECTED, "another number")),
            },
            Some(_) => Err(self.field_error(name, EXPECTED)),
        }
    }

    /// Reads a count that may be absent: an integer ≥ 0 without a fraction.
    pub fn count(&self, name: &str) -> Result<Option<i64>, FieldError> {
        match self.value(name) {
            Some(Value::Number(text)) if text.contains('.') => {
                Err(FieldError::new(self.path(name), "an integer ≥ 0", "a fraction"))
            }
            _ => self.number(name),
        }
    }

    /// A list of strings that may be absent.
    pub fn texts(&self, name: &str) -> Result<Option<Vec<String>>, FieldError> {
        const EXPECTED: &str = "an array of strings";
        match self.value(name) {
            None => Ok(None),
            Some(Value::List(items)) => items
                .iter()
                .map(|item| item.as_text().map(String::from))
                .collect::<Option<Vec<_>>>()
                .map(Some)
                .ok_or_else(|| FieldError::new(self.path(name), EXPECTED, "another item in the array")),
            Some(_) => Err(self.field_error(name, EXPECTED)),
        }
    }

    /// An object that may be absent.
    pub fn object(&self, name: &str, path: &'a str) -> Result<Option<Fields<'a>>, FieldError> {
        self.value(name).map(|value| Fields::of(path, value)).transpose()
    }

    /// Refuses members that are not in `known`: a misspelt option must not pass in silence.
    pub fn only(&self, known: &[&str]) -> Result<(), FieldError> {
        let Value::Object(members) = self.object else { return Ok(()) };
        let Some((name, _)) = members.iter().find(|(name, _)| !known.contains(&name.as_str())) else {
            return Ok(());
        };
        let expected = ["one of the options `", &known.join("`, `"), "`"].concat();
        let near = known.iter().find(|known| is_near(name, known));
        let question = near.map_or(String::new(), |near| [" (did you mean `", near, "`?)"].concat());
        let found = ["another name", &question].concat();
        Err(FieldError::new(self.path(name), &expected, &found))
    }
}

/// Whether two names differ, case apart, by one passage of at most a third of the longer.
fn is_near(one: &str, other: &str) -> bool {
    let alike = |(a, b): &(u8, u8)| a.eq_ignore_ascii_case(b);
    let start = one.bytes().zip(other.bytes()).take_while(alike).count();
    let end = one.bytes().rev().zip(other.bytes().rev()).take_while(alike).count();
    let (shorter, longer) = (one.len().min(other.len()), one.len().max(other.len()));
    let same = shorter.min(start + end);
    (longer - same) * 3 <= longer
}

/// The whole part of a number of at least zero. The standard library's parser of doubles would cost 18 KB of wasm.
pub fn whole(text: &str) -> Option<i64> {
    let (digits, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = !digits.is_empty() && digits.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    if plain { digits::read(digits) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn errors_name_the_member_and_both_types() {
        let value = parse(br#"{"environment":{"baseUrl":7},"n":-1,"s":["a",1]}"#).unwrap();
        let fields = Fields::of("", &value).unwrap();
        let environment = fields.object("environment", "environment").unwrap().unwrap();
        assert_eq!(
            environment.text("baseUrl").unwrap_err().message(),
            "`environment.baseUrl` must be a string, got a number."
        );
        assert!(fields.number("n").is_err());
        assert!(fields.texts("s").is_err());
        assert_eq!(fields.required_text("x").unwrap_err().found, "nothing");
    }

    #[test]
    fn a_misspelt_name_is_refused() {
        let value = parse(br#"{"clientID":"a"}"#).unwrap();
        let error = Fields::of("", &value).unwrap().only(&["scope", "clientId"]).unwrap_err();
        assert_eq!(
            error.message(),
            "`clientID` must be one of the options `scope`, `clientId`, got another name (did you mean `clientId`?)."
        );
    }

    #[test]
    fn a_name_is_suggested_where_it_is_near() {
        for (written, meant) in [
            ("clientid", "clientId"),
            ("client_id", "clientId"),
            ("redirectURL", "redirectUri"),
            ("redirect_uri", "redirectUri"),
            ("scopes", "scope"),
            ("timeout", "timeoutMs"),
            ("retries", "maxRetries"),
            ("dateForm", "dateFrom"),
            ("limitt", "limit"),
        ] {
            assert!(is_near(written, meant) && is_near(meant, written), "{written}");
        }
        for (written, other) in [("", "kid"), ("foo", "fetch"), ("secret", "scope"), ("dateT", "dateFrom")] {
            assert!(!is_near(written, other), "{written}");
        }
    }
}
