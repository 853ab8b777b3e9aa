//! The verification of ID tokens.

use sha2::{Digest, Sha256};

use super::keys;
use crate::engine::auth::{crypto, discovery};
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::effect::Effect;
use crate::engine::event::Answer;
use crate::error::{Error, Kind, Result};
use crate::oauth::Tokens;
use crate::oauth::id_token::{self, Expected, Identity};
use crate::oauth::jwk::KeySet;
use crate::oauth::jws::{self, Algorithm, Jws};

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
    client: &Client,
    call: &Call,
    id_token: &str,
    tokens: &Tokens,
    wanted: Wanted<'_>,
) -> Result<(Identity, Result<bool>)> {
    let refused = |error| call.attach_context(error);
    let jws =
        jws::parse(id_token).ok_or_else(|| refused(id_token::refusal(Error::of(Kind::IdTokenMalformed))))?;
    let algorithm = id_token::algorithm(&jws, client.config.client.profile).map_err(refused)?;
    let expected = Expected {
        issuer: &client.config.environment.issuer,
        client_id: &client.config.client.id,
        nonce: wanted.nonce,
        earlier: wanted.earlier,
        acr: wanted.acr,
        at_hash: &at_hash(client, algorithm, tokens.access_token.expose()).await?,
        now: client.io.wall(),
        skew: client.server.skew.get(),
    };
    let identity = id_token::check(&jws.payload, &expected).map_err(refused)?;
    let signed = signed(client, call, &jws, algorithm).await;
    Ok((identity, signed))
}

/// OpenID Connect Core, section 3.1.3.6: by the hash of the signature's algorithm, which for Ed25519 is SHA-512.
async fn at_hash(client: &Client, algorithm: Algorithm, token: &str) -> Result<String> {
    if algorithm == Algorithm::EdDsa {
        let asked = client.io.request(|id| Effect::Sha512 { id, client: client.number, text: token.into() });
        let digest = match crypto::answer(asked).await? {
            Answer::Bytes(digest) => digest,
            _ => Vec::new(),
        };
        return Ok(id_token::half(&digest));
    }
    Ok(id_token::half(&Sha256::digest(token.as_bytes())))
}

/// Whether a key of the server verifies the signature. Where none does, the server may have new keys: it is asked once, and not too often.
async fn signed(client: &Client, call: &Call, jws: &Jws<'_>, algorithm: Algorithm) -> Result<bool> {
    let metadata = discovery::metadata(client, call).await?;
    let keys = keys::key_set(client, call, &metadata).await?;
    if any_verifies(client, &keys, jws, algorithm).await? {
        return Ok(true);
    }
    if !keys.may_be_fetched_again(client.io.wall()) {
        return Ok(false);
    }
    let keys = keys::fetch(client, call, &metadata).await?;
    any_verifies(client, &keys, jws, algorithm).await
}

async fn any_verifies(client: &Client, keys: &KeySet, jws: &Jws<'_>, algorithm: Algorithm) -> Result<bool> {
    let kid = jws.header.get("kid").and_then(crate::json::Value::as_text);
    for key in keys.candidates(algorithm, kid) {
        let asked = client.io.request(|id| Effect::Verify {
            id,
            client: client.number,
            jwk: key,
            algorithm: algorithm.name(),
            input: jws.input.into(),
            signature: jws.signature.into(),
        });
        if crypto::answer(asked).await? == Answer::Flag(true) {
            return Ok(true);
        }
    }
    Ok(false)
}
