//! Requests that the authorization server is to know the client by.
//!
//! Rule: `docs/security.md#fresh-assertion`.

use super::fapi;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::transport::{self, Attempt, Received};
use crate::error::Result;
use crate::http::Request;
use crate::oauth::ClientAuth;

/// Sends a request to the authorization server; `proved`: with a DPoP proof, where tokens are bound to a key.
pub async fn post(client: &Client, call: &Call, request: &Request, proved: bool) -> Result<Received> {
    let config = &client.config.client;
    let proved = proved && config.dpop;
    if proved || config.auth == ClientAuth::PrivateKey {
        return fapi::load(client).await?.post(client, call, request, proved).await;
    }
    transport::send(client, call, &Attempt::default(), request).await
}
