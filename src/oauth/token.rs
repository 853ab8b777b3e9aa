//! The token endpoint: code exchange (RFC 6749, section 4.1.3), refresh (section 6), their answers (5.1), and revocation (RFC 7009).
//!
//! Rules: `docs/security.md#bound-tokens`, `docs/security.md#token-rotation`, `docs/security.md#optional-lifetime`.

use super::id_token::Identity;
use super::{Client, Metadata, VerifiedCallback, error_response, secret::Secret};
use crate::error::{Error, Kind, RequestSent, Result};
use crate::http::{Form, Request, Response};
use crate::json::{self, Fields, ObjectWriter};

/// The tokens of one grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// `access_token`
    pub access_token: Secret,
    /// `refresh_token`, where the server gives one.
    pub refresh_token: Option<Secret>,
    /// `id_token`, a JWT.
    pub id_token: Option<Secret>,
    /// When the access token ends, in milliseconds since the epoch; unknown means "use until 401".
    pub expires_at: Option<i64>,
    /// The scope that was granted, separated by spaces.
    pub scope: String,
    /// The thumbprint of the DPoP key that the access token is bound to (RFC 9449, section 5); none for a bearer token.
    pub dpop_thumbprint: Option<String>,
    /// Whom the verified ID token names; none without `openid`.
    pub identity: Option<Identity>,
    /// `end_session_endpoint` of the metadata at the time of the login.
    pub logout_endpoint: Option<String>,
}

/// The request that exchanges a verified callback's code. It takes the callback, since a code is never sent twice.
pub fn exchange(client: &Client, metadata: &Metadata, callback: VerifiedCallback) -> Request {
    let mut form = Form::new();
    form.push("grant_type", "authorization_code")
        .push("code", callback.code.expose())
        .push("redirect_uri", &callback.pending.redirect_uri)
        .push("code_verifier", callback.pending.verifier.expose());
    client.post(&metadata.token_endpoint, form)
}

/// The request that renews the tokens.
pub fn refresh(client: &Client, metadata: &Metadata, refresh_token: &Secret) -> Request {
    let mut form = Form::new();
    form.push("grant_type", "refresh_token").push("refresh_token", refresh_token.expose());
    client.post(&metadata.token_endpoint, form)
}

/// The request that revokes a token, and with a refresh token the whole grant (RFC 7009, section 2.1).
pub fn revocation(client: &Client, endpoint: &str, tokens: &Tokens) -> Request {
    let (token, hint) = match &tokens.refresh_token {
        Some(token) => (token, "refresh_token"),
        None => (&tokens.access_token, "access_token"),
    };
    let mut form = Form::new();
    form.push("token", token.expose()).push("token_type_hint", hint);
    client.post(endpoint, form)
}

/// Reads a token answer that came at `now` (milliseconds since the epoch). `asked_scope` is the granted one where the answer names none;
/// `earlier` are the tokens that a refresh renews: what the answer leaves out stays. `bound`: the thumbprint of the key that the request
/// proved, to which the access token has to be bound. An ID token in the answer is not verified here.
pub fn parse(
    response: &Response,
    asked_scope: &str,
    earlier: Option<&Tokens>,
    bound: Option<&str>,
    now: i64,
) -> Result<Tokens> {
    if !response.is_success() {
        return Err(error_response(response, "The token endpoint refused"));
    }
    if response.body.is_empty() {
        let field_error = json::FieldError::new("token response", "a JSON object", "an empty body");
        let mut error = Error::with_field_error(Kind::EmptyBody, field_error);
        error.request_sent = RequestSent::Yes;
        return Err(error);
    }
    let value = json::parse(&response.body)
        .map_err(|syntax| json::FieldError::new("token response", syntax.expected, "text that is not JSON"))
        .map_err(Error::response)?;
    // Some servers and gateways send errors with status 200.
    if value.get("access_token").is_none() && value.get("error").and_then(json::Value::as_text).is_some() {
        return Err(error_response(response, "The token endpoint refused"));
    }
    let token_type = value.get("token_type").and_then(json::Value::as_text).unwrap_or_default();
    if bound.is_some() && token_type.eq_ignore_ascii_case("bearer") {
        return Err(not_bound());
    }
    read(&value, asked_scope, earlier, bound, now).map_err(Error::response)
}

/// The error for a token that anybody could use who finds it, where one was asked for that is bound to a key.
pub fn not_bound() -> Error {
    let mut error = Error::of(Kind::TokenNotBound);
    error.request_sent = RequestSent::Yes;
    error
}

fn read(
    value: &json::Value,
    asked_scope: &str,
    earlier: Option<&Tokens>,
    bound: Option<&str>,
    now: i64,
) -> core::result::Result<Tokens, json::FieldError> {
    let fields = Fields::of("token response", value)?;
    let access_token = fields.required_text("access_token")?;
    if access_token.is_empty() || !access_token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(json::FieldError::new(
            fields.path("access_token"),
            "a token of visible ASCII characters",
            "another text",
        ));
    }
    // Compared without case (docs/security.md#token-type). A token that is bound to a key is no bearer token.
    let expected = if bound.is_some() { "DPoP" } else { "Bearer" };
    if !fields.required_text("token_type")?.eq_ignore_ascii_case(expected) {
        return Err(json::FieldError::new(fields.path("token_type"), expected, "another type"));
    }
    let secret =
        |name: &str, kept: Option<&Secret>| -> core::result::Result<Option<Secret>, json::FieldError> {
            let text = fields.text(name)?.filter(|text| !text.is_empty());
            Ok(text.map(Secret::new).or_else(|| kept.cloned()))
        };
    Ok(Tokens {
        access_token: Secret::new(access_token),
        refresh_token: secret("refresh_token", earlier.and_then(|tokens| tokens.refresh_token.as_ref()))?,
        id_token: secret("id_token", earlier.and_then(|tokens| tokens.id_token.as_ref()))?,
        expires_at: lifetime_ms(fields.value("expires_in")).map(|lifetime| now.saturating_add(lifetime)),
        scope: fields.text("scope")?.unwrap_or(asked_scope).into(),
        dpop_thumbprint: bound.map(String::from),
        identity: earlier.and_then(|tokens| tokens.identity.clone()),
        logout_endpoint: earlier.and_then(|tokens| tokens.logout_endpoint.clone()),
    })
}

/// `expires_in` in milliseconds: a number, or a numeric string as some servers send it; anything else is an unknown lifetime.
fn lifetime_ms(value: Option<&json::Value>) -> Option<i64> {
    let (json::Value::Number(text) | json::Value::Text(text)) = value? else { return None };
    json::whole(text.trim())?.checked_mul(1000)
}

/// The error for a stored value that is no session.
pub fn unreadable() -> Error {
    Error::of(Kind::SessionUnreadable)
}

impl Tokens {
    /// What no error may show of them.
    pub fn secrets(&self) -> Vec<String> {
        let tokens = [Some(&self.access_token), self.refresh_token.as_ref(), self.id_token.as_ref()];
        tokens.into_iter().flatten().map(|token| token.expose().into()).collect()
    }

    /// What a token store keeps, for the client that the tokens were issued to; more may be written beside it.
    pub fn to_stored(&self, client_id: &str, issuer: &str) -> ObjectWriter {
        let mut out = ObjectWriter::new();
        out.number("v", 1).text("clientId", client_id).text("issuer", issuer);
        out.text("accessToken", self.access_token.expose());
        out.optional("refreshToken", self.refresh_token.as_ref().map(Secret::expose));
        out.optional("idToken", self.id_token.as_ref().map(Secret::expose));
        if let Some(at) = self.expires_at {
            out.number("expiresAt", at);
        }
        out.text("scope", &self.scope).optional("dpopThumbprint", self.dpop_thumbprint.as_deref());
        if let Some(identity) = &self.identity {
            out.text("subject", &identity.subject).optional("nonce", identity.nonce.as_deref());
        }
        out.optional("logoutEndpoint", self.logout_endpoint.as_deref());
        out
    }

    /// Reads what [`Tokens::to_stored`] wrote. Tokens of another client or issuer are refused: they must not travel.
    pub fn from_stored(text: &str, client_id: &str, issuer: &str) -> Result<Self> {
        let value = json::parse(text.as_bytes()).unwrap_or(json::Value::Null);
        let read = Self::read_stored(&value, client_id, issuer).map_err(|_| unreadable())?;
        read.ok_or_else(|| Error::of(Kind::InvalidStoredSession))
    }

    /// `None` for the tokens of another client or issuer.
    fn read_stored(
        value: &json::Value,
        client_id: &str,
        issuer: &str,
    ) -> core::result::Result<Option<Self>, json::FieldError> {
        let fields = Fields::of("session", value)?;
        if fields.required_text("clientId")? != client_id || fields.required_text("issuer")? != issuer {
            return Ok(None);
        }
        // Borrowed until all is read: the error paths then have nothing to free, which makes the wasm smaller.
        const OPTIONAL: [&str; 6] =
            ["refreshToken", "idToken", "dpopThumbprint", "logoutEndpoint", "nonce", "subject"];
        let (access_token, scope) = (fields.required_text("accessToken")?, fields.required_text("scope")?);
        let expires_at = fields.number("expiresAt")?;
        let mut found = [None; OPTIONAL.len()];
        for (place, name) in found.iter_mut().zip(OPTIONAL) {
            *place = fields.text(name)?;
        }
        let [refresh_token, id_token, dpop_thumbprint, logout_endpoint, nonce, subject] = found;
        Ok(Some(Self {
            access_token: Secret::new(access_token),
            refresh_token: refresh_token.map(Secret::new),
            id_token: id_token.map(Secret::new),
            expires_at,
            scope: scope.into(),
            dpop_thumbprint: dpop_thumbprint.map(String::from),
            identity: subject
                .map(|subject| Identity { subject: subject.into(), nonce: nonce.map(String::from) }),
            logout_endpoint: logout_endpoint.map(String::from),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::pending::tests::pending;
    use super::*;
    use crate::error::Class;
    use crate::oauth::{ClientAuth, callback};

    fn client(auth: ClientAuth) -> Client {
        Client::plain(auth)
    }

    fn metadata() -> Metadata {
        Metadata::defaults("https://honest.as.example")
    }

    fn verified() -> VerifiedCallback {
        let url = format!("?code=a+b&state={}", pending().state);
        callback::verify(&url, pending(), false, 1_700_000_001_000).unwrap()
    }

    fn answer(body: &str) -> Response {
        Response { status: 200, body: body.into(), ..Response::default() }
    }

    #[test]
    fn a_public_client_sends_its_id_and_the_verifier() {
        let request = exchange(&client(ClientAuth::None), &metadata(), verified());
        assert_eq!(request.url, "https://honest.as.example/oauth/token");
        assert_eq!(
            request.body.as_deref(),
            Some(
                "grant_type=authorization_code&code=a+b&redirect_uri=https%3A%2F%2Fclient.example%2Fcb&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&client_id=demo"
            )
        );
        assert_eq!(request.headers.get("authorization"), None);
        assert_eq!(request.headers.get("accept"), Some("application/json"));
    }

    #[test]
    fn a_secret_goes_into_the_header_or_the_body_never_both() {
        let basic = exchange(&client(ClientAuth::SecretBasic(Secret::new("s"))), &metadata(), verified());
        assert_eq!(basic.headers.get("authorization"), Some("Basic ZGVtbzpz"));
        assert!(!basic.body.unwrap().contains("client_"));
        let post =
            refresh(&client(ClientAuth::SecretPost(Secret::new("s&t"))), &metadata(), &Secret::new("r"));
        assert_eq!(post.headers.get("authorization"), None);
        assert_eq!(
            post.body.as_deref(),
            Some("grant_type=refresh_token&refresh_token=r&client_id=demo&client_secret=s%26t")
        );
    }

    /// Rule: `optional-lifetime`.
    #[test]
    fn a_lifetime_may_be_missing_or_a_string() {
        for (expires_in, expected) in [
            (r#","expires_in":60"#, Some(61_000)),
            (r#","expires_in":"60""#, Some(61_000)),
            ("", None),
            (r#","expires_in":"soon""#, None),
            (r#","expires_in":-5"#, None),
            (r#","expires_in":null"#, None),
        ] {
            let body = format!(r#"{{"access_token":"a","token_type":"bearer"{expires_in}}}"#);
            assert_eq!(
                parse(&answer(&body), "accounts", None, None, 1_000).unwrap().expires_at,
                expected,
                "{expires_in}"
            );
        }
    }

    /// Rule: `token-rotation`.
    #[test]
    fn a_refresh_without_rotation_keeps_the_old_token() {
        let first = parse(
            &answer(r#"{"access_token":"a","token_type":"Bearer","refresh_token":"r1","id_token":"i"}"#),
            "accounts",
            None,
            None,
            0,
        )
        .unwrap();
        let same = parse(
            &answer(r#"{"access_token":"b","token_type":"Bearer"}"#),
            "accounts",
            Some(&first),
            None,
            0,
        )
        .unwrap();
        assert_eq!(same.refresh_token.as_ref().unwrap().expose(), "r1");
        assert_eq!(same.id_token.as_ref().unwrap().expose(), "i");
        let rotated = parse(
            &answer(r#"{"access_token":"c","token_type":"Bearer","refresh_token":"r2"}"#),
            "accounts",
            Some(&first),
            None,
            0,
        )
        .unwrap();
        assert_eq!(rotated.refresh_token.unwrap().expose(), "r2");
    }

    #[test]
    fn what_is_no_token_answer_is_refused() {
        for (body, code) in [
            ("", "empty_body"),
            ("{}", "invalid_response"),
            ("[]", "invalid_response"),
            (r#"{"access_token":"a"}"#, "invalid_response"),
            (r#"{"access_token":"a b","token_type":"Bearer"}"#, "invalid_response"),
            (r#"{"access_token":"a","token_type":"mac"}"#, "invalid_response"),
            (r#"{"access_token":"a","tok"#, "invalid_response"),
        ] {
            let error = parse(&answer(body), "", None, None, 0).unwrap_err();
            assert_eq!((error.class, error.code.as_str()), (Class::Response, code), "{body}");
        }
    }

    #[test]
    fn stored_tokens_come_back_for_their_own_client_and_issuer_only() {
        let tokens = parse(
            &answer(r#"{"access_token":"a","token_type":"Bearer","refresh_token":"r","expires_in":1}"#),
            "accounts",
            None,
            None,
            0,
        )
        .unwrap();
        let stored = tokens.to_stored("demo", "https://a.example").finish();
        assert_eq!(Tokens::from_stored(&stored, "demo", "https://a.example").unwrap(), tokens);
        assert!(Tokens::from_stored(&stored, "other", "https://a.example").is_err());
        assert!(Tokens::from_stored(&stored, "demo", "https://b.example").is_err());
        assert!(Tokens::from_stored("{", "demo", "https://a.example").is_err());
    }

    #[test]
    fn debug_output_hides_tokens() {
        let tokens = parse(
            &answer(r#"{"access_token":"s3cr3t","token_type":"Bearer","refresh_token":"s3cr3t"}"#),
            "",
            None,
            None,
            0,
        )
        .unwrap();
        assert!(!format!("{tokens:?}").contains("s3cr3t"));
    }

    #[test]
    fn revocation_names_the_refresh_token_where_there_is_one() {
        let tokens = parse(
            &answer(r#"{"access_token":"a","token_type":"Bearer","refresh_token":"r"}"#),
            "",
            None,
            None,
            0,
        )
        .unwrap();
        let request = revocation(&client(ClientAuth::None), "https://a.example/revoke", &tokens);
        assert_eq!(request.body.as_deref(), Some("token=r&token_type_hint=refresh_token&client_id=demo"));
    }

    /// Rules: `bound-tokens`, `token-type`.
    #[test]
    fn a_token_that_is_not_bound_to_the_key_is_refused() {
        let parsed = |token_type: &str, bound: Option<&str>| {
            let body = format!(r#"{{"access_token":"a","token_type":"{token_type}"}}"#);
            parse(&answer(&body), "", None, bound, 0).map_err(|error| error.code.clone())
        };
        for name in ["DPoP", "dpop", "DPOP"] {
            assert_eq!(parsed(name, Some("t")).unwrap().dpop_thumbprint.as_deref(), Some("t"), "{name}");
            assert_eq!(parsed(name, None).unwrap_err(), "invalid_response", "{name}");
        }
        assert_eq!(parsed("Bearer", Some("t")).unwrap_err(), "token_not_bound");
        assert_eq!(parsed("bearer", Some("t")).unwrap_err(), "token_not_bound");
        assert_eq!(parsed("mac", Some("t")).unwrap_err(), "invalid_response");
        assert_eq!(parsed("bEARER", None).unwrap().dpop_thumbprint, None);
    }

    #[test]
    fn a_session_remembers_its_key_and_whom_it_is_for() {
        let body = r#"{"access_token":"a","token_type":"DPoP"}"#;
        let tokens = Tokens {
            identity: Some(Identity { subject: "anna".into(), nonce: Some("n".into()) }),
            logout_endpoint: Some("https://a.example/logout".into()),
            ..parse(&answer(body), "accounts", None, Some("t"), 0).unwrap()
        };
        let stored = tokens.to_stored("demo", "https://a.example").finish();
        assert_eq!(Tokens::from_stored(&stored, "demo", "https://a.example").unwrap(), tokens);
        let renewed = parse(&answer(body), "accounts", Some(&tokens), Some("t2"), 0).unwrap();
        assert_eq!((renewed.identity, renewed.logout_endpoint), (tokens.identity, tokens.logout_endpoint));
    }

    #[test]
    fn a_client_with_a_key_or_a_certificate_names_itself_and_sends_no_secret() {
        for auth in [ClientAuth::PrivateKey, ClientAuth::Certificate] {
            let request = refresh(&client(auth), &metadata(), &Secret::new("r"));
            assert_eq!(request.headers.get("authorization"), None);
            assert_eq!(
                request.body.as_deref(),
                Some("grant_type=refresh_token&refresh_token=r&client_id=demo")
            );
        }
    }
}
