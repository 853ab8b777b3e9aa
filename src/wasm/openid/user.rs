//! UserInfo.

use std::rc::Rc;

use crate::error::{Error, Kind, Result};
use crate::http::Request;
use crate::oauth::dpop::Server;
use crate::oauth::userinfo;
use crate::wasm::call::Call;
use crate::wasm::client::Inner;
use crate::wasm::{authorize, read, session};

/// What the bank says of the customer, as JSON.
pub async fn info(inner: &Rc<Inner>, call: &Call, key: &str) -> Result<String> {
    let session = session::require(inner, key).await?;
    let identity = session.grant().tokens.identity.clone();
    let Some(identity) = identity else {
        return Err(Error::of(Kind::OpenidNeeded));
    };
    let metadata = authorize::metadata(inner, call).await?;
    let Some(endpoint) = metadata.userinfo_endpoint.clone() else {
        return Err(Error::of(Kind::UserinfoUnsupported));
    };
    let received = read::ask(inner, call, &session, Server::Authorization, Request::get(endpoint)).await?;
    userinfo::check(&received.response, &identity.subject).map_err(|error| call.note(error))
}
