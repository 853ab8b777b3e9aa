//! Token answers, whose ID token is verified before anything of them is used (B16), and the keys for that.

use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;

use super::call::Call;
use super::client::Inner;
use super::{authorize, crypto, retries};
use crate::error::{Class, Error, Result};
use crate::http::Response;
use crate::oauth::id_token::{self, Expected, Identity};
use crate::oauth::jwk::KeySet;
use crate::oauth::jws::{self, Algorithm, Jws};
use crate::oauth::{Metadata, Pending, Tokens, token};
use sha2::{Digest, Sha256};

/// The tokens that a code was exchanged for.
pub async fn issued(inner: &Inner, call: &Call, response: &Response, pending: &Pending) -> Result<Tokens> {
    let bound = bound(inner);
    let mut tokens = token::parse(response, &pending.scope, None, bound.as_deref(), inner.now())
        .map_err(|error| call.note(error))?;
    let Some(nonce) = &pending.nonce else {
        // Nobody asked for it, and nothing was kept to verify it by.
        tokens.id_token = None;
        return Ok(tokens);
    };
    let Some(id_token) = tokens.id_token.clone() else {
        let missing = id_token::refusal("id_token_missing", "openid was asked for, but no ID token came");
        return Err(call.note(missing));
    };
    let wanted = Wanted { nonce: Some(nonce), earlier: None, acr: &pending.acr_values };
    let (identity, signed) = verified(inner, call, id_token.expose(), &tokens, wanted).await?;
    if !signed? {
        return Err(call.note(unsigned()));
    }
    tokens.identity = Some(identity);
    Ok(tokens)
}

/// The tokens that a refresh gave.
pub async fn renewed(inner: &Inner, call: &Call, response: &Response, earlier: &Tokens) -> Result<Tokens> {
    let bound = bound(inner);
    let mut tokens = token::parse(response, &earlier.scope, Some(earlier), bound.as_deref(), inner.now())
        .map_err(|error| call.note(error))?;
    let unchanged = tokens.id_token == earlier.id_token;
    let Some(id_token) = tokens.id_token.clone().filter(|_| !unchanged) else { return Ok(tokens) };
    let Some(identity) = &earlier.identity else {
        tokens.id_token.clone_from(&earlier.id_token);
        return Ok(tokens);
    };
    let wanted = Wanted { nonce: None, earlier: Some(identity), acr: &[] };
    match verified(inner, call, id_token.expose(), &tokens, wanted).await? {
        (_, Ok(true)) => {}
        (_, Ok(false)) => return Err(call.note(unsigned())),
        // The keys can't be had just now. The tokens are not lost for that: the ID token is, and the verified one stays.
        (_, Err(_)) => tokens.id_token.clone_from(&earlier.id_token),
    }
    Ok(tokens)
}

/// The thumbprint of the key that the request proved.
fn bound(inner: &Inner) -> Option<String> {
    let key = inner.learned.proof_key.borrow();
    key.as_ref().filter(|_| inner.config.client.dpop).map(|key| key.thumbprint.clone())
}

fn unsigned() -> Error {
    id_token::refusal(
        "id_token_signature",
        "No key of the authorization server verifies the ID token's signature",
    )
}

struct Wanted<'a> {
    nonce: Option<&'a str>,
    earlier: Option<&'a Identity>,
    acr: &'a [String],
}

/// Checks the claims, then the signature; the latter is an error of its own where the keys can't be had.
async fn verified(
    inner: &Inner,
    call: &Call,
    id_token: &str,
    tokens: &Tokens,
    wanted: Wanted<'_>,
) -> Result<(Identity, Result<bool>)> {
    let refused = |error| call.note(error);
    let jws = jws::parse(id_token)
        .ok_or_else(|| refused(id_token::refusal("id_token_malformed", "The ID token is no signed JWT")))?;
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
        let digest = crypto::told(inner.edge.sha512(token)).await?;
        return Ok(id_token::half(&digest.unchecked_into::<Uint8Array>().to_vec()));
    }
    Ok(id_token::half(&Sha256::digest(token.as_bytes())))
}

/// Whether a key of the server verifies the signature. Where none does, the server may have new keys: it is asked once, and not too often.
async fn signed(inner: &Inner, call: &Call, jws: &Jws<'_>, algorithm: Algorithm) -> Result<bool> {
    let metadata = authorize::metadata(inner, call).await?;
    let keys = key_set(inner, call, &metadata).await?;
    if any_verifies(inner, &keys, jws, algorithm).await? {
        return Ok(true);
    }
    if !keys.may_be_fetched_again(inner.now()) {
        return Ok(false);
    }
    let keys = fetch_keys(inner, call, &metadata).await?;
    any_verifies(inner, &keys, jws, algorithm).await
}

async fn any_verifies(inner: &Inner, keys: &KeySet, jws: &Jws<'_>, algorithm: Algorithm) -> Result<bool> {
    let kid = jws.header.get("kid").and_then(crate::json::Value::as_text);
    for key in keys.candidates(algorithm, kid) {
        let verified = inner.edge.verify(&key, algorithm.name(), jws.input, jws.signature);
        if crypto::told(verified).await?.is_truthy() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The authorization server's keys, asked for where they are not known or too old.
pub async fn key_set(inner: &Inner, call: &Call, metadata: &Metadata) -> Result<Rc<KeySet>> {
    let known = inner.learned.key_set.borrow().clone();
    match known.filter(|keys| !keys.is_stale(inner.now())) {
        Some(keys) => Ok(keys),
        None => fetch_keys(inner, call, metadata).await,
    }
}

async fn fetch_keys(inner: &Inner, call: &Call, metadata: &Metadata) -> Result<Rc<KeySet>> {
    inner.learned.asking_keys.run(call, Box::pin(ask_for_keys(inner, call, metadata))).await?;
    Ok(inner.learned.key_set.borrow().clone().unwrap_or_default())
}

async fn ask_for_keys(inner: &Inner, call: &Call, metadata: &Metadata) -> Result<()> {
    let Some(uri) = &metadata.jwks_uri else {
        return Err(Error::new(
            Class::OAuth,
            "jwks_unsupported",
            "The authorization server names no keys (jwks_uri), so its ID tokens can't be verified. Ask without the scope openid.",
        ));
    };
    let received = retries::send(inner, call, &KeySet::request(uri)).await?;
    let keys = KeySet::parse(&received.response, inner.now()).map_err(|error| call.note(error))?;
    *inner.learned.key_set.borrow_mut() = Some(Rc::new(keys));
    Ok(())
}
