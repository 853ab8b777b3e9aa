//! Proof Key for Code Exchange with S256 (RFC 7636); `plain` can't be expressed.
//!
//! Rules: `docs/security.md#pkce-s256`, `docs/security.md#verifier-grammar`.

use sha2::{Digest, Sha256};

use super::secret::Secret;
use crate::base64url;
use crate::json::FieldError;

/// A code verifier (RFC 7636, section 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier(Secret);

impl Verifier {
    /// A new verifier: a token of 256 random bits.
    pub fn of_token(token: String) -> Self {
        Self(Secret::new(token))
    }

    /// A verifier kept from before: 43 to 128 unreserved characters.
    pub fn parse(text: &str) -> core::result::Result<Self, FieldError> {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        if (43..=128).contains(&text.len()) && text.bytes().all(unreserved) {
            return Ok(Self(Secret::new(text)));
        }
        Err(FieldError::new("codeVerifier", "43 to 128 characters of A-Z a-z 0-9 - . _ ~", "another text"))
    }

    /// The `code_challenge` for `code_challenge_method=S256` (section 4.2).
    pub fn challenge(&self) -> String {
        base64url::encode(&Sha256::digest(self.0.expose().as_bytes()))
    }

    /// The `code_verifier`, for the token request and the pending transaction.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_vectors::vectors;

    fn bytes(value: &serde_json::Value) -> Vec<u8> {
        value.as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as u8).collect()
    }

    #[test]
    fn rfc7636_appendix_a_is_encoded_as_printed() {
        let vector = &vectors()["RFC7636-A"];
        assert_eq!(base64url::encode(&bytes(&vector["octets"])), vector["b64u"].as_str().unwrap());
    }

    #[test]
    fn rfc7636_appendix_b_gives_the_printed_challenge() {
        let vector = &vectors()["RFC7636-B"];
        let verifier = vector["code_verifier"].as_str().unwrap();
        assert_eq!(base64url::encode(&bytes(&vector["octets"])), verifier);
        assert_eq!(Sha256::digest(verifier.as_bytes()).to_vec(), bytes(&vector["sha256"]));
        assert_eq!(
            Verifier::parse(verifier).unwrap().challenge(),
            vector["code_challenge"].as_str().unwrap()
        );
    }

    /// Rules: `verifier-grammar`, `pkce-s256`.
    #[test]
    fn a_verifier_outside_the_grammar_is_an_error_value() {
        for text in [
            "a".repeat(42),
            "a".repeat(129),
            ["a".repeat(42), "é".into()].concat(),
            ["a".repeat(43), " ".into()].concat(),
        ] {
            assert!(Verifier::parse(&text).is_err(), "{text}");
        }
        assert!(Verifier::parse(&"a".repeat(43)).is_ok() && Verifier::parse(&"~".repeat(128)).is_ok());
    }
}
