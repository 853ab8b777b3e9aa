//! The authorization request (RFC 6749, section 4.1.1; RFC 7636, section 4.3; OpenID Connect Core, section 3.1.2.1).

use super::{Client, Metadata, Pending, Verifier, random_token};
use crate::error::Result;
use crate::http::Form;

/// How long a pending authorization holds unless told otherwise: ten minutes, in milliseconds.
pub const PENDING_LIFETIME_MS: i64 = 600_000;

/// What an application may ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The scope, separated by spaces. REQUIRED here: the server has no default.
    pub scope: String,
    /// `prompt`. OPTIONAL
    pub prompt: Option<String>,
    /// `login_hint`. OPTIONAL
    pub login_hint: Option<String>,
    /// How long the transaction may take, in milliseconds.
    pub lifetime_ms: Option<i64>,
}

impl AuthorizationRequest {
    /// Begins a transaction at `now` (milliseconds since the epoch): the URL to send the customer to, and what to keep.
    pub fn begin(&self, client: &Client, metadata: &Metadata, now: i64) -> Result<(String, Pending)> {
        let asks_openid = self.scope.split(' ').any(|scope| scope == "openid");
        let pending = Pending {
            issuer: metadata.issuer.clone(),
            client_id: client.id.clone(),
            state: random_token()?,
            verifier: Verifier::generate()?,
            nonce: if asks_openid { Some(random_token()?) } else { None },
            redirect_uri: client.redirect_uri.clone(),
            scope: self.scope.clone(),
            created_at: now,
            expires_at: now.saturating_add(self.lifetime_ms.unwrap_or(PENDING_LIFETIME_MS)),
        };
        Ok((self.url(metadata, &pending), pending))
    }

    fn url(&self, metadata: &Metadata, pending: &Pending) -> String {
        let mut query = Form::new();
        query
            .push("response_type", "code")
            .push("client_id", &pending.client_id)
            .push("redirect_uri", &pending.redirect_uri)
            .push("scope", &self.scope)
            .push("state", &pending.state)
            .maybe("nonce", pending.nonce.as_deref())
            .push("code_challenge", &pending.verifier.challenge())
            .push("code_challenge_method", "S256")
            .maybe("prompt", self.prompt.as_deref())
            .maybe("login_hint", self.login_hint.as_deref());
        // RFC 6749, section 3.1: a query that the endpoint has already is kept.
        let endpoint = &metadata.authorization_endpoint;
        let joint = if endpoint.contains('?') { "&" } else { "?" };
        [endpoint, joint, query.text()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::ClientAuth;

    fn begin(request: AuthorizationRequest) -> (String, Pending) {
        let client = Client {
            id: "demo web".into(),
            redirect_uri: "https://app.example/cb?x=1".into(),
            auth: ClientAuth::None,
        };
        request.begin(&client, &Metadata::defaults("https://api.oakford.dev"), 1_000).unwrap()
    }

    #[test]
    fn f16_f18_the_url_asks_for_a_code_with_s256() {
        let (url, pending) = begin(AuthorizationRequest {
            scope: "openid accounts".into(),
            login_hint: Some("a+b@c".into()),
            ..Default::default()
        });
        let expected = format!(
            "https://api.oakford.dev/oauth/authorize?response_type=code&client_id=demo+web&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1\
             &scope=openid+accounts&state={}&nonce={}&code_challenge={}&code_challenge_method=S256&login_hint=a%2Bb%40c",
            pending.state,
            pending.nonce.unwrap(),
            pending.verifier.challenge()
        );
        assert_eq!(url, expected);
        assert!(!url.contains(pending.verifier.expose()));
        assert_eq!(pending.expires_at, 601_000);
    }

    #[test]
    fn f22_the_nonce_is_short_and_there_only_with_openid() {
        let (_, with) = begin(AuthorizationRequest { scope: "accounts openid".into(), ..Default::default() });
        assert!(with.nonce.unwrap().len() <= 64);
        let (url, without) = begin(AuthorizationRequest { scope: "accounts".into(), ..Default::default() });
        assert!(without.nonce.is_none() && !url.contains("nonce"));
    }

    #[test]
    fn b3_each_state_is_new() {
        let request = || AuthorizationRequest { scope: "accounts".into(), ..Default::default() };
        assert_ne!(begin(request()).1.state, begin(request()).1.state);
    }
}
