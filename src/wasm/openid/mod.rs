//! OpenID Connect, loaded once an ID token is due: its verification, the server's keys, UserInfo.

mod keys;
mod user;
mod verification;

use std::rc::Rc;

use super::call::Call;
use super::client::Inner;
use super::{crypto, part};
use crate::engine::LocalBoxFuture;
use crate::error::Result;
use crate::oauth::id_token::Identity;
use crate::oauth::{Metadata, Tokens};

pub use verification::Wanted;

/// The part, loaded.
#[derive(Clone, Copy)]
pub struct Part(());

/// Loads it, unless it is there. An error where the platform can't verify the ID tokens that it is loaded for.
pub async fn load(inner: &Inner) -> Result<Part> {
    crypto::check(&inner.edge)?;
    part::load(inner, "openid").await?;
    Ok(Part(()))
}

impl Part {
    /// Sees to it that the authorization server's keys are known.
    #[inline(never)]
    pub fn have_keys<'a>(
        self,
        inner: &'a Inner,
        call: &'a Call,
        metadata: &'a Metadata,
    ) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move { keys::key_set(inner, call, metadata).await.map(drop) })
    }

    /// Checks an ID token's claims, then its signature; the latter is an error of its own where the keys can't be had.
    #[inline(never)]
    pub fn verify<'a>(
        self,
        inner: &'a Inner,
        call: &'a Call,
        id_token: &'a str,
        tokens: &'a Tokens,
        wanted: Wanted<'a>,
    ) -> LocalBoxFuture<'a, Result<(Identity, Result<bool>)>> {
        Box::pin(async move { verification::verified(inner, call, id_token, tokens, wanted).await })
    }

    /// What the bank says of the customer, as JSON.
    #[inline(never)]
    pub fn user_info<'a>(
        self,
        inner: &'a Rc<Inner>,
        call: &'a Call,
        key: &'a str,
    ) -> LocalBoxFuture<'a, Result<String>> {
        Box::pin(async move { user::info(inner, call, key).await })
    }
}
