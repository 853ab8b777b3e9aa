//! The verification of ID tokens.

use js_sys::Uint8Array;
use sha2::{Digest, Sha256};
use wasm_bindgen::JsCast;

use super::keys;
use crate::error::{Error, Kind, Result};
use crate::oauth::Tokens;
use crate::oauth::id_token::{self, Expected, Identity};
use crate::oauth::jwk::KeySet;
use crate::oauth::jws::{self, Algorithm, Jws};
use crate::wasm::call::Call;
use crate::wasm::client::Inner;
use crate::wasm::reply::ask;
use crate::wasm::{authorize, crypto};

/// What an ID token has to say besides what is known of the client.
pub struct Wanted<'a> {
    /// The nonce of its request.
    pub nonce: Option<&'a str>,
    /// Who the session is of.
    pub earlier: Option<&'a Identity>,
    /// The authentication contexts that were asked for.
    pub acr: &'a [String],
}

/// Checks the claims, then the signature; the latter is an error of its own where the keys can't be had.
pub async fn verified(
    inner: &Inner,
    call: &Call,
    id_token: &str,
    tokens: &Tokens,
    wanted: Wanted<'_>,
) -> Result<(Identity, Result<bool>)> {
    let refused = |error| call.note(error);
    let jws =
        jws::parse(id_token).ok_or_else(|| refused(id_token::refusal(Error::of(Kind::IdTokenMalformed))))?;
    let algorithm = id_token::algorithm(&jws, inner.config.client.profile).map_err(refused)?;
    let expected = Expected {
        issuer: &inner.config.environment.issuer,
        client_id: &inner.config.client.id,
        nonce: wanted.nonce,
        earlier: wanted.earlier,
        acr: wanted.acr,
        at_hash: &at_hash(inner, algorithm, tokens.access_token.expose()).await?,
        now: inner.now(),
        skew: inner.learned.skew.get(),
    };
    let identity = id_token::check(&jws.payload, &expected).map_err(refused)?;
    let signed = signed(inner, call, &jws, algorithm).await;
    Ok((identity, signed))
}

/// OpenID Connect Core, section 3.1.3.6: by the hash of the signature's algorithm, which for Ed25519 is SHA-512.
async fn at_hash(inner: &Inner, algorithm: Algorithm, token: &str) -> Result<String> {
    if algorithm == Algorithm::EdDsa {
        let digest = crypto::told(ask(|slot| inner.edge.sha512(token, slot))).await?;
        return Ok(id_token::half(&digest.unchecked_into::<Uint8Array>().to_vec()));
    }
    Ok(id_token::half(&Sha256::digest(token.as_bytes())))
}

/// Whether a key of the server verifies the signature. Where none does, the server may have new keys: it is asked once, and not too often.
async fn signed(inner: &Inner, call: &Call, jws: &Jws<'_>, algorithm: Algorithm) -> Result<bool> {
    let metadata = authorize::metadata(inner, call).await?;
    let keys = keys::key_set(inner, call, &metadata).await?;
    if any_verifies(inner, &keys, jws, algorithm).await? {
        return Ok(true);
    }
    if !keys.may_be_fetched_again(inner.now()) {
        return Ok(false);
    }
    let keys = keys::fetch(inner, call, &metadata).await?;
    any_verifies(inner, &keys, jws, algorithm).await
}

async fn any_verifies(inner: &Inner, keys: &KeySet, jws: &Jws<'_>, algorithm: Algorithm) -> Result<bool> {
    let kid = jws.header.get("kid").and_then(crate::json::Value::as_text);
    for key in keys.candidates(algorithm, kid) {
        let verified = ask(|slot| inner.edge.verify(&key, algorithm.name(), jws.input, jws.signature, slot));
        if crypto::told(verified).await?.is_truthy() {
            return Ok(true);
        }
    }
    Ok(false)
}
