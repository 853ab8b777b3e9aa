//! What has to do with the customer as a user of the bank: UserInfo and logging out.

use std::rc::Rc;

use super::call::Call;
use super::client::Inner;
use super::{authorize, read, session};
use crate::error::{Class, Error, Result};
use crate::http::Request;
use crate::json::{self, Fields, Value};
use crate::oauth::dpop::Server;
use crate::oauth::{Secret, logout, userinfo};

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

/// The URL that logs the customer out: of a session in memory, or of none.
pub fn logout_url(inner: &Inner, key: &str, options: &str) -> Result<String> {
    let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
    let read = || {
        let fields = Fields::of("", &value)?;
        fields.only(&["postLogoutRedirectUri", "state"])?;
        Ok((fields.text("postLogoutRedirectUri")?, fields.text("state")?))
    };
    let (redirect_uri, state) = read().map_err(Error::option)?;
    let tokens = inner.sessions.get(key).map(|session| session.grant().tokens.clone());
    let (kept, id_token) = tokens.map_or((None, None), |tokens| (tokens.logout_endpoint, tokens.id_token));
    let known = inner.metadata.borrow().as_ref().and_then(|metadata| metadata.end_session_endpoint.clone());
    let Some(endpoint) = known.or(kept) else {
        return Err(unsupported("logout_unsupported", "end_session_endpoint"));
    };
    let id_token = id_token.as_ref().map(Secret::expose);
    Ok(logout::url(&endpoint, &inner.config.client.id, id_token, redirect_uri, state))
}

fn unsupported(code: &str, endpoint: &str) -> Error {
    Error::new(Class::OAuth, code, &["The authorization server's metadata names no ", endpoint, "."].concat())
}
