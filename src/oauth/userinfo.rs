//! UserInfo: what the bank says of the customer (OpenID Connect Core, section 5.3).
//!
//! Rule: `docs/security.md#userinfo-subject`.

use crate::error::{Error, Kind, Result};
use crate::http::Response;
use crate::json::{self, FieldError, Value};

/// Checks a successful answer against the subject of the session's ID token, and gives the claims as JSON (section 5.3.2).
pub fn check(response: &Response, subject: &str) -> Result<String> {
    let claims = json::parse(&response.body).unwrap_or(Value::Null);
    if !matches!(claims, Value::Object(_)) {
        return Err(Error::response(FieldError::new("userinfo", "a JSON object", "another body")));
    }
    if claims.get("sub").and_then(Value::as_text) != Some(subject) {
        return Err(Error::of(Kind::UserinfoSubject));
    }
    Ok(claims.to_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rule: `userinfo-subject`.
    #[test]
    fn the_subject_is_that_of_the_id_token() {
        let check =
            |body: &str| check(&Response { status: 200, body: body.into(), ..Response::default() }, "anna");
        assert_eq!(check(r#"{"sub":"anna","name":"Anna"}"#).unwrap(), r#"{"sub":"anna","name":"Anna"}"#);
        for body in [r#"{"sub":"james"}"#, "{}", r#"{"sub":["anna"]}"#] {
            assert_eq!(check(body).unwrap_err().code, "userinfo_subject", "{body}");
        }
        assert_eq!(check("eyJ.eyJ.x").unwrap_err().code, "invalid_response");
    }
}
