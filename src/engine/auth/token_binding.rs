//! Requests with an access token: as a bearer token, or bound to the DPoP key.
//!
//! Rule: `docs/security.md#token-in-header`.

use super::fapi;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::transport::{self, Attempt, Received};
use crate::error::Result;
use crate::http::Request;
use crate::oauth::dpop::Server;
use crate::oauth::{Pending, Tokens};

/// Sends a request with an access token.
pub async fn send(
    client: &Client,
    call: &Call,
    attempt: &Attempt,
    server: Server,
    tokens: &Tokens,
    request: &Request,
) -> Result<Received> {
    let mut request = request.clone();
    if tokens.dpop_thumbprint.is_some() {
        return fapi::load(client).await?.send(client, call, attempt, server, tokens, &mut request).await;
    }
    request.headers.set("authorization", &["Bearer ", tokens.access_token.expose()].concat());
    transport::send(client, call, attempt, &request).await
}

/// Whether the access token can be used with the key that is here. False: renewing it would bind it to that key. An error: the refresh
/// token is bound to another key too, as those of public clients are (RFC 9449, section 5).
pub async fn is_bound_to_current_key(client: &Client, tokens: &Tokens) -> Result<bool> {
    if tokens.dpop_thumbprint.is_none() && !client.config.client.dpop {
        return Ok(true);
    }
    fapi::load(client).await?.is_bound_to_current_key(client, tokens).await
}

/// Refuses to complete a transaction whose code is bound to another key than the one that is here.
pub async fn check_pending(client: &Client, pending: &Pending) -> Result<()> {
    if pending.dpop_thumbprint.is_none() {
        return Ok(());
    }
    fapi::load(client).await?.check_pending(client, pending).await
}
