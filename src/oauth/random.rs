//! Randomness from the platform's generator.

use core::cell::Cell;

use crate::base64url;
use crate::error::{Error, Kind, Result};

/// 256 random bits in base64url: 43 characters, for `state`, `nonce` and the PKCE verifier.
pub fn random_token() -> Result<String> {
    random_tokens().map(|[token]| token)
}

/// Several of them, for which the platform is asked once: that takes longer than all the rest.
pub fn random_tokens<const N: usize>() -> Result<[String; N]> {
    let mut bytes = [[0; 32]; N];
    fill(bytes.as_flattened_mut())?;
    Ok(bytes.map(|bytes| base64url::encode(&bytes)))
}

/// Returns an id that is unique among all requests: 22 characters of base64url, and no secret. The first id is random, and the next ones
/// increment it, because asking the platform each time takes a tenth of a call's time.
pub fn request_id() -> Result<String> {
    let id = match NEWEST.get() {
        Some(newest) => newest.wrapping_add(1),
        None => {
            let mut bytes = [0; 16];
            fill(&mut bytes)?;
            u128::from_be_bytes(bytes)
        }
    };
    NEWEST.set(Some(id));
    Ok(base64url::encode(&id.to_be_bytes()))
}

thread_local! {
    static NEWEST: Cell<Option<u128>> = const { Cell::new(None) };
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|_| Error::of(Kind::NoRandomness))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f25_tokens_have_256_bits_and_differ() {
        let [a, b] = random_tokens().unwrap();
        let c = random_token().unwrap();
        assert_eq!([a.len(), b.len(), c.len()], [43; 3]);
        assert!(a != b && b != c && c != a);
    }

    #[test]
    fn request_ids_differ() {
        let mut ids: Vec<String> = (0..300).map(|_| request_id().unwrap()).collect();
        assert!(ids.iter().all(|id| id.len() == 22));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 300);
    }
}
