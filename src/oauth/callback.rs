//! The authorization response that comes back by the redirect (RFC 6749, sections 4.1.2 and 4.1.2.1; RFC 9207).
//!
//! Rules: `docs/security.md#callback-issuer`, `docs/security.md#own-transaction`, `docs/security.md#redirect-csrf`,
//! `docs/security.md#pending-issuer`, `docs/security.md#no-token-in-callback`, `docs/security.md#issuer-comparison`,
//! `docs/security.md#issuer-of-errors`, `docs/security.md#promised-issuer`.

use super::{Pending, secret::Secret};
use crate::error::{Class, Error, Kind, Result, of_server, wording};
use crate::http::{form_decode, shorten};

/// A callback that belongs to its pending transaction; only [`verify`] makes one, and a token exchange consumes it.
#[derive(Debug, PartialEq, Eq)]
pub struct VerifiedCallback {
    pub(super) code: Secret,
    pub(super) pending: Pending,
}

impl VerifiedCallback {
    /// The transaction that it completes.
    pub fn pending(&self) -> &Pending {
        &self.pending
    }
}

/// Checks the callback URL (or its query) against the pending transaction at `now`, in milliseconds since the epoch.
/// `iss_required`: the server's metadata says that it sends `iss`, or the profile wants it.
pub fn verify(
    callback_url: &str,
    pending: Pending,
    iss_required: bool,
    now: i64,
) -> Result<VerifiedCallback> {
    let parameters = Parameters::of(callback_url)?;
    for token in ["access_token", "id_token", "refresh_token"] {
        if parameters.has(token) {
            return refuse(Kind::TokenInCallback);
        }
    }
    // The state first: nothing else of a forged callback is looked at.
    match parameters.get("state") {
        None => {
            return refuse(Kind::MissingState);
        }
        Some(state) if state != pending.state => {
            return refuse(Kind::StateMismatch);
        }
        Some(_) => {}
    }
    match parameters.get("iss") {
        Some(issuer) if issuer != pending.issuer => {
            return Err(Error::worded(&wording::CALLBACK_ISSUER));
        }
        None if iss_required => {
            return refuse(Kind::MissingIssuer);
        }
        _ => {}
    }
    if now >= pending.expires_at {
        return refuse(Kind::PendingExpired);
    }
    if let Some(code) = parameters.get("error") {
        return Err(denied(code, parameters.get("error_description")));
    }
    match parameters.get("code") {
        Some(code) if !code.is_empty() => Ok(VerifiedCallback { code: Secret::new(code), pending }),
        _ => refuse(Kind::MissingCode),
    }
}

/// Whether the callback carries the pending transaction's state: then that has been used, whatever else is wrong.
pub fn carries_state(callback_url: &str, pending: &Pending) -> bool {
    Parameters::of(callback_url).is_ok_and(|parameters| parameters.get("state") == Some(&pending.state))
}

fn refuse<T>(kind: Kind) -> Result<T> {
    Err(Error::of(kind))
}

/// The error for an error response. The customer's browser brought it, so its texts are cleaned and cut like a server's.
fn denied(sent: &str, description: Option<&str>) -> Error {
    let (code, server_code) = of_server(Some(sent), Kind::AuthorizationRefused.row().code);
    let known = description.or(server_code.as_deref()).map(shorten).filter(|text| !text.is_empty());
    let described = known.map(|text| [": ", &text].concat()).unwrap_or_default();
    let meaning = match code.as_str() {
        "access_denied" => "The customer or the bank declined the authorization",
        "login_required" | "interaction_required" | "consent_required" => {
            "The authorization needs the customer's presence"
        }
        "temporarily_unavailable" | "server_error" => "The authorization server can't serve the request now",
        _ => "The authorization server refused the authorization request",
    };
    // Not retryable: the transaction is used up, so the same call can't succeed. A new authorization may.
    let described = [" (", &code, ")", &described].concat();
    let mut error = if code == sent {
        Error::server(Class::Authorization, Kind::ServerError, &code, &[meaning, &described].concat())
    } else {
        Error::with_detail(Kind::AuthorizationRefused, &described)
    };
    error.server_code = server_code;
    error
}

/// The parameters of a callback, each at most once (RFC 6749, section 3.1).
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn of(callback_url: &str) -> Result<Self> {
        let (address, fragment) = callback_url.split_once('#').unwrap_or((callback_url, ""));
        let query = address.split_once('?').map_or_else(
            // A bare query is accepted, a URL without one has none.
            || if address.contains("://") || address.starts_with('/') { "" } else { address },
            |(_, query)| query,
        );
        let mut parameters: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs(query) {
            if parameters.iter().any(|(earlier, _)| *earlier == name) {
                return Err(Error::with_detail(Kind::DuplicateParameter, known(&name)));
            }
            parameters.push((name, value));
        }
        // Of a fragment only tokens matter: their presence is refused, and nothing else is read from there.
        parameters.extend(pairs(fragment).filter(|(name, _)| name.ends_with("_token")));
        Ok(Self(parameters))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// A forged name is no part of our message.
fn known(name: &str) -> &str {
    const NAMES: [&str; 6] = ["code", "state", "iss", "error", "error_description", "error_uri"];
    NAMES.into_iter().find(|known| *known == name).unwrap_or("with an unknown name")
}

fn pairs(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (form_decode(name), form_decode(value))
    })
}

#[cfg(test)]
mod tests {
    use super::super::pending::tests::pending;
    use super::*;
    use crate::test_vectors::vectors;

    fn at(url: &str) -> Result<VerifiedCallback> {
        verify(url, pending(), true, 1_700_000_001_000)
    }

    fn code_of(url: &str) -> String {
        at(url).unwrap_err().code.clone()
    }

    const STATE: &str = "state=ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI";
    const ISS: &str = "iss=https%3A%2F%2Fhonest.as.example";

    /// Rule: `issuer-comparison`.
    #[test]
    fn rfc9207_section_2_1_is_accepted() {
        let verified = at(vectors()["RFC9207-2.1"].as_str().unwrap()).unwrap();
        assert_eq!(verified.code.expose(), "x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58");
    }

    /// Rule: `issuer-of-errors`.
    #[test]
    fn rfc9207_section_2_2_is_the_customers_refusal() {
        let url = vectors()["RFC9207-2.2"].as_str().unwrap().to_string();
        let mut waiting = pending();
        waiting.state = "N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA".into();
        let error = verify(&url, waiting, true, 1_700_000_001_000).unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (Class::Authorization, "access_denied"));
        assert_eq!(
            code_of(&format!("?error=access_denied&{STATE}&iss=https://evil.example")),
            "issuer_mismatch"
        );
    }

    #[test]
    fn a_refusals_texts_are_cut_and_on_one_line_and_its_code_is_never_one_of_ours() {
        let refused = |query: &str| at(&format!("?{query}&{STATE}&{ISS}")).unwrap_err();
        let error = refused("error=a%0Ab%1B%5B31m&error_description=one%0D%0Atwo%1B%5B2J%E2%80%AEx");
        assert_eq!(error.code, "authorization_refused");
        assert_eq!(
            error.message,
            "The authorization server refused the authorization request (authorization_refused): one two [2J x"
        );
        let long = refused(&format!("error={0}&error_description={0}", "x".repeat(100_000)));
        assert_eq!(long.code, "authorization_refused");
        assert!(long.message.len() < 500);
        let ours = refused("error=pending_used");
        assert_eq!(
            (ours.code.as_str(), ours.server_code.as_deref()),
            ("authorization_refused", Some("pending_used"))
        );
        for code in ["temporarily_unavailable", "server_error", "access_denied"] {
            let error = refused(&format!("error={code}"));
            assert_eq!((error.code.as_str(), error.retryable), (code, false));
        }
    }

    /// Rules: `callback-issuer`, `issuer-comparison`, `promised-issuer`, `pending-issuer`.
    #[test]
    fn another_or_a_missing_issuer_is_refused() {
        assert_eq!(
            code_of(&format!("https://c.example/cb?code=c&{STATE}&iss=https%3A%2F%2Fhonest.as.example%2F")),
            "issuer_mismatch"
        );
        assert_eq!(code_of(&format!("https://c.example/cb?code=c&{STATE}")), "missing_issuer");
        assert!(verify(&format!("?code=c&{STATE}"), pending(), false, 1_700_000_001_000).is_ok());
    }

    /// Rules: `redirect-csrf`, `own-transaction`.
    #[test]
    fn a_wrong_or_missing_state_is_refused_before_anything_else() {
        assert_eq!(code_of(&format!("/cb?code=c&state=x&{ISS}")), "state_mismatch");
        assert_eq!(code_of(&format!("/cb?error=access_denied&state=&{ISS}")), "state_mismatch");
        assert_eq!(code_of(&format!("/cb?code=c&{ISS}")), "missing_state");
        assert_eq!(code_of("https://c.example/cb"), "missing_state");
    }

    #[test]
    fn a_missing_or_empty_code_is_refused() {
        assert_eq!(code_of(&format!("/cb?{STATE}&{ISS}")), "missing_code");
        assert_eq!(code_of(&format!("/cb?code=&{STATE}&{ISS}")), "missing_code");
    }

    #[test]
    fn duplicates_are_refused_without_echoing_a_forged_name() {
        assert_eq!(code_of(&format!("/cb?code=a&code=b&{STATE}&{ISS}")), "duplicate_parameter");
        let error = at("/cb?evil=1&evil=2").unwrap_err();
        assert!(!error.message.contains("evil"));
    }

    /// Rule: `no-token-in-callback`.
    #[test]
    fn a_token_in_the_front_channel_is_refused() {
        assert_eq!(code_of(&format!("/cb?code=c&{STATE}&{ISS}&access_token=t")), "token_in_callback");
        assert_eq!(code_of(&format!("/cb?code=c&{STATE}&{ISS}#id_token=t")), "token_in_callback");
    }

    /// Rule: `own-transaction`.
    #[test]
    fn a_transaction_has_an_age_limit() {
        let error =
            verify(&format!("?code=c&{STATE}&{ISS}"), pending(), true, 1_700_000_600_000).unwrap_err();
        assert_eq!(error.code, "pending_expired");
    }

    #[test]
    fn debug_output_hides_the_code() {
        let verified = at(&format!("?code=s3cr3t&{STATE}&{ISS}")).unwrap();
        assert!(!format!("{verified:?}").contains("s3cr3t"));
    }
}
