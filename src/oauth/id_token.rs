//! The ID token's claims (OpenID Connect Core, sections 3.1.3.7, 3.1.3.8 and 12.2). The signature is checked with the key set.
//!
//! Rules: `docs/security.md#signature-algorithms`, `docs/security.md#id-token-claims`,
//! `docs/security.md#renewed-id-token`.

use super::jws::{Algorithm, Jws};
use super::profile::Profile;
use crate::base64url;
use crate::error::{Error, Kind, RequestSent, Result};
use crate::json::{Value, whole};
use crate::time;

/// Clocks may differ by this much, in milliseconds.
pub const TOLERANCE_MS: i64 = 60_000;

/// Whom an ID token names, as far as later tokens of the session are compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `sub`
    pub subject: String,
    /// `nonce`
    pub nonce: Option<String>,
}

/// What an ID token has to say.
pub struct Expected<'a> {
    /// The configured issuer.
    pub issuer: &'a str,
    /// The client's own id.
    pub client_id: &'a str,
    /// The nonce of the transaction.
    pub nonce: Option<&'a str>,
    /// After a refresh: whom the session's ID token named. Then a nonce may be missing.
    pub earlier: Option<&'a Identity>,
    /// The authentication contexts that were asked for; none: any will do.
    pub acr: &'a [String],
    /// `at_hash` as it would be, computed from the access token that came along.
    pub at_hash: &'a str,
    /// Milliseconds since the epoch, by this machine's clock.
    pub now: i64,
    /// How far the server's clock is ahead of it.
    pub skew: i64,
}

/// The algorithm that the token's header names, where the profile accepts it: the header chooses nothing.
pub fn algorithm(jws: &Jws<'_>, profile: Profile) -> Result<Algorithm> {
    let named = jws.header.get("alg").and_then(Value::as_text).and_then(Algorithm::named);
    match named {
        // RFC 7515, section 4.1.11: nothing is known here that `crit` could name.
        Some(algorithm) if profile.accepts(algorithm) && jws.header.get("crit").is_none() => Ok(algorithm),
        _ => Err(refusal(Error::of(Kind::IdTokenAlgorithm))),
    }
}

/// The left half of a digest of the access token, in base64url (section 3.1.3.6).
pub fn half(digest: &[u8]) -> String {
    base64url::encode(digest.get(..digest.len() / 2).unwrap_or_default())
}

/// Checks the claims; the error's code says which claim is wrong.
pub fn check(payload: &Value, expected: &Expected<'_>) -> Result<Identity> {
    let text = |name: &str| payload.get(name).and_then(Value::as_text);
    if text("iss") != Some(expected.issuer) {
        return refuse(Kind::IdTokenIssuer);
    }
    if !audience(payload, expected.client_id) {
        return refuse(Kind::IdTokenAudience);
    }
    times(payload, expected)?;
    let subject = text("sub").filter(|subject| !subject.is_empty());
    let Some(subject) = subject else {
        return refuse_for(Kind::IdTokenSubject, "no subject (sub)");
    };
    if expected.earlier.is_some_and(|earlier| earlier.subject != subject) {
        return refuse_for(Kind::IdTokenSubject, "another subject than the session's");
    }
    let nonce = text("nonce");
    let known = expected.earlier.map_or(expected.nonce, |earlier| earlier.nonce.as_deref());
    let may_be_missing = expected.earlier.is_some() && payload.get("nonce").is_none();
    if !may_be_missing && nonce != known {
        return refuse(Kind::IdTokenNonce);
    }
    if payload.get("at_hash").is_some() && text("at_hash") != Some(expected.at_hash) {
        return refuse(Kind::IdTokenAtHash);
    }
    if !expected.acr.is_empty() && !expected.acr.iter().any(|asked| text("acr") == Some(asked)) {
        return refuse(Kind::IdTokenAcr);
    }
    Ok(Identity { subject: subject.into(), nonce: known.map(String::from) })
}

/// `aud` holds the client; `azp`, needed where there are several audiences, is the client.
fn audience(payload: &Value, client_id: &str) -> bool {
    let several = match payload.get("aud") {
        Some(Value::Text(audience)) if audience == client_id => false,
        Some(Value::List(list)) if list.iter().any(|item| item.as_text() == Some(client_id)) => {
            list.len() > 1
        }
        _ => return false,
    };
    match payload.get("azp") {
        None => !several,
        Some(party) => party.as_text() == Some(client_id),
    }
}

fn times(payload: &Value, expected: &Expected<'_>) -> Result<()> {
    let instant = |name: &str| match payload.get(name) {
        Some(Value::Number(seconds)) => whole(seconds).and_then(|seconds| seconds.checked_mul(1000)),
        _ => None,
    };
    let now = expected.now.saturating_add(expected.skew);
    let clocks = |claim: &str, at: i64| {
        let mut text =
            [" (", claim, " ", &time::to_rfc3339(at), ", server's clock ", &time::to_rfc3339(now)].concat();
        if expected.skew != 0 {
            text.push_str(", this machine's clock ");
            text.push_str(&time::to_rfc3339(expected.now));
        }
        text.push(')');
        text
    };
    match instant("exp") {
        Some(exp) if now < exp.saturating_add(TOLERANCE_MS) => {}
        Some(exp) => {
            return refuse_for(Kind::IdTokenExpired, &["expired", &clocks("exp", exp)].concat());
        }
        None => return refuse_for(Kind::IdTokenExpired, "no expiry (exp)"),
    }
    match instant("iat") {
        Some(iat) if iat <= now.saturating_add(TOLERANCE_MS) => {}
        Some(iat) => {
            return refuse_for(Kind::IdTokenIssuedAt, &["is from the future", &clocks("iat", iat)].concat());
        }
        None => return refuse_for(Kind::IdTokenIssuedAt, "does not say when it was issued (iat)"),
    }
    match instant("nbf") {
        Some(nbf) if nbf > now.saturating_add(TOLERANCE_MS) => {
            refuse_for(Kind::IdTokenIssuedAt, &["is not valid yet", &clocks("nbf", nbf)].concat())
        }
        None if payload.get("nbf").is_some_and(|nbf| *nbf != Value::Null) => {
            refuse_for(Kind::IdTokenIssuedAt, "has an nbf that is no time")
        }
        _ => Ok(()),
    }
}

fn refuse<T>(kind: Kind) -> Result<T> {
    Err(refusal(Error::of(kind)))
}

fn refuse_for<T>(kind: Kind, detail: &str) -> Result<T> {
    Err(refusal(Error::with_detail(kind, detail)))
}

/// Returns the error of an ID token that is not accepted: it is about an answer.
pub fn refusal(mut error: Error) -> Error {
    error.request_sent = RequestSent::Yes;
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::oauth::jws;
    use sha2::{Digest, Sha256};

    const NOW: i64 = 1_700_000_000_000;

    fn expected(acr: &[String]) -> Expected<'_> {
        Expected {
            issuer: "https://as.example",
            client_id: "demo",
            nonce: Some("n"),
            earlier: None,
            acr,
            at_hash: "hash",
            now: NOW,
            skew: 0,
        }
    }

    /// Good claims with some replaced; null takes one away.
    fn claims(changes: serde_json::Value) -> Value {
        let mut claims = serde_json::json!({
            "iss": "https://as.example", "sub": "anna", "aud": "demo", "exp": 1_700_000_300, "iat": 1_700_000_000,
            "nonce": "n", "at_hash": "hash", "acr": "sca"
        });
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        json::parse(claims.to_string().as_bytes()).unwrap()
    }

    fn code(changes: serde_json::Value) -> String {
        check(&claims(changes), &expected(&[])).unwrap_err().code.clone()
    }

    /// Rule: `id-token-claims`.
    #[test]
    fn good_claims_are_accepted() {
        for changes in [
            serde_json::json!({}),
            serde_json::json!({ "aud": ["demo"] }),
            serde_json::json!({ "aud": ["other", "demo"], "azp": "demo" }),
            serde_json::json!({ "azp": "demo", "at_hash": null, "acr": null }),
            serde_json::json!({ "nbf": 1_700_000_059 }),
        ] {
            let identity = check(&claims(changes), &expected(&[])).unwrap();
            assert_eq!(identity, Identity { subject: "anna".into(), nonce: Some("n".into()) });
        }
    }

    /// Rule: `id-token-claims`.
    #[test]
    fn each_wrong_claim_has_its_code() {
        for (changes, expected) in [
            (serde_json::json!({ "iss": "https://as.example/" }), "id_token_issuer"),
            (serde_json::json!({ "iss": null }), "id_token_issuer"),
            (serde_json::json!({ "aud": "other" }), "id_token_audience"),
            (serde_json::json!({ "aud": ["other"] }), "id_token_audience"),
            (serde_json::json!({ "aud": ["demo", "other"] }), "id_token_audience"),
            (serde_json::json!({ "aud": ["demo", "other"], "azp": "other" }), "id_token_audience"),
            (serde_json::json!({ "azp": "other" }), "id_token_audience"),
            (serde_json::json!({ "azp": 7 }), "id_token_audience"),
            (serde_json::json!({ "aud": null }), "id_token_audience"),
            (serde_json::json!({ "exp": 1_699_999_940 }), "id_token_expired"),
            (serde_json::json!({ "exp": null }), "id_token_expired"),
            (serde_json::json!({ "exp": "1700000300" }), "id_token_expired"),
            (serde_json::json!({ "iat": 1_700_000_061 }), "id_token_issued_at"),
            (serde_json::json!({ "iat": null }), "id_token_issued_at"),
            (serde_json::json!({ "iat": "1700000000" }), "id_token_issued_at"),
            (serde_json::json!({ "nbf": 1_700_000_061 }), "id_token_issued_at"),
            (serde_json::json!({ "nbf": "1600000000" }), "id_token_issued_at"),
            (serde_json::json!({ "nbf": [] }), "id_token_issued_at"),
            (serde_json::json!({ "nbf": -1 }), "id_token_issued_at"),
            (serde_json::json!({ "sub": null }), "id_token_subject"),
            (serde_json::json!({ "sub": "" }), "id_token_subject"),
            (serde_json::json!({ "nonce": "other" }), "id_token_nonce"),
            (serde_json::json!({ "nonce": null }), "id_token_nonce"),
            (serde_json::json!({ "nonce": 7 }), "id_token_nonce"),
            (serde_json::json!({ "at_hash": "other" }), "id_token_at_hash"),
            (serde_json::json!({ "at_hash": 7 }), "id_token_at_hash"),
        ] {
            assert_eq!(code(changes.clone()), expected, "{changes}");
        }
    }

    /// Rule: `id-token-claims`.
    #[test]
    fn a_minute_of_skew_is_tolerated_and_more_is_reported() {
        let at = |exp: i64, skew| {
            check(
                &claims(serde_json::json!({ "exp": exp, "iat": 1_699_999_000 })),
                &Expected { skew, ..expected(&[]) },
            )
        };
        assert!(at(1_699_999_941, 0).is_ok());
        assert!(at(1_699_999_700, -300_000).is_ok());
        let error = at(1_700_000_100, 300_000).unwrap_err();
        assert!(
            error.message.starts_with(
                "The ID token has expired (exp 2023-11-14T22:15:00.000Z, server's clock 2023-11-14T22:18:20.000Z, this machine's clock 2023-11-14T22:13:20.000Z)"
            ),
            "{}",
            error.message
        );
    }

    /// Rule: `id-token-claims`.
    #[test]
    fn acr_is_checked_where_it_was_asked_for() {
        let asked = ["other".to_string(), "sca".to_string()];
        assert!(check(&claims(serde_json::json!({})), &expected(&asked)).is_ok());
        for acr in [serde_json::json!({ "acr": "password" }), serde_json::json!({ "acr": null })] {
            assert_eq!(check(&claims(acr), &expected(&asked)).unwrap_err().code, "id_token_acr");
        }
    }

    /// Rule: `renewed-id-token`.
    #[test]
    fn a_renewed_token_names_the_same_subject_issuer_and_client() {
        let earlier = Identity { subject: "anna".into(), nonce: Some("n".into()) };
        let renewed = |changes| {
            let expected = Expected { nonce: None, earlier: Some(&earlier), ..expected(&[]) };
            check(&claims(changes), &expected).map_err(|error| error.code.clone())
        };
        assert_eq!(renewed(serde_json::json!({})), Ok(earlier.clone()));
        assert_eq!(renewed(serde_json::json!({ "nonce": null })), Ok(earlier.clone()));
        for (changes, code) in [
            (serde_json::json!({ "sub": "james" }), "id_token_subject"),
            (serde_json::json!({ "nonce": "other" }), "id_token_nonce"),
            (serde_json::json!({ "iss": "https://evil.example" }), "id_token_issuer"),
            (serde_json::json!({ "aud": "other" }), "id_token_audience"),
        ] {
            assert_eq!(renewed(changes).unwrap_err(), code);
        }
    }

    /// Rule: `signature-algorithms`.
    #[test]
    fn the_profile_decides_on_algorithms_and_the_header_does_not() {
        let algorithm = |header: &str, profile| {
            let token = [&jws::signing_input(header, "{}"), ".x"].concat();
            super::algorithm(&jws::parse(&token).unwrap(), profile).map_err(|error| error.code.clone())
        };
        for name in ["PS256", "ES256", "EdDSA", "Ed25519"] {
            let header = format!(r#"{{"alg":"{name}"}}"#);
            assert!(
                algorithm(&header, Profile::Fapi2).is_ok() && algorithm(&header, Profile::OAuth2).is_ok()
            );
        }
        assert_eq!(algorithm(r#"{"alg":"RS256"}"#, Profile::OAuth2), Ok(Algorithm::Rs256));
        for header in [
            r#"{"alg":"RS256"}"#,
            r#"{"alg":"none"}"#,
            r#"{"alg":"HS256"}"#,
            r#"{"alg":null}"#,
            "{}",
            r#"{"alg":"ES256","crit":["b64"]}"#,
        ] {
            assert_eq!(algorithm(header, Profile::Fapi2).unwrap_err(), "id_token_algorithm", "{header}");
        }
        assert!(algorithm(r#"{"alg":"none"}"#, Profile::OAuth2).is_err());
    }

    #[test]
    fn at_hash_is_the_left_half_of_the_digest() {
        // The example of OpenID Connect Core, appendix A.4.
        let digest = Sha256::digest(b"jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(half(&digest), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
