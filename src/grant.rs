//! What a token store keeps of a customer's grant: the tokens, how the server renews them, and when the consent ends.
//!
//! Rule: `docs/security.md#token-rotation`.

use crate::error::Result;
use crate::json::{self, Fields, Value};
use crate::oauth::{Tokens, token};
use crate::refresh_token::RefreshTokenState;

/// An access token is renewed before its end by at most so much, in milliseconds.
const EARLIEST: i64 = 60_000;
/// The customer's consent is spoken of when it ends within so much, in milliseconds.
const CONSENT_AHEAD: i64 = 7 * 86_400_000;

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The newest tokens.
    pub tokens: Tokens,
    /// When they came, in milliseconds since the epoch.
    pub received_at: i64,
    /// When the customer connected, in milliseconds since the epoch. Refreshes leave it as it is; 0 if it is unknown.
    pub connected_at: i64,
    /// Whether a refresh may replace the refresh token. False once a refresh left it as it was.
    pub rotates: bool,
    /// What is known of the refresh token's uses.
    pub refresh_token: RefreshTokenState,
    /// The consent's expiry in milliseconds since the epoch, if the server gave one.
    pub consent_expires_at: Option<i64>,
    /// The consent expiry that the application was already notified of.
    pub consent_told: Option<i64>,
}

impl Grant {
    /// The grant of tokens that a code was exchanged for.
    pub fn new(tokens: Tokens, consent_expires_at: Option<i64>, now: i64) -> Self {
        Self {
            tokens,
            received_at: now,
            connected_at: now,
            rotates: true,
            refresh_token: RefreshTokenState::Valid,
            consent_expires_at,
            consent_told: None,
        }
    }

    /// The grant after a refresh.
    pub fn renewed(&self, tokens: Tokens, consent_expires_at: Option<i64>, now: i64) -> Self {
        Self {
            rotates: tokens.refresh_token != self.tokens.refresh_token,
            consent_expires_at: consent_expires_at.or(self.consent_expires_at),
            consent_told: self.consent_told,
            connected_at: self.connected_at,
            ..Self::new(tokens, None, now)
        }
    }

    /// Whether both hold the same tokens.
    pub fn is_same(&self, other: &Grant) -> bool {
        // A server may give the same access token with a new refresh token.
        self.tokens.access_token == other.tokens.access_token
            && self.tokens.refresh_token == other.tokens.refresh_token
    }

    /// Returns whether these tokens came after those of `other`: by a refresh of the same connection, or by a later connection. `now`:
    /// an instant after that comes from a clock that differs, and shows nothing.
    pub fn replaces(&self, other: &Grant, now: i64) -> bool {
        if self.connected_at == other.connected_at {
            return self.received_at > other.received_at;
        }
        other.connected_at < self.connected_at && self.connected_at <= now
    }

    /// Whether the access token has ended, as far as its lifetime is known.
    pub fn is_over(&self, now: i64) -> bool {
        self.tokens.expires_at.is_some_and(|at| at <= now)
    }

    /// Whether the tokens can be renewed and should be: a little before their end, of which `jitter` (0 to 1000) takes up to
    /// a half, so that what was issued together is not renewed together.
    pub fn is_due(&self, now: i64, jitter: i64) -> bool {
        let Some(at) = self.tokens.expires_at.filter(|_| self.tokens.refresh_token.is_some()) else {
            return false;
        };
        let lifetime = at.saturating_sub(self.received_at).max(0);
        let early = EARLIEST.min(lifetime / 5);
        at - (early - early / 2 * jitter / 1000) <= now
    }

    /// Returns the consent expiry that the application has to be notified of now.
    pub fn consent_to_tell(&self, now: i64) -> Option<i64> {
        self.consent_expires_at.filter(|at| at - CONSENT_AHEAD <= now && self.consent_told != Some(*at))
    }

    /// The value that a token store keeps, for the client that the tokens were issued to.
    pub fn to_stored(&self, client_id: &str, issuer: &str) -> String {
        let mut out = self.tokens.to_stored(client_id, issuer);
        out.number("receivedAt", self.received_at).number("connectedAt", self.connected_at);
        for (name, at) in [("consentExpiresAt", self.consent_expires_at), ("consentTold", self.consent_told)]
        {
            if let Some(at) = at {
                out.number(name, at);
            }
        }
        if !self.rotates {
            out.flag("rotates", false);
        }
        self.refresh_token.write(&mut out);
        out.finish()
    }

    /// Reads what [`Grant::to_stored`] wrote. Tokens of another client or issuer are refused.
    pub fn from_stored(text: &str, client_id: &str, issuer: &str) -> Result<Self> {
        let tokens = Tokens::from_stored(text, client_id, issuer)?;
        let value = json::parse(text.as_bytes()).unwrap_or(Value::Null);
        Self::read(&value, tokens).map_err(|_| token::unreadable())
    }

    fn read(value: &Value, tokens: Tokens) -> core::result::Result<Self, json::FieldError> {
        let fields = Fields::of("session", value)?;
        Ok(Self {
            tokens,
            received_at: fields.number("receivedAt")?.unwrap_or_default(),
            connected_at: fields.number("connectedAt")?.unwrap_or_default(),
            rotates: fields.flag("rotates")?.unwrap_or(true),
            refresh_token: RefreshTokenState::read(fields)?,
            consent_expires_at: fields.number("consentExpiresAt")?,
            consent_told: fields.number("consentTold")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::Secret;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;

    fn tokens(refresh: Option<&str>, expires_at: Option<i64>) -> Tokens {
        let body = r#"{"access_token":"a","token_type":"Bearer"}"#;
        let answer =
            crate::http::Response { status: 200, body: body.into(), ..crate::http::Response::default() };
        let mut tokens = crate::oauth::token::parse(&answer, "accounts", None, None, 0).unwrap();
        tokens.refresh_token = refresh.map(Secret::new);
        tokens.expires_at = expires_at;
        tokens
    }

    #[test]
    fn grant_replaces_another_by_a_later_connection_or_a_later_refresh_of_the_same_one() {
        let first = Grant::new(tokens(Some("r"), None), None, 10);
        let refreshed = first.renewed(tokens(Some("s"), None), None, 90);
        let second = Grant::new(tokens(Some("t"), None), None, 50);
        assert!(refreshed.replaces(&first, 60) && second.replaces(&refreshed, 60));
        assert!(!first.replaces(&first, 60) && !first.replaces(&refreshed, 60));
        assert!(!refreshed.replaces(&second, 60) && !second.replaces(&first, 49));
    }

    #[test]
    fn tokens_are_renewed_a_little_before_their_end_and_not_all_at_once() {
        let grant = Grant::new(tokens(Some("r"), Some(HOUR)), None, 0);
        assert!(!grant.is_due(HOUR - 60_001, 0));
        assert!(grant.is_due(HOUR - 60_000, 0));
        assert!(!grant.is_due(HOUR - 30_001, 1000));
        assert!(grant.is_due(HOUR - 30_000, 1000));
    }

    #[test]
    fn a_short_lived_token_is_used_for_most_of_its_life() {
        let grant = Grant::new(tokens(Some("r"), Some(10_000)), None, 0);
        assert!(!grant.is_due(7_999, 0));
        assert!(grant.is_due(8_000, 0));
    }

    #[test]
    fn what_cannot_be_renewed_or_has_no_known_end_is_never_due() {
        assert!(!Grant::new(tokens(None, Some(1)), None, 0).is_due(HOUR, 0));
        assert!(!Grant::new(tokens(Some("r"), None), None, 0).is_due(HOUR, 0));
    }

    /// Rule: `token-rotation`.
    #[test]
    fn a_server_that_gives_the_same_refresh_token_again_is_known_not_to_rotate() {
        let first = Grant::new(tokens(Some("r"), None), Some(5), 0);
        assert!(first.rotates);
        let same = first.renewed(tokens(Some("r"), None), None, 0);
        assert!(!same.rotates);
        assert_eq!(same.consent_expires_at, Some(5));
        assert!(same.renewed(tokens(Some("other"), None), None, 0).rotates);
    }

    #[test]
    fn the_application_is_told_of_an_end_of_consent_once_and_a_week_ahead() {
        let mut grant = Grant::new(tokens(None, None), Some(30 * 24 * HOUR), 0);
        assert_eq!(grant.consent_to_tell(22 * 24 * HOUR), None);
        assert_eq!(grant.consent_to_tell(23 * 24 * HOUR), Some(30 * 24 * HOUR));
        grant.consent_told = grant.consent_expires_at;
        assert_eq!(grant.consent_to_tell(29 * 24 * HOUR), None);
        grant.consent_expires_at = Some(31 * 24 * HOUR);
        assert_eq!(grant.consent_to_tell(29 * 24 * HOUR), Some(31 * 24 * HOUR));
    }

    #[test]
    fn what_is_no_stored_session_is_refused() {
        for text in ["", "{}", "[]", r#"{"v":1}"#] {
            let error = Grant::from_stored(text, "demo", "https://a.example").unwrap_err();
            assert_eq!((error.code.as_str(), error.reauth_required), ("session_unreadable", true), "{text}");
        }
    }

    proptest! {
        #[test]
        fn it_comes_back_from_the_store(
            received_at in 0i64..i64::MAX / 2, rotates: bool, sent in 0i64..1 << 40, ends: Option<u32>, notified: Option<u32>,
        ) {
            let grant = Grant {
                rotates,
                refresh_token: RefreshTokenState::Valid.unanswered(sent, sent),
                consent_told: notified.map(i64::from),
                ..Grant::new(tokens(Some("r\"é"), Some(7)), ends.map(i64::from), received_at)
            };
            let stored = grant.to_stored("demo", "https://a.example");
            prop_assert_eq!(&Grant::from_stored(&stored, "demo", "https://a.example").unwrap(), &grant);
            let foreign = Grant::from_stored(&stored, "other", "https://a.example").unwrap_err();
            prop_assert_eq!((foreign.code.as_str(), foreign.reauth_required), ("invalid_stored_session", false));
        }
    }
}
