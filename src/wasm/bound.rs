//! Requests with an access token: as a bearer token, or bound to the DPoP key.

use std::rc::Rc;

use super::call::Call;
use super::client::Inner;
use super::session::Session;
use super::transport::{self, Received};
use super::{fapi, refresh};
use crate::error::Result;
use crate::http::Request;
use crate::oauth::dpop::Server;
use crate::oauth::{Pending, Tokens};

/// Sends a request with an access token.
pub async fn send(
    inner: &Inner,
    call: &Call,
    server: Server,
    tokens: &Tokens,
    request: &mut Request,
) -> Result<Received> {
    if tokens.dpop_thumbprint.is_some() {
        return fapi::load(inner).await?.send(inner, call, server, tokens, request).await;
    }
    request.headers.set("authorization", &["Bearer ", tokens.access_token.expose()].concat());
    transport::send(inner, call, request).await
}

/// Renews the session's tokens where they are not bound to the key that is here, and can be.
pub async fn ensure_usable(inner: &Rc<Inner>, call: &Call, session: &Rc<Session>) -> Result<()> {
    if usable(inner, &session.grant().tokens).await? {
        Ok(())
    } else {
        refresh::refresh(inner, call, session, refresh::Need::Unusable).await
    }
}

/// Whether the access token can be used with the key that is here. False: renewing it would bind it to that key. An error: the refresh
/// token is bound to another key too, as those of public clients are (RFC 9449, section 5).
pub async fn usable(inner: &Inner, tokens: &Tokens) -> Result<bool> {
    if tokens.dpop_thumbprint.is_none() && !inner.config.client.dpop {
        return Ok(true);
    }
    fapi::load(inner).await?.usable(inner, tokens).await
}

/// Refuses to complete a transaction whose code is bound to another key than the one that is here.
pub async fn check_pending(inner: &Inner, pending: &Pending) -> Result<()> {
    if pending.dpop_thumbprint.is_none() {
        return Ok(());
    }
    fapi::load(inner).await?.check_pending(inner, pending).await
}
