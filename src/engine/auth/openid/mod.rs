//! OpenID Connect, loaded once an ID token is due: its verification, the server's keys, UserInfo.

mod keys;
mod verification;

use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::executor::LocalBoxFuture;
use crate::engine::host::check_signatures;
use crate::error::Result;
use crate::oauth::id_token::Identity;
use crate::oauth::{Metadata, Tokens};

pub use verification::Wanted;

/// The loaded module.
#[derive(Clone, Copy)]
pub struct LazyModule(());

/// Loads it, unless it is loaded. An error where the platform can't verify the ID tokens that it is loaded for.
pub async fn load(client: &Client) -> Result<LazyModule> {
    check_signatures(client.signs.get())?;
    client.modules.load(&client.io, "openid").await?;
    Ok(LazyModule(()))
}

impl LazyModule {
    /// Fetches the authorization server's keys, unless they are known.
    #[inline(never)]
    pub fn have_keys<'a>(
        self,
        client: &'a Client,
        call: &'a Call,
        metadata: &'a Metadata,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move { keys::key_set(client, call, metadata).await.map(drop) })
    }

    /// Checks an ID token's claims, then its signature; the latter is an error of its own where the keys can't be had.
    #[inline(never)]
    pub fn verify<'a>(
        self,
        client: &'a Client,
        call: &'a Call,
        id_token: &'a str,
        tokens: &'a Tokens,
        wanted: Wanted<'a>,
    ) -> LocalBoxFuture<'a, Result<(Identity, Result<bool>)>> {
        Box::pin(async move { verification::verified(client, call, id_token, tokens, wanted).await })
    }
}
