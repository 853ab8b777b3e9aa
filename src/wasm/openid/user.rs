//! UserInfo.

use std::rc::Rc;

use crate::error::{Class, Error, Result};
use crate::http::Request;
use crate::oauth::dpop::Server;
use crate::oauth::metadata::unsupported;
use crate::oauth::userinfo;
use crate::wasm::call::Call;
use crate::wasm::client::Inner;
use crate::wasm::{authorize, read, session};

/// What the bank says of the customer, as JSON.
pub async fn info(inner: &Rc<Inner>, call: &Call, key: &str) -> Result<String> {
    let session = session::require(inner, key).await?;
    let identity = session.grant().tokens.identity.clone();
    let Some(identity) = identity else {
        return Err(Error::new(
            Class::Configuration,
            "openid_needed",
            "userInfo needs a session with the scope openid: its answer is compared with the ID token.",
        ));
    };
    let metadata = authorize::metadata(inner, call).await?;
    let Some(endpoint) = metadata.userinfo_endpoint.clone() else {
        return Err(unsupported("userinfo_unsupported", "userinfo_endpoint"));
    };
    let received = read::ask(inner, call, &session, Server::Authorization, Request::get(endpoint)).await?;
    userinfo::check(&received.response, &identity.subject).map_err(|error| call.note(error))
}
