//! Reading from the API with a session's token.

use std::rc::Rc;

use crate::aisp;
use crate::engine::auth::token_binding;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::retry;
use crate::engine::session::registry::Session;
use crate::engine::session::{consent, lookup, refresh};
use crate::engine::transport::{self, Attempt, Received};
use crate::error::{Class, Result};
use crate::grant::Grant;
use crate::http::Request;
use crate::oauth::Tokens;
use crate::oauth::dpop::{Server, is_silent, unreadable_nonce};

/// Asks the API with the session's access token; what is not 2xx is an error.
pub async fn read(client: &Rc<Client>, call: &Call, key: &str, mut request: Request) -> Result<Received> {
    let session = lookup::require(client, key).await?;
    request.headers.set("x-request-id", &client.io.request_id());
    set_psu_headers(call, &mut request);
    send_authorized(client, call, &session, Server::Api, request).await
}

/// Sends a request with the session's access token; what is not 2xx is an error. A 401 leads to one refresh and one replay.
pub async fn send_authorized(
    client: &Rc<Client>,
    call: &Call,
    session: &Rc<Session>,
    server: Server,
    request: Request,
) -> Result<Received> {
    refresh::ensure_bound(client, call, session).await?;
    refresh::ensure_fresh(client, call, session).await?;
    let mut used = session.grant();
    let mut received = send(client, call, server, &used.tokens, &request).await?;
    if has_other_tokens(client, call, session, &used, &received).await? {
        used = session.grant();
        received = send(client, call, server, &used.tokens, &request).await?;
    }
    if received.response.is_success() {
        consent::watch(client, session);
        return Ok(received);
    }
    if used.tokens.dpop_thumbprint.is_some() && is_silent(&received.response) {
        return Err(call.attach_context(unreadable_nonce()));
    }
    Err(call.attach_context(aisp::error_response(&received.response)))
}

/// Sends a request with an access token until a response is final, or nothing is left to try.
async fn send(
    client: &Client,
    call: &Call,
    server: Server,
    tokens: &Tokens,
    request: &Request,
) -> Result<Received> {
    let attempt = Attempt::default();
    retry::send_with_retry(client, call, request, &attempt, &mut || {
        Box::pin(async {
            if transport::is_counted(client, request) {
                // Before a proof is made, which is valid for a short time only.
                attempt.permit.replace(Some(client.queue.acquire(call, &client.events).await?));
            }
            token_binding::send(client, call, &attempt, server, tokens, request).await
        })
    })
    .await
}

/// After a refusal that other tokens may lift: whether the session has others now.
async fn has_other_tokens(
    client: &Rc<Client>,
    call: &Call,
    session: &Rc<Session>,
    used: &Grant,
    received: &Received,
) -> Result<bool> {
    match received.response.status {
        401 => refresh::replace(client, call, session, used).await,
        // The customer may have connected again through another server. A store that fails now does not hide the answer.
        403 if aisp::error_response(&received.response).class == Class::Consent => {
            Ok(lookup::newer(client, session).await.unwrap_or(false))
        }
        _ => Ok(false),
    }
}

fn set_psu_headers(call: &Call, request: &mut Request) {
    let Some(psu) = call.psu() else { return };
    for (name, value) in [("psu-ip-address", &psu.ip_address), ("psu-user-agent", &psu.user_agent)] {
        if let Some(value) = value {
            request.headers.set(name, value);
        }
    }
}
