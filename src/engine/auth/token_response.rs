//! Token answers, whose ID token is verified before anything of them is used.
//!
//! Rule: `docs/security.md#id-token-first`.

use super::openid::{self, Wanted};
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::error::{Error, Kind, Result};
use crate::http::Response;
use crate::oauth::{Pending, Tokens, id_token, token};

/// The tokens that a code was exchanged for.
pub async fn issued(client: &Client, call: &Call, response: &Response, pending: &Pending) -> Result<Tokens> {
    let bound = bound(client);
    let mut tokens = token::parse(response, &pending.scope, None, bound.as_deref(), client.io.wall())
        .map_err(|error| call.attach_context(error))?;
    let Some(nonce) = &pending.nonce else {
        // Nobody asked for it, and nothing was kept to verify it by.
        tokens.id_token = None;
        return Ok(tokens);
    };
    let Some(id_token) = tokens.id_token.clone() else {
        let missing = id_token::refusal(Error::of(Kind::IdTokenMissing));
        return Err(call.attach_context(missing));
    };
    let wanted = Wanted { nonce: Some(nonce), earlier: None, acr: &pending.acr_values };
    let (identity, signed) =
        openid::load(client).await?.verify(client, call, id_token.expose(), &tokens, wanted).await?;
    if !signed? {
        return Err(call.attach_context(unsigned()));
    }
    tokens.identity = Some(identity);
    Ok(tokens)
}

/// The tokens that a refresh gave.
pub async fn renewed(client: &Client, call: &Call, response: &Response, earlier: &Tokens) -> Result<Tokens> {
    let bound = bound(client);
    let mut tokens =
        token::parse(response, &earlier.scope, Some(earlier), bound.as_deref(), client.io.wall())
            .map_err(|error| call.attach_context(error))?;
    let unchanged = tokens.id_token == earlier.id_token;
    let Some(id_token) = tokens.id_token.clone().filter(|_| !unchanged) else { return Ok(tokens) };
    let Some(identity) = &earlier.identity else {
        tokens.id_token.clone_from(&earlier.id_token);
        return Ok(tokens);
    };
    let wanted = Wanted { nonce: None, earlier: Some(identity), acr: &[] };
    match openid::load(client).await?.verify(client, call, id_token.expose(), &tokens, wanted).await? {
        (_, Ok(true)) => {}
        (_, Ok(false)) => return Err(call.attach_context(unsigned())),
        // The keys can't be had just now. The tokens are not lost for that: the ID token is, and the verified one stays.
        (_, Err(_)) => tokens.id_token.clone_from(&earlier.id_token),
    }
    Ok(tokens)
}

/// The thumbprint of the key that the request proved.
fn bound(client: &Client) -> Option<String> {
    let key = client.server.proof_key.borrow();
    key.as_ref().filter(|_| client.config.client.dpop).map(|key| key.thumbprint.clone())
}

fn unsigned() -> Error {
    id_token::refusal(Error::of(Kind::IdTokenSignature))
}
