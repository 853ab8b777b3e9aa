//! Token answers, whose ID token is verified before anything of them is used (B16).

use super::call::Call;
use super::client::Inner;
use super::openid::{self, Wanted};
use crate::error::{Error, Kind, Result};
use crate::http::Response;
use crate::oauth::{Pending, Tokens, id_token, token};

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
        let missing = id_token::refusal(Error::of(Kind::IdTokenMissing));
        return Err(call.note(missing));
    };
    let wanted = Wanted { nonce: Some(nonce), earlier: None, acr: &pending.acr_values };
    let (identity, signed) =
        openid::load(inner).await?.verify(inner, call, id_token.expose(), &tokens, wanted).await?;
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
    match openid::load(inner).await?.verify(inner, call, id_token.expose(), &tokens, wanted).await? {
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
    id_token::refusal(Error::of(Kind::IdTokenSignature))
}
