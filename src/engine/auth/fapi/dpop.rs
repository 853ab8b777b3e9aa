//! Access tokens that are bound to a DPoP key: each attempt has a proof of its own.
//!
//! Rule: `docs/security.md#dpop-scheme`.

use std::rc::Rc;

use crate::engine::auth::{crypto, discovery};
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::effect::Effect;
use crate::engine::transport::{self, Attempt, Received};
use crate::error::{Error, Kind, Result};
use crate::http::Request;
use crate::oauth::dpop::{self, ProofKey, Server};
use crate::oauth::jws::Algorithm;
use crate::oauth::{Pending, Tokens, token};

/// Sends a request with a bound access token. Where the server asks for a nonce, it is sent once more, with another proof.
pub async fn send(
    client: &Client,
    call: &Call,
    attempt: &Attempt,
    server: Server,
    tokens: &Tokens,
    request: &mut Request,
) -> Result<Received> {
    let token = tokens.access_token.expose();
    request.headers.set("authorization", &["DPoP ", token].concat());
    let key = key(client, call).await?;
    let mut again = true;
    loop {
        prove(client, &key, server, request, Some(token)).await?;
        let received = transport::send(client, call, attempt, request).await?;
        client.server.nonces.borrow_mut().keep(server, &request.url, &received.response);
        let asks =
            dpop::asks_for_nonce(server, &received.response).map_err(|error| call.attach_context(error))?;
        if !(asks && again) {
            return Ok(received);
        }
        again = false;
    }
}

/// Puts a new proof into a request.
pub async fn prove(
    client: &Client,
    key: &ProofKey,
    server: Server,
    request: &mut Request,
    token: Option<&str>,
) -> Result<()> {
    let jti = client.io.random_token().await?;
    let nonce = client.server.nonces.borrow().get(server, &request.url).map(String::from);
    let input =
        key.signing_input(request.method, &request.url, token, nonce.as_deref(), &jti, client.server_now());
    request.headers.set("dpop", &crypto::sign(client, true, input).await?);
    Ok(())
}

/// The key that tokens are bound to; makes one where there is none, with an algorithm that the server supports.
pub async fn key(client: &Client, call: &Call) -> Result<Rc<ProofKey>> {
    if let Some(key) = client.server.proof_key.borrow().clone() {
        return Ok(key);
    }
    let metadata = discovery::metadata(client, call).await?;
    let supported = metadata.dpop_algorithms.as_deref();
    let key = load(client, Some(dpop::algorithm(supported)?)).await?.ok_or_else(dpop::unsupported)?;
    let fits = |name: &String| Algorithm::named(name) == Algorithm::named(&key.algorithm);
    if supported.is_some_and(|names| !names.iter().any(fits)) {
        return Err(dpop::unsupported());
    }
    Ok(key)
}

async fn load(client: &Client, algorithm: Option<&str>) -> Result<Option<Rc<ProofKey>>> {
    if let Some(key) = client.server.proof_key.borrow().clone() {
        return Ok(Some(key));
    }
    let asked = client.io.request(|id| Effect::ProofKey {
        id,
        client: client.number,
        issuer: client.config.environment.issuer.clone(),
        algorithm: algorithm.map(String::from),
    });
    let description = crypto::text(asked).await?;
    let key = description.and_then(|description| ProofKey::parse(&description)).map(Rc::new);
    client.server.proof_key.borrow_mut().clone_from(&key);
    Ok(key)
}

/// Whether the access token can be used with the key that is here. False: renewing it would bind it to that key. An error: the refresh
/// token is bound to another key too, as those of public clients are (RFC 9449, section 5).
pub async fn is_bound_to_current_key(client: &Client, tokens: &Tokens) -> Result<bool> {
    let config = &client.config.client;
    let bound = &tokens.dpop_thumbprint;
    if !config.dpop {
        return if bound.is_none() { Ok(true) } else { Err(dpop_is_off()) };
    }
    let key = load(client, None).await?;
    let here = key.map(|key| key.thumbprint.clone());
    if bound.is_some() && *bound == here {
        return Ok(true);
    }
    let renewable = tokens.refresh_token.is_some() && (bound.is_none() || config.is_confidential());
    match bound {
        _ if renewable => Ok(false),
        Some(_) => Err(dpop::lost_key()),
        None => Err(token::not_bound()),
    }
}

/// Refuses to complete a transaction whose code is bound to another key than the one that is here.
pub async fn check_pending(client: &Client, pending: &Pending) -> Result<()> {
    let Some(bound) = &pending.dpop_thumbprint else { return Ok(()) };
    if !client.config.client.dpop {
        return Err(dpop_is_off());
    }
    match load(client, None).await? {
        Some(key) if key.thumbprint == *bound => Ok(()),
        _ => Err(dpop::lost_key()),
    }
}

fn dpop_is_off() -> Error {
    Error::of(Kind::DpopIsOff)
}
