//! Randomness from the platform's generator.

use core::cell::RefCell;

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::error::{Class, Error, Result};

/// 256 random bits in base64url: 43 characters, for `state`, `nonce` and the PKCE verifier.
pub fn random_token() -> Result<String> {
    let mut bytes = [0; 32];
    fill(&mut bytes)?;
    Ok(Base64UrlUnpadded::encode_string(&bytes))
}

/// 128 random bits in base64url: 22 characters, to tell requests apart. No secret: they are fetched many at once, as each
/// time costs as much as hundreds of bytes do.
pub fn random_id() -> Result<String> {
    POOL.with_borrow_mut(|pool| {
        if pool.is_empty() {
            let mut bytes = [0; 512];
            fill(&mut bytes)?;
            pool.extend_from_slice(&bytes);
        }
        let left = pool.len().saturating_sub(16);
        let id = Base64UrlUnpadded::encode_string(pool.get(left..).unwrap_or_default());
        pool.truncate(left);
        Ok(id)
    })
}

thread_local! {
    static POOL: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|_| {
        Error::new(
            Class::Internal,
            "no_randomness",
            "The platform gives no secure random numbers (crypto.getRandomValues).",
        )
    })
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

    #[test]
    fn ids_differ_also_where_the_pool_is_filled_anew() {
        let mut ids: Vec<String> = (0..100).map(|_| random_id().unwrap()).collect();
        assert!(ids.iter().all(|id| id.len() == 22));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 100);
    }
}
