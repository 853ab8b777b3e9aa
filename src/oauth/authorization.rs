//! The authorization request (RFC 6749, section 4.1.1; RFC 7636, section 4.3; OpenID Connect Core, section 3.1.2.1; RFC 9126).
//!
//! Rules: `docs/security.md#code-response`, `docs/security.md#pushed-request`, `docs/security.md#pkce-s256`,
//! `docs/security.md#fresh-verifier`, `docs/security.md#reference-only`, `docs/security.md#short-nonce`,
//! `docs/security.md#fresh-state`, `docs/security.md#public-pkce`.

use super::{Client, Metadata, Pending, Verifier, with_query};
use crate::error::{Error, Kind, Result};
use crate::http::{Form, Request};
use crate::json::Value;

/// The default lifetime of a pending authorization: ten minutes, in milliseconds.
pub const PENDING_LIFETIME_MS: i64 = 600_000;

/// What an application may ask for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuthorizationRequest {
    /// The scope, separated by spaces. REQUIRED here: the server has no default.
    pub scope: String,
    /// `prompt`. OPTIONAL
    pub prompt: Option<String>,
    /// `login_hint`. OPTIONAL
    pub login_hint: Option<String>,
    /// `claims` (OpenID Connect Core, section 5.5). OPTIONAL
    pub claims: Option<Value>,
    /// `acr_values`: the ways of authentication that will do, in the order of preference. OPTIONAL
    pub acr_values: Vec<String>,
    /// `authorization_details` as JSON (RFC 9396). OPTIONAL
    pub authorization_details: Option<String>,
    /// How long the transaction may take, in milliseconds.
    pub lifetime_ms: Option<i64>,
}

/// Whether a scope asks for an ID token.
pub fn asks_openid(scope: &str) -> bool {
    scope.split(' ').any(|name| name == "openid")
}

/// A request that was begun, and what to keep of it.
pub struct Begun {
    /// What must be kept until the callback.
    pub pending: Pending,
    parameters: Form,
}

impl AuthorizationRequest {
    /// Begins a transaction at `now` (milliseconds since the epoch). `dpop_thumbprint`: of the key that the code is to be bound to.
    /// `random`: three tokens of 256 random bits for the state, the verifier and the nonce.
    pub fn begin(
        &self,
        client: &Client,
        metadata: &Metadata,
        dpop_thumbprint: Option<&str>,
        random: Vec<String>,
        now: i64,
    ) -> Begun {
        let mut random = random.into_iter();
        let [state, verifier, nonce] = core::array::from_fn(|_| random.next().unwrap_or_default());
        let pending = Pending {
            issuer: metadata.issuer.clone(),
            client_id: client.id.clone(),
            state,
            verifier: Verifier::of_token(verifier),
            nonce: asks_openid(&self.scope).then_some(nonce),
            redirect_uri: client.redirect_uri.clone(),
            scope: self.scope.clone(),
            acr_values: self.acceptable_acr(),
            dpop_thumbprint: dpop_thumbprint.map(String::from),
            created_at: now,
            expires_at: now.saturating_add(self.lifetime_ms.unwrap_or(PENDING_LIFETIME_MS)),
        };
        Begun { parameters: self.parameters(&pending), pending }
    }

    /// The authentication contexts that will do, whether `acr_values` or `claims` names them.
    fn acceptable_acr(&self) -> Vec<String> {
        let mut all = self.acr_values.clone();
        let asked = self.claims.as_ref().and_then(|claims| claims.get("id_token")?.get("acr"));
        let one = asked.and_then(|acr| acr.get("value"));
        let several = match asked.and_then(|acr| acr.get("values")) {
            Some(Value::List(values)) => values.as_slice(),
            _ => &[],
        };
        all.extend(one.into_iter().chain(several).filter_map(Value::as_text).map(String::from));
        all
    }

    fn parameters(&self, pending: &Pending) -> Form {
        let acr_values = self.acr_values.join(" ");
        let mut form = Form::new();
        form.push("response_type", "code")
            .push("client_id", &pending.client_id)
            .push("redirect_uri", &pending.redirect_uri)
            .push("scope", &self.scope)
            .push("state", &pending.state)
            .maybe("nonce", pending.nonce.as_deref())
            .push("code_challenge", &pending.verifier.challenge())
            .push("code_challenge_method", "S256")
            .maybe("prompt", self.prompt.as_deref())
            .maybe("login_hint", self.login_hint.as_deref())
            .maybe("claims", self.claims.as_ref().map(Value::to_json).as_deref())
            .maybe("acr_values", (!acr_values.is_empty()).then_some(&acr_values))
            .maybe("authorization_details", self.authorization_details.as_deref())
            .maybe("dpop_jkt", pending.dpop_thumbprint.as_deref());
        form
    }
}

impl Begun {
    /// The request that pushes the parameters (RFC 9126, section 2.1), where the profile or the server wants that; details go this way
    /// wherever it exists, since a browser's address bar is no place for account numbers.
    pub fn push(&self, client: &Client, metadata: &Metadata, has_details: bool) -> Result<Option<Request>> {
        let demanded = client.profile.pushes() || metadata.requires_pushed_requests;
        match &metadata.pushed_authorization_request_endpoint {
            Some(endpoint) if demanded || has_details => {
                Ok(Some(client.post(endpoint, self.parameters.clone())))
            }
            None if demanded => Err(Error::of(Kind::ParUnsupported)),
            _ => Ok(None),
        }
    }

    /// The URL to send the customer to, with all parameters in it.
    pub fn url(&self, metadata: &Metadata) -> String {
        with_query(&metadata.authorization_endpoint, &self.parameters)
    }

    /// The URL for a request that was pushed: nothing but who asks, and what stands for the request (RFC 9126, section 4).
    pub fn pushed_url(&self, metadata: &Metadata, request_uri: &str) -> String {
        let mut query = Form::new();
        query.push("client_id", &self.pending.client_id).push("request_uri", request_uri);
        with_query(&metadata.authorization_endpoint, &query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::{ClientAuth, Profile};

    fn client() -> Client {
        Client {
            id: "demo web".into(),
            redirect_uri: "https://app.example/cb?x=1".into(),
            ..Client::plain(ClientAuth::None)
        }
    }

    fn metadata() -> Metadata {
        Metadata::defaults("https://api.oakford.dev")
    }

    fn random() -> Vec<String> {
        ["state", "verifier", "nonce"].map(|name| format!("{name:x<43}")).into()
    }

    fn begun(request: AuthorizationRequest) -> Begun {
        request.begin(&client(), &metadata(), None, random(), 1_000)
    }

    fn begin(request: AuthorizationRequest) -> (String, Pending) {
        let begun = begun(request);
        (begun.url(&metadata()), begun.pending)
    }

    /// Rules: `code-response`, `pkce-s256`, `public-pkce`.
    #[test]
    fn the_url_asks_for_a_code_with_s256() {
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

    /// Rule: `short-nonce`.
    #[test]
    fn the_nonce_is_short_and_there_only_with_openid() {
        let (_, with) = begin(AuthorizationRequest { scope: "accounts openid".into(), ..Default::default() });
        assert!(with.nonce.unwrap().len() <= 64);
        let (url, without) = begin(AuthorizationRequest { scope: "accounts".into(), ..Default::default() });
        assert!(without.nonce.is_none() && !url.contains("nonce"));
    }

    /// Rules: `fresh-state`, `fresh-verifier`.
    #[test]
    fn state_verifier_and_nonce_are_the_three_random_tokens() {
        let request = AuthorizationRequest { scope: "openid".into(), ..Default::default() };
        let (_, pending) = begin(request);
        let used = vec![pending.state, pending.verifier.expose().into(), pending.nonce.unwrap()];
        assert_eq!(used, random());
    }

    #[test]
    fn what_may_be_asked_for_is_sent() {
        let (url, pending) = begin(AuthorizationRequest {
            scope: "accounts".into(),
            prompt: Some("login".into()),
            claims: crate::json::parse(br#"{"id_token":{"acr":{"value":"c","values":["d"]}}}"#).ok(),
            acr_values: vec!["a".into(), "b".into()],
            authorization_details: Some("[]".into()),
            ..Default::default()
        });
        assert!(
            url.ends_with(
                "&prompt=login&claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22value%22%3A%22c%22%2C%22values%22%3A%5B%22d%22%5D%7D%7D%7D\
                 &acr_values=a+b&authorization_details=%5B%5D"
            ),
            "{url}"
        );
        assert_eq!(pending.acr_values, ["a", "b", "c", "d"]);
    }

    /// Rules: `pushed-request`, `reference-only`.
    #[test]
    fn the_fapi2_profile_pushes_and_shows_the_browser_a_reference_only() {
        let begun = begun(AuthorizationRequest { scope: "accounts".into(), ..Default::default() });
        assert_eq!(begun.push(&client(), &metadata(), false).unwrap(), None);
        let fapi = Client { profile: Profile::Fapi2, ..client() };
        let request = begun.push(&fapi, &metadata(), false).unwrap().unwrap();
        assert_eq!(request.url, "https://api.oakford.dev/oauth/par");
        let body = request.body.unwrap();
        assert!(body.contains(&begun.pending.state) && body.matches("client_id=").count() == 1, "{body}");
        assert_eq!(
            begun.pushed_url(&metadata(), "urn:x:1"),
            "https://api.oakford.dev/oauth/authorize?client_id=demo+web&request_uri=urn%3Ax%3A1"
        );
        let without = Metadata { pushed_authorization_request_endpoint: None, ..metadata() };
        assert_eq!(begun.push(&fapi, &without, false).unwrap_err().code, "par_unsupported");
    }

    /// Rule: `pushed-request`.
    #[test]
    fn a_server_that_requires_it_and_details_are_reasons_to_push_too() {
        let begun = begun(AuthorizationRequest { scope: "accounts".into(), ..Default::default() });
        let requiring = Metadata { requires_pushed_requests: true, ..metadata() };
        assert!(begun.push(&client(), &requiring, false).unwrap().is_some());
        assert!(begun.push(&client(), &metadata(), true).unwrap().is_some());
        let without = Metadata { pushed_authorization_request_endpoint: None, ..metadata() };
        assert_eq!(begun.push(&client(), &without, true).unwrap(), None);
    }

    /// Rule: `key-per-issuer`.
    #[test]
    fn the_code_is_bound_to_the_key() {
        let request = AuthorizationRequest { scope: "accounts".into(), ..Default::default() };
        let begun = request.begin(&client(), &metadata(), Some("thumb"), random(), 0);
        assert!(begun.url(&metadata()).ends_with("&dpop_jkt=thumb"));
        assert_eq!(begun.pending.dpop_thumbprint.as_deref(), Some("thumb"));
    }
}
