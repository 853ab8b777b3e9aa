//! JSON Web Keys (RFC 7517): public members, thumbprints (RFC 7638), and the keys of a server.
//!
//! Rules: `docs/security.md#decoy-keys`, `docs/security.md#proof-form`.

use super::error_response;
use super::jws::{Algorithm, sha256};
use crate::error::{Error, Result};
use crate::http::{Request, Response};
use crate::json::{self, FieldError, ObjectWriter, Value};

/// The lifetime of a fetched key set, after which a withdrawn key is no longer accepted: ten minutes, in milliseconds.
const LIFETIME_MS: i64 = 600_000;
/// The shortest time between two requests for the key set because of unknown keys, in milliseconds.
const COOLDOWN_MS: i64 = 30_000;
/// The most keys that are tried for one token, so that a large key set can't block the process.
const TRIED: usize = 16;

/// The members that make a public key and its thumbprint, in the order that RFC 7638, section 3.2 asks for.
fn public_members(kty: &str) -> &'static [&'static str] {
    match kty {
        "EC" => &["crv", "kty", "x", "y"],
        "RSA" => &["e", "kty", "n"],
        "OKP" => &["crv", "kty", "x"],
        _ => &[],
    }
}

/// The public key within `jwk` as JSON, with nothing else; `None` where members are missing.
pub fn public(jwk: &Value) -> Option<String> {
    let members = public_members(text(jwk, "kty")?);
    let mut out = ObjectWriter::new();
    for name in members {
        out.text(name, text(jwk, name)?);
    }
    (!members.is_empty()).then(|| out.finish())
}

/// The thumbprint of a public or private key (RFC 7638), in base64url.
pub fn thumbprint(jwk: &Value) -> Option<String> {
    // The public form has the members, the order and the lack of spaces that the thumbprint is made of.
    public(jwk).map(|public| sha256(&public))
}

fn text<'a>(jwk: &'a Value, name: &str) -> Option<&'a str> {
    jwk.get(name).and_then(Value::as_text)
}

/// The keys with which the authorization server signs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeySet {
    keys: Vec<Value>,
    fetched_at: i64,
}

impl KeySet {
    /// The request for the key set.
    pub fn request(jwks_uri: &str) -> Request {
        Request::get(jwks_uri.into())
    }

    /// Reads the answer that came at `now`. What is no key is left out: a set may hold keys that are unknown here.
    pub fn parse(response: &Response, now: i64) -> Result<Self> {
        if !response.is_success() {
            return Err(error_response(response, "The authorization server's key set can't be had"));
        }
        let value = json::parse(&response.body).unwrap_or(Value::Null);
        let Some(Value::List(keys)) = value.get("keys") else {
            return Err(Error::response(FieldError::new("jwks.keys", "an array of keys", "another value")));
        };
        Ok(Self { keys: keys.clone(), fetched_at: now })
    }

    /// Whether the set is too old to be relied on.
    pub fn is_stale(&self, now: i64) -> bool {
        !(0..LIFETIME_MS).contains(&now.saturating_sub(self.fetched_at))
    }

    /// Whether the server may be asked again for the sake of an unknown key.
    pub fn may_be_fetched_again(&self, now: i64) -> bool {
        !(0..COOLDOWN_MS).contains(&now.saturating_sub(self.fetched_at))
    }

    /// The public keys that may have made a signature of that algorithm. There may be several, and decoys among them:
    /// a signature counts where one of them verifies it.
    pub fn candidates(&self, algorithm: Algorithm, kid: Option<&str>) -> Vec<String> {
        let fits = |key: &&Value| fits(key, algorithm) && (kid.is_none() || text(key, "kid") == kid);
        self.keys.iter().filter(fits).filter_map(public).take(TRIED).collect()
    }
}

fn fits(key: &Value, algorithm: Algorithm) -> bool {
    let shape = match algorithm {
        Algorithm::Es256 => text(key, "kty") == Some("EC") && text(key, "crv") == Some("P-256"),
        Algorithm::EdDsa => text(key, "kty") == Some("OKP") && text(key, "crv") == Some("Ed25519"),
        // FAPI 2.0, "Cryptography and Secrets": RSA keys have 2048 bits or more, which are 342 characters.
        Algorithm::Ps256 | Algorithm::Rs256 => {
            text(key, "kty") == Some("RSA") && text(key, "n").is_some_and(|n| n.len() >= 342)
        }
    };
    // What is there counts (RFC 7517, section 4): a member of another type says that the key is for something else.
    let holds = |name: &str, test: &dyn Fn(&Value) -> bool| match key.get(name) {
        None | Some(Value::Null) => true,
        Some(value) => test(value),
    };
    shape
        && holds(
            "key_ops",
            &|operations| matches!(operations, Value::List(list) if list.iter().any(|op| op.as_text() == Some("verify"))),
        )
        && holds("use", &|purpose| purpose.as_text() == Some("sig"))
        && holds("alg", &|name| name.as_text().and_then(Algorithm::named) == Some(algorithm))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::vectors;

    fn value(json: &serde_json::Value) -> Value {
        json::parse(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn rfc7638_section_3_1_gives_the_printed_thumbprint() {
        let vector = &vectors()["RFC7638-3.1"];
        assert_eq!(thumbprint(&value(&vector["jwk"])).as_deref(), vector["thumbprint"].as_str());
    }

    #[test]
    fn rfc9449_section_6_1_gives_the_printed_thumbprint() {
        let vector = &vectors()["RFC9449-6.1 jkt"];
        assert_eq!(thumbprint(&value(&vector["jwk"])).as_deref(), vector["jkt"].as_str());
    }

    /// Rule: `proof-form`.
    #[test]
    fn the_public_form_of_a_private_key_has_no_private_member() {
        let public = public(&value(&vectors()["RFC7515-A.3 (ES256)"]["jwk"])).unwrap();
        assert_eq!(
            public,
            r#"{"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#
        );
        assert_eq!(super::public(&value(&vectors()["RFC7515-A.1 (HS256)"]["jwk"])), None);
    }

    fn set(keys: &str) -> KeySet {
        let body = format!(r#"{{"keys":[{keys}]}}"#).into_bytes();
        KeySet::parse(&Response { status: 200, body, ..Response::default() }, 1_000_000).unwrap()
    }

    /// Rule: `decoy-keys`.
    #[test]
    fn decoys_and_duplicate_kids_leave_the_right_key_among_the_candidates() {
        let set = set(r#"{"kty":"EC","crv":"P-256","x":"right","y":"y","kid":"k"},
            {"kty":"EC","crv":"P-256","x":"same kid","y":"y","kid":"k"},
            {"kty":"EC","crv":"P-384","x":"curve","y":"y","kid":"k"},
            {"kty":"EC","crv":"P-256","x":"encrypts","y":"y","kid":"k","use":"enc"},
            {"kty":"EC","crv":"P-256","x":"signs","y":"y","kid":"k","key_ops":["sign"]},
            {"kty":"EC","crv":"P-256","x":"other alg","y":"y","kid":"k","alg":"ES384"},
            {"kty":"EC","crv":"P-256","x":"use of a type","y":"y","kid":"k","use":["sig"]},
            {"kty":"EC","crv":"P-256","x":"empty use","y":"y","kid":"k","use":""},
            {"kty":"EC","crv":"P-256","x":"operations of a type","y":"y","kid":"k","key_ops":"verify"},
            {"kty":"EC","crv":"P-256","x":"alg of a type","y":"y","kid":"k","alg":7},
            {"kty":"EC","crv":"P-256","kid":"k"},
            {"kty":"RSA","n":"short","e":"AQAB","kid":"k"},
            {"kty":"oct","k":"s3cr3t","kid":"k"},
            {"kty":"EC","crv":"P-256","x":"other kid","y":"y","kid":"l","use":"sig","alg":"ES256","key_ops":["verify"]},
            7, null, "k", {}"#);
        let found = |kid| {
            let keys: Vec<String> = set.candidates(Algorithm::Es256, kid);
            keys.iter()
                .map(|key| text(&json::parse(key.as_bytes()).unwrap(), "x").unwrap().to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(found(Some("k")), ["right", "same kid"]);
        assert_eq!(found(None), ["right", "same kid", "other kid"]);
        assert!(found(Some("m")).is_empty());
        assert!(set.candidates(Algorithm::Rs256, Some("k")).is_empty());
    }

    #[test]
    fn a_set_of_thousands_of_keys_does_not_keep_us_busy() {
        let key = r#"{"kty":"EC","crv":"P-256","x":"x","y":"y"}"#;
        assert_eq!(set(&[key; 500].join(",")).candidates(Algorithm::Es256, None).len(), TRIED);
    }

    #[test]
    fn a_set_grows_old_and_is_not_asked_for_at_every_unknown_key() {
        let set = set("");
        assert!(!set.is_stale(1_599_999) && set.is_stale(1_600_000) && set.is_stale(999_999));
        assert!(!set.may_be_fetched_again(1_029_999) && set.may_be_fetched_again(1_030_000));
    }

    #[test]
    fn what_is_no_key_set_is_an_error() {
        for (status, body) in [(200, "{}"), (200, "[]"), (200, ""), (404, r#"{"keys":[]}"#)] {
            let response = Response { status, body: body.into(), ..Response::default() };
            assert!(KeySet::parse(&response, 0).is_err(), "{status} {body}");
        }
    }
}
