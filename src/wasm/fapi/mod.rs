//! What FAPI 2.0 adds, loaded for clients that use any of it: DPoP, private_key_jwt, PAR, rich authorization requests.

mod assertion;
mod proof;
mod pushed;

use super::call::Call;
use super::client::Inner;
use super::part;
use super::transport::Received;
use crate::engine::LocalBoxFuture;
use crate::error::{Error, Result};
use crate::http::Request;
use crate::oauth::dpop::Server;
use crate::oauth::{AuthorizationRequest, Metadata, Pending, Tokens, details};
use crate::options;

/// The part, loaded.
#[derive(Clone, Copy)]
pub struct Part(());

/// Loads it, unless it is there.
pub async fn load(inner: &Inner) -> Result<Part> {
    part::load(inner, "fapi").await?;
    Ok(Part(()))
}

impl Part {
    /// Reads the option `authorizationDetails`.
    #[inline(never)]
    pub fn details(self, inner: &Inner, options: &str) -> Result<Option<String>> {
        let location = inner.config.environment.base.as_str();
        options::with_fields(options, |fields| details::parameter(fields, location).map_err(Error::option))
    }

    /// Begins an authorization whose code is bound to a key, or whose parameters are pushed: the URL, and what to keep until the callback.
    #[inline(never)]
    pub fn begin<'a>(
        self,
        inner: &'a Inner,
        call: &'a Call,
        request: &'a AuthorizationRequest,
        metadata: &'a Metadata,
    ) -> LocalBoxFuture<'a, Result<(String, Pending)>> {
        Box::pin(async move { pushed::begin(inner, call, request, metadata).await })
    }

    /// Sends a request to the authorization server with an assertion, a DPoP proof (`proved`), or both.
    #[inline(never)]
    pub fn post<'a>(
        self,
        inner: &'a Inner,
        call: &'a Call,
        request: &'a Request,
        proved: bool,
    ) -> LocalBoxFuture<'a, Result<Received>> {
        Box::pin(async move { assertion::post(inner, call, request, proved).await })
    }

    /// Sends a request with an access token that is bound to a key.
    #[inline(never)]
    pub fn send<'a>(
        self,
        inner: &'a Inner,
        call: &'a Call,
        server: Server,
        tokens: &'a Tokens,
        request: &'a mut Request,
    ) -> LocalBoxFuture<'a, Result<Received>> {
        Box::pin(async move { proof::send(inner, call, server, tokens, request).await })
    }

    /// Whether tokens can be used with the key that is here.
    #[inline(never)]
    pub fn usable<'a>(self, inner: &'a Inner, tokens: &'a Tokens) -> LocalBoxFuture<'a, Result<bool>> {
        Box::pin(async move { proof::usable(inner, tokens).await })
    }

    /// Refuses to complete a transaction whose code is bound to another key than the one that is here.
    #[inline(never)]
    pub fn check_pending<'a>(self, inner: &'a Inner, pending: &'a Pending) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move { proof::check_pending(inner, pending).await })
    }
}
