//! Requests that the authorization server is to know the client by.

use super::call::Call;
use super::client::Inner;
use super::fapi;
use super::transport::{self, Received};
use crate::error::Result;
use crate::http::Request;
use crate::oauth::ClientAuth;

/// Sends a request to the authorization server; `proved`: with a DPoP proof, where tokens are bound to a key.
pub async fn post(inner: &Inner, call: &Call, request: &Request, proved: bool) -> Result<Received> {
    let client = &inner.config.client;
    let proved = proved && client.dpop;
    if proved || client.auth == ClientAuth::PrivateKey {
        return fapi::load(inner).await?.post(inner, call, request, proved).await;
    }
    transport::send(inner, call, request).await
}
