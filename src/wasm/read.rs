//! Reading from the API with a session's token.

use std::rc::Rc;

use super::call::Call;
use super::client::Inner;
use super::session::Session;
use super::transport::Received;
use super::{dpop, refresh, session};
use crate::aisp;
use crate::error::Result;
use crate::http::Request;
use crate::oauth::dpop::Server;
use crate::oauth::random_token;

/// Asks the API with the session's access token; what is not 2xx is an error.
pub async fn read(inner: &Rc<Inner>, call: &Call, key: &str, mut request: Request) -> Result<Received> {
    let session = session::require(inner, key).await?;
    prepare(call, &mut request)?;
    ask(inner, call, &session, Server::Api, request).await
}

/// Sends a request with the session's access token; what is not 2xx is an error. A 401 leads to one refresh and one replay.
pub async fn ask(
    inner: &Rc<Inner>,
    call: &Call,
    session: &Rc<Session>,
    server: Server,
    mut request: Request,
) -> Result<Received> {
    dpop::ensure_usable(inner, session).await?;
    refresh::ensure_fresh(inner, session).await?;
    let used = session.tokens.borrow().clone();
    let mut received = dpop::send(inner, call, server, &used, &mut request).await?;
    if received.response.status == 401 && used.refresh_token.is_some() {
        // Another call may have renewed the token while this one was under way.
        if session.tokens.borrow().access_token == used.access_token {
            refresh::refresh(inner, session).await?;
        }
        let renewed = session.tokens.borrow().clone();
        received = dpop::send(inner, call, server, &renewed, &mut request).await?;
    }
    if received.response.is_success() {
        return Ok(received);
    }
    Err(call.note(aisp::error_response(&received.response)))
}

fn prepare(call: &Call, request: &mut Request) -> Result<()> {
    request.headers.set("x-request-id", random_token()?.get(..22).unwrap_or_default());
    for (name, value) in [("psu-ip-address", &call.psu_ip_address), ("psu-user-agent", &call.psu_user_agent)]
    {
        if let Some(value) = value {
            request.headers.set(name, value);
        }
    }
    Ok(())
}
