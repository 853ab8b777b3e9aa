//! UserInfo.

use std::rc::Rc;

use super::{discovery, openid};
use crate::engine::api::read;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::executor::LocalBoxFuture;
use crate::engine::session::lookup;
use crate::error::{Error, Kind, Result};
use crate::http::Request;
use crate::oauth::dpop::Server;
use crate::oauth::userinfo;

/// The loaded module.
#[derive(Clone, Copy)]
pub struct LazyModule(());

/// Loads it with the module that verifies ID tokens, unless it is loaded.
pub async fn load(client: &Client) -> Result<LazyModule> {
    openid::load(client).await?;
    Ok(LazyModule(()))
}

impl LazyModule {
    /// Returns what the bank says of the customer, as JSON.
    #[inline(never)]
    pub fn user_info<'a>(
        self,
        client: &'a Rc<Client>,
        call: &'a Call,
        key: &'a str,
    ) -> LocalBoxFuture<'a, Result<String>> {
        Box::pin(async move { info(client, call, key).await })
    }
}

async fn info(client: &Rc<Client>, call: &Call, key: &str) -> Result<String> {
    let session = lookup::require(client, key).await?;
    let identity = session.grant().tokens.identity.clone();
    let Some(identity) = identity else {
        return Err(Error::of(Kind::OpenidNeeded));
    };
    let metadata = discovery::metadata(client, call).await?;
    let Some(endpoint) = metadata.userinfo_endpoint.clone() else {
        return Err(Error::of(Kind::UserinfoUnsupported));
    };
    let received =
        read::send_authorized(client, call, &session, Server::Authorization, Request::get(endpoint)).await?;
    userinfo::check(&received.response, &identity.subject).map_err(|error| call.attach_context(error))
}
