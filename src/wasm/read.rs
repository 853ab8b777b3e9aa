//! Reading from the API with a session's token.

use std::rc::Rc;

use super::call::Call;
use super::client::Inner;
use super::session::Session;
use super::transport::Received;
use super::{bound, refresh, retries, session, transport, turns};
use crate::aisp;
use crate::error::{Class, Result};
use crate::grant::Grant;
use crate::http::Request;
use crate::oauth::dpop::{Server, is_silent, unreadable_nonce};
use crate::oauth::{Tokens, request_id};

/// Asks the API with the session's access token; what is not 2xx is an error.
pub async fn read(inner: &Rc<Inner>, call: &Call, key: &str, mut request: Request) -> Result<Received> {
    let session = session::require(inner, key).await?;
    prepare(call, &mut request)?;
    call.belongs_to(key);
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
    bound::ensure_usable(inner, call, session).await?;
    refresh::ensure_fresh(inner, call, session).await?;
    let mut used = session.grant();
    let mut received = persist(inner, call, server, &used.tokens, &mut request).await?;
    if has_other_tokens(inner, call, session, &used, &received).await? {
        used = session.grant();
        received = persist(inner, call, server, &used.tokens, &mut request).await?;
    }
    if received.response.is_success() {
        session::watch_consent(inner, session);
        return Ok(received);
    }
    if used.tokens.dpop_thumbprint.is_some() && is_silent(&received.response) {
        return Err(call.note(unreadable_nonce()));
    }
    Err(call.note(aisp::error_response(&received.response)))
}

/// Sends a request with an access token until it is answered, or nothing is left to try. Each attempt waits for a turn of its own.
async fn persist(
    inner: &Inner,
    call: &Call,
    server: Server,
    tokens: &Tokens,
    request: &mut Request,
) -> Result<Received> {
    loop {
        if transport::is_counted(inner, request) {
            // Before a proof is made, which holds for a short time only.
            let turn = turns::take(inner, call).await?;
            call.turn.replace(Some(turn));
        }
        let result = bound::send(inner, call, server, tokens, request).await;
        if let Some(result) = retries::settle(inner, call, request, result).await {
            return result;
        }
    }
}

/// After a refusal that other tokens may lift: whether the session has others now.
async fn has_other_tokens(
    inner: &Rc<Inner>,
    call: &Call,
    session: &Rc<Session>,
    used: &Grant,
    received: &Received,
) -> Result<bool> {
    match received.response.status {
        401 => refresh::replace(inner, call, session, used).await,
        // The customer may have connected anew through another server. A store that fails now does not hide the answer.
        403 if aisp::error_response(&received.response).class == Class::Consent => {
            Ok(session::newer(inner, session).await.unwrap_or(false))
        }
        _ => Ok(false),
    }
}

fn prepare(call: &Call, request: &mut Request) -> Result<()> {
    request.headers.set("x-request-id", &request_id()?);
    let psu = call.psu.borrow();
    for (name, value) in [("psu-ip-address", &psu.ip_address), ("psu-user-agent", &psu.user_agent)] {
        if let Some(value) = value {
            request.headers.set(name, value);
        }
    }
    Ok(())
}
