//! Proof of possession of a key for each request (DPoP, RFC 9449), so that a stolen token is worth nothing.
//!
//! Rules: `docs/security.md#nonce-retry`, `docs/security.md#proof-form`, `docs/security.md#proof-id`,
//! `docs/security.md#proof-target`, `docs/security.md#proof-token-hash`, `docs/security.md#nonces-apart`,
//! `docs/security.md#newest-nonce`, `docs/security.md#lost-key`, `docs/security.md#unreadable-nonce`.

use super::{jwk, jws};
use crate::error::{Error, Kind, Result};
use crate::http::{Method, Response, origin};
use crate::json::{self, ObjectWriter, Value};

/// What is known of the key that tokens are bound to: the private key stays with the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofKey {
    /// `alg`.
    pub algorithm: String,
    /// The public key as JSON.
    pub jwk: String,
    /// The thumbprint of the public key (section 6.1).
    pub thumbprint: String,
}

impl ProofKey {
    /// Reads the platform's description of its key: `{ alg, jwk }`. Private members of the JWK are left out.
    pub fn parse(key: &str) -> Option<Self> {
        let value = json::parse(key.as_bytes()).ok()?;
        let key = value.get("jwk")?;
        Some(Self {
            algorithm: value.get("alg")?.as_text()?.into(),
            jwk: jwk::public(key)?,
            thumbprint: jwk::thumbprint(key)?,
        })
    }

    /// What is signed to make a proof for one request at `now` (milliseconds by the server's clock). `jti`: a
    /// random token, because a proof is sent once, and a retry has its own.
    pub fn signing_input(
        &self,
        method: Method,
        url: &str,
        access_token: Option<&str>,
        nonce: Option<&str>,
        jti: &str,
        now: i64,
    ) -> String {
        let mut header = ObjectWriter::new();
        header.text("typ", "dpop+jwt").text("alg", &self.algorithm).raw("jwk", &self.jwk);
        let mut claims = ObjectWriter::new();
        // Section 4.2: the target's URI without query and fragment.
        let target = url.split(['?', '#']).next().unwrap_or_default();
        claims.text("jti", jti).text("htm", method.name()).text("htu", target);
        claims.number("iat", now.div_euclid(1000));
        claims.optional("ath", access_token.map(jws::sha256).as_deref()).optional("nonce", nonce);
        jws::signing_input(&header.finish(), &claims.finish())
    }
}

/// The algorithm for a new key: the first of ours that the server supports (section 5.1); ES256 where it does not say.
pub fn algorithm(supported: Option<&[String]>) -> Result<&'static str> {
    const OURS: [&str; 4] = ["ES256", "Ed25519", "EdDSA", "PS256"];
    let found =
        OURS.into_iter().find(|ours| supported.is_none_or(|names| names.iter().any(|name| name == ours)));
    found.ok_or_else(unsupported)
}

/// The error for a key whose algorithm the server does not support.
pub fn unsupported() -> Error {
    Error::of(Kind::DpopUnsupported)
}

/// Which server a nonce is from: both may have the same origin, and yet each knows its own nonces only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// The authorization server, with UserInfo.
    Authorization,
    /// The API.
    Api,
}

/// The newest nonce of each server and origin (sections 8 and 9).
#[derive(Debug, Default)]
pub struct Nonces(Vec<(Server, String, String)>);

impl Nonces {
    /// The nonce to send.
    pub fn get(&self, server: Server, url: &str) -> Option<&str> {
        let origin = origin(url).ok()?;
        let found = self.0.iter().find(|(s, o, _)| *s == server && o == origin);
        found.map(|(_, _, nonce)| nonce.as_str())
    }

    /// Keeps the nonce of a response, whatever its status was; the newest replaces the one before.
    pub fn keep(&mut self, server: Server, url: &str, response: &Response) {
        let (Some(nonce), Ok(origin)) = (&response.dpop_nonce, origin(url)) else { return };
        match self.0.iter_mut().find(|(s, o, _)| *s == server && o == origin) {
            Some(entry) => entry.2.clone_from(nonce),
            None => self.0.push((server, origin.into(), nonce.clone())),
        }
    }
}

/// Whether the answer asks for a proof with the nonce that it brings: section 8 at the authorization server (400), section 9 at the API
/// (401). An error where it asks and the nonce can't be read.
pub fn asks_for_nonce(server: Server, response: &Response) -> Result<bool> {
    let expected = if server == Server::Authorization { 400..=401 } else { 401..=401 };
    if !expected.contains(&response.status) {
        return Ok(false);
    }
    const CODE: &str = "use_dpop_nonce";
    let challenge = response.www_authenticate.as_deref();
    let body = json::parse(&response.body).unwrap_or(Value::Null);
    let asks = challenge.is_some_and(|text| text.contains(CODE))
        || body.get("error").and_then(Value::as_text) == Some(CODE);
    match &response.dpop_nonce {
        None if asks => Err(unreadable_nonce()),
        None => Ok(false),
        // A browser that isn't shown the challenge may still be shown the nonce.
        Some(_) => Ok(asks || (response.status == 401 && challenge.is_none())),
    }
}

/// Returns whether a 401 has no reason. RFC 9110, section 15.5.2 requires `WWW-Authenticate`, so something removed the header.
pub fn is_silent(response: &Response) -> bool {
    let has_reason = response.www_authenticate.is_some() || response.dpop_nonce.is_some();
    let body = json::parse(&response.body).unwrap_or(Value::Null);
    response.status == 401 && !has_reason && body.get("error").is_none()
}

/// The error where a server asks for a nonce that can't be read: in a browser, for want of CORS exposure.
pub fn unreadable_nonce() -> Error {
    Error::of(Kind::DpopNonceUnreadable)
}

/// The error where the key that the tokens are bound to is not here any more.
pub fn lost_key() -> Error {
    Error::of(Kind::DpopKeyLost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::vectors;

    fn key() -> ProofKey {
        let jwk = vectors()["RFC9449-6.1 jkt"]["jwk"].clone();
        ProofKey::parse(&serde_json::json!({ "alg": "ES256", "jwk": jwk }).to_string()).unwrap()
    }

    fn parts(input: &str) -> (serde_json::Value, serde_json::Value) {
        let token = [input, ".c2ln"].concat();
        let jws = jws::parse(&token).unwrap();
        let json = |value: &Value| serde_json::from_str(&value.to_json()).unwrap();
        (json(&jws.header), json(&jws.payload))
    }

    /// The proof's claims without `jti`, which is new in each.
    fn claims(input: &str) -> serde_json::Value {
        let mut claims = parts(input).1;
        assert_eq!(claims["jti"].as_str().unwrap().len(), 43);
        claims.as_object_mut().unwrap().remove("jti");
        claims
    }

    /// Rules: `proof-form`, `proof-token-hash`.
    #[test]
    fn rfc9449_proofs_are_made_as_printed() {
        let token = vectors()["RFC9449-7.1 ath"]["access_token"].as_str().unwrap().to_string();
        for (name, method, token) in [
            ("RFC9449-4.1 Figure 2 / 5 Figure 4 (POST /token)", Method::Post, None),
            ("RFC9449-5 (refresh)", Method::Post, None),
            ("RFC9449-7.1 (GET protectedresource, ath)", Method::Get, Some(token.as_str())),
        ] {
            let mut expected = vectors()[name].clone();
            let payload = expected["payload"].as_object_mut().unwrap();
            let now = payload["iat"].as_i64().unwrap() * 1000;
            let url = payload["htu"].as_str().unwrap().to_string();
            payload.remove("jti");
            let input = key().signing_input(method, &url, token, None, &"j".repeat(43), now);
            assert_eq!(parts(&input).0, expected["header"], "{name}");
            assert_eq!(claims(&input), expected["payload"], "{name}");
            // The printed proof itself is read in the same way.
            let proof = expected["proof"].as_str().unwrap();
            assert_eq!(parts(proof.rsplit_once('.').unwrap().0).0, expected["header"], "{name}");
        }
    }

    /// Rule: `proof-form`.
    #[test]
    fn private_members_never_enter_a_proof() {
        let jwk = vectors()["RFC7515-A.3 (ES256)"]["jwk"].clone();
        let description = serde_json::json!({ "alg": "ES256", "jwk": jwk }).to_string();
        let key = ProofKey::parse(&description).unwrap();
        assert!(key.jwk.contains("\"x\"") && !key.jwk.contains("\"d\""));
    }

    /// Rule: `proof-id`.
    #[test]
    fn a_proof_has_the_id_that_it_is_given() {
        let input = key().signing_input(Method::Get, "https://a.example/", None, None, "j", 0);
        assert_eq!(parts(&input).1["jti"].as_str(), Some("j"));
    }

    /// Rule: `proof-target`.
    #[test]
    fn the_target_has_neither_query_nor_fragment() {
        for url in ["https://a.example/x?y=1#z", "https://a.example/x#z?y", "https://a.example/x"] {
            let input = key().signing_input(Method::Get, url, None, Some("n"), &"j".repeat(43), 1999);
            let expected =
                serde_json::json!({ "htm": "GET", "htu": "https://a.example/x", "iat": 1, "nonce": "n" });
            assert_eq!(claims(&input), expected);
        }
    }

    fn response(status: u16, nonce: Option<&str>, challenge: Option<&str>, body: &str) -> Response {
        Response {
            status,
            dpop_nonce: nonce.map(String::from),
            www_authenticate: challenge.map(String::from),
            body: body.into(),
            ..Response::default()
        }
    }

    /// Rules: `nonces-apart`, `newest-nonce`, `nonce-retry`.
    #[test]
    fn nonces_are_kept_by_server_and_origin_and_the_newest_wins() {
        let mut nonces = Nonces::default();
        let (server, api) = (Server::Authorization, Server::Api);
        nonces.keep(server, "https://a.example/token", &response(400, Some("1"), None, ""));
        nonces.keep(api, "https://a.example/accounts?x", &response(200, Some("2"), None, ""));
        nonces.keep(api, "https://b.example/accounts", &response(401, Some("3"), None, ""));
        assert_eq!(nonces.get(server, "https://a.example/par"), Some("1"));
        assert_eq!(nonces.get(api, "https://a.example/"), Some("2"));
        assert_eq!(nonces.get(api, "https://b.example/"), Some("3"));
        assert_eq!(nonces.get(server, "https://b.example/"), None);
        nonces.keep(server, "https://a.example/token", &response(200, Some("4"), None, ""));
        nonces.keep(server, "https://a.example/token", &response(200, None, None, ""));
        assert_eq!(nonces.get(server, "https://a.example/token"), Some("4"));
    }

    /// Rule: `nonce-retry`.
    #[test]
    fn a_nonce_is_asked_for_with_400_there_and_401_here() {
        let body = r#"{"error":"use_dpop_nonce"}"#;
        let challenge = Some("DPoP error=\"use_dpop_nonce\", algs=\"ES256\"");
        for (server, answer, expected) in [
            (Server::Authorization, response(400, Some("n"), None, body), true),
            (Server::Authorization, response(400, Some("n"), None, r#"{"error":"invalid_grant"}"#), false),
            (Server::Authorization, response(200, Some("n"), None, body), false),
            (Server::Api, response(401, Some("n"), challenge, ""), true),
            (Server::Api, response(401, Some("n"), Some("DPoP error=\"invalid_token\""), ""), false),
            (Server::Api, response(401, Some("n"), None, ""), true),
            (Server::Api, response(401, None, None, ""), false),
            (Server::Api, response(400, Some("n"), None, body), false),
        ] {
            assert_eq!(asks_for_nonce(server, &answer).unwrap(), expected, "{answer:?}");
        }
    }

    /// Rule: `proof-form`.
    #[test]
    fn the_algorithm_is_one_that_the_server_supports() {
        let names = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        assert_eq!(algorithm(None).unwrap(), "ES256");
        assert_eq!(algorithm(Some(&names(&["RS256", "PS256", "EdDSA"]))).unwrap(), "EdDSA");
        assert_eq!(algorithm(Some(&names(&["RS256"]))).unwrap_err().code, "dpop_unsupported");
    }

    /// Rule: `lost-key`.
    #[test]
    fn a_lost_key_asks_for_consent_anew() {
        assert!(lost_key().reauth_required);
    }

    /// Rule: `unreadable-nonce`.
    #[test]
    fn an_unreadable_nonce_names_the_cors_header() {
        let body = r#"{"error":"use_dpop_nonce"}"#;
        for (server, status) in [(Server::Authorization, 400), (Server::Api, 401)] {
            let error = asks_for_nonce(server, &response(status, None, None, body)).unwrap_err();
            assert_eq!(error.code, "dpop_nonce_unreadable");
            assert!(error.message.contains("Access-Control-Expose-Headers"));
        }
    }

    /// Rule: `unreadable-nonce`.
    #[test]
    fn a_refusal_without_any_reason_was_kept_from_us() {
        assert!(is_silent(&response(401, None, None, "")) && is_silent(&response(401, None, None, "{}")));
        assert!(!is_silent(&response(403, None, None, "")));
        assert!(!is_silent(&response(401, None, None, r#"{"error":"invalid_token"}"#)));
        assert!(!is_silent(&response(401, Some("n"), None, "")));
        assert!(!is_silent(&response(401, None, Some("DPoP"), "")));
    }
}
