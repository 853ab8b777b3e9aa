//! JSON Web Signatures in their compact form (RFC 7515, section 7.1): taken apart, and made ready to be signed.
//!
//! Signing and verifying themselves are the platform's; no key comes here.
//!
//! Rule: `docs/security.md#signature-algorithms`.

use sha2::{Digest, Sha256};

use crate::base64url;
use crate::json::{self, Value};

/// The signature algorithms that are ever accepted (RFC 7518, section 3.1; RFC 8037; RFC 9864). There is no `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519, also named `Ed25519`.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256: ID tokens of the profile `oauth2` only.
    Rs256,
}

impl Algorithm {
    /// The algorithm of that name (`alg`).
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            "EdDSA" | "Ed25519" => Some(Self::EdDsa),
            "RS256" => Some(Self::Rs256),
            _ => None,
        }
    }

    /// Its name, for the platform.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }
}

/// A signed token, taken apart and not yet verified.
pub struct Jws<'a> {
    /// The protected header.
    pub header: Value,
    /// The claims.
    pub payload: Value,
    /// What was signed.
    pub input: &'a str,
    /// The signature in base64url.
    pub signature: &'a str,
}

/// Takes a token apart; `None` where it is no JWS with JSON in header and payload.
pub fn parse(token: &str) -> Option<Jws<'_>> {
    let (input, signature) = token.rsplit_once('.')?;
    let (header, payload) = input.split_once('.')?;
    Some(Jws { header: part(header)?, payload: part(payload)?, input, signature })
}

fn part(text: &str) -> Option<Value> {
    let bytes = base64url::decode(text)?;
    json::parse(&bytes).ok().filter(|value| matches!(value, Value::Object(_)))
}

/// What is signed for that header and those claims (RFC 7515, section 5.1).
pub fn signing_input(header: &str, claims: &str) -> String {
    let encode = |text: &str| base64url::encode(text.as_bytes());
    [&encode(header), ".", &encode(claims)].concat()
}

/// SHA-256 of a text in base64url: `ath`, thumbprints.
pub fn sha256(text: &str) -> String {
    base64url::encode(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::vectors;

    #[test]
    fn rfc7515_appendix_a_tokens_are_taken_apart() {
        for name in ["RFC7515-A.1 (HS256)", "RFC7515-A.2 (RS256)", "RFC7515-A.3 (ES256)"] {
            let vectors = vectors();
            let token = vectors[name]["jws"].as_str().unwrap();
            let jws = parse(token).unwrap();
            assert_eq!(jws.payload.get("iss").and_then(Value::as_text), Some("joe"));
            assert_eq!([jws.input, ".", jws.signature].concat(), token);
        }
    }

    /// Rule: `signature-algorithms`.
    #[test]
    fn no_other_algorithm_has_a_name_here() {
        for name in ["none", "None", "", "HS256", "ES384", "RS384", "ES256K", "es256"] {
            assert_eq!(Algorithm::named(name), None, "{name}");
        }
        assert_eq!(Algorithm::named("Ed25519"), Algorithm::named("EdDSA"));
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in ["", ".", "..", "a.b", "a.b.c", "e30.e30", "e30.W10.x", "W10.e30.x", "e30=.e30.x"] {
            assert!(parse(text).is_none(), "{text}");
        }
        assert!(parse("e30.e30.").is_some());
    }
}
