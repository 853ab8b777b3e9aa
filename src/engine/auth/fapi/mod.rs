//! What FAPI 2.0 adds, loaded for clients that use any of it: DPoP, private_key_jwt, PAR, rich authorization requests.

mod assertion;
mod dpop;
mod pushed;

use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::executor::LocalBoxFuture;
use crate::engine::transport::{Attempt, Received};
use crate::error::{Error, Result};
use crate::http::Request;
use crate::oauth::dpop::Server;
use crate::oauth::{AuthorizationRequest, Metadata, Pending, Tokens, details};
use crate::options;

/// The loaded module.
#[derive(Clone, Copy)]
pub struct LazyModule(());

/// Loads it, unless it is loaded.
pub async fn load(client: &Client) -> Result<LazyModule> {
    client.modules.load(&client.io, "fapi").await?;
    Ok(LazyModule(()))
}

impl LazyModule {
    /// Reads the option `authorizationDetails`.
    #[inline(never)]
    pub fn details(self, client: &Client, options: &str) -> Result<Option<String>> {
        let location = client.config.environment.base.as_str();
        options::with_fields(options, |fields| details::parameter(fields, location).map_err(Error::option))
    }

    /// Begins an authorization whose code is bound to a key, or whose parameters are pushed: the URL, and what to keep until the callback.
    #[inline(never)]
    pub fn begin<'a>(
        self,
        client: &'a Client,
        call: &'a Call,
        request: &'a AuthorizationRequest,
        metadata: &'a Metadata,
    ) -> LocalBoxFuture<'a, Result<(String, Pending)>> {
        Box::pin(async move { pushed::begin(client, call, request, metadata).await })
    }

    /// Sends a request to the authorization server with an assertion, a DPoP proof (`proved`), or both.
    #[inline(never)]
    pub fn post<'a>(
        self,
        client: &'a Client,
        call: &'a Call,
        request: &'a Request,
        proved: bool,
    ) -> LocalBoxFuture<'a, Result<Received>> {
        Box::pin(async move { assertion::post(client, call, request, proved).await })
    }

    /// Sends a request with an access token that is bound to a key.
    #[inline(never)]
    pub fn send<'a>(
        self,
        client: &'a Client,
        call: &'a Call,
        attempt: &'a Attempt,
        server: Server,
        tokens: &'a Tokens,
        request: &'a mut Request,
    ) -> LocalBoxFuture<'a, Result<Received>> {
        Box::pin(async move { dpop::send(client, call, attempt, server, tokens, request).await })
    }

    /// Whether tokens can be used with the key that is here.
    #[inline(never)]
    pub fn is_bound_to_current_key<'a>(
        self,
        client: &'a Client,
        tokens: &'a Tokens,
    ) -> LocalBoxFuture<'a, Result<bool>> {
        Box::pin(async move { dpop::is_bound_to_current_key(client, tokens).await })
    }

    /// Refuses to complete a transaction whose code is bound to another key than the one that is here.
    #[inline(never)]
    pub fn check_pending<'a>(
        self,
        client: &'a Client,
        pending: &'a Pending,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move { dpop::check_pending(client, pending).await })
    }
}
