//! The consent's expiry, from the responses that give it.

use super::decode::Decoded;
use super::models::ACCOUNT;
use super::schema::position;
use crate::json::{self, Value};
use crate::time;

const ENDS: &str = "consent_expires_at";
const PLACE: usize = position(ACCOUNT.fields, ENDS);
const _: () = assert!(PLACE < ACCOUNT.fields.len());

/// The earliest end that the accounts of a decoded answer name, in milliseconds since the epoch.
pub fn of_accounts(decoded: &Decoded) -> Option<i64> {
    if decoded.message.row().id != ACCOUNT.id {
        return None;
    }
    decoded.rows().filter_map(|account| time::from_rfc3339(&account.text(PLACE)?)).min()
}

/// The end that a token answer names: beside the tokens, or in its `authorization_details` (RFC 9396, section 7).
pub fn of_token_answer(body: &[u8]) -> Option<i64> {
    let answer = json::parse(body).ok()?;
    let details = match answer.get("authorization_details") {
        Some(Value::List(details)) => details.as_slice(),
        _ => &[],
    };
    let ends = |from: &Value| from.get(ENDS).and_then(Value::as_text).and_then(time::from_rfc3339);
    core::iter::once(&answer).chain(details).filter_map(ends).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aisp::decode::{Keys, Message, decode};

    const FIRST: i64 = 1_776_249_000_000;

    #[test]
    fn the_earliest_end_among_the_accounts_counts() {
        let account = |id: &str, ends: &str| {
            format!(r#"{{"account_id":"{id}","currency":"EUR","account_type":"current"{ends}}}"#)
        };
        let later = account("a", r#","consent_expires_at":"2026-05-01T00:00:00Z""#);
        let first = account("b", r#","consent_expires_at":"2026-04-15T12:30:00+02:00""#);
        let body = format!(r#"{{"accounts":[{later},{first},{}]}}"#, account("c", ""));
        let decoded = decode(Message::AccountList, body.into_bytes(), &mut Keys::new()).unwrap();
        assert_eq!(of_accounts(&decoded), Some(FIRST));
        let silent = decode(Message::Account, account("c", "").into_bytes(), &mut Keys::new()).unwrap();
        assert_eq!(of_accounts(&silent), None);
    }

    #[test]
    fn a_token_answer_may_tell_it_in_two_places() {
        for (body, expected) in [
            (r#"{"consent_expires_at":"2026-04-15T10:30:00Z"}"#, Some(FIRST)),
            (
                r#"{"authorization_details":[{"type":"x"},{"consent_expires_at":"2026-04-15T10:30:00Z"}]}"#,
                Some(FIRST),
            ),
            (r#"{"consent_expires_at":"soon","authorization_details":"none"}"#, None),
            ("no JSON", None),
        ] {
            assert_eq!(of_token_answer(body.as_bytes()), expected, "{body}");
        }
    }
}
