//! Randomness from the platform's generator.

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::error::{Class, Error, Result};

/// 256 random bits in base64url: 43 characters, for `state`, `nonce` and the PKCE verifier.
pub fn random_token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| {
        Error::new(
            Class::Internal,
            "no_randomness",
            "The platform gives no secure random numbers (crypto.getRandomValues).",
        )
    })?;
    Ok(Base64UrlUnpadded::encode_string(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f25_tokens_have_256_bits_and_differ() {
        let (a, b) = (random_token().unwrap(), random_token().unwrap());
        assert_eq!(a.len(), 43);
        assert_ne!(a, b);
    }
}
