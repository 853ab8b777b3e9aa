//! Access tokens that are bound to a DPoP key: each attempt has a proof of its own.

use std::rc::Rc;

use crate::error::{Error, Kind, Result};
use crate::http::Request;
use crate::oauth::dpop::{self, ProofKey, Server};
use crate::oauth::jws::Algorithm;
use crate::oauth::{Pending, Tokens, token};
use crate::wasm::call::Call;
use crate::wasm::client::Inner;
use crate::wasm::reply::ask;
use crate::wasm::transport::{self, Received};
use crate::wasm::{authorize, crypto};

/// Sends a request with a bound access token. Where the server asks for a nonce, it is sent once more, with another proof.
pub async fn send(
    inner: &Inner,
    call: &Call,
    server: Server,
    tokens: &Tokens,
    request: &mut Request,
) -> Result<Received> {
    let token = tokens.access_token.expose();
    request.headers.set("authorization", &["DPoP ", token].concat());
    let key = key(inner, call).await?;
    let mut again = true;
    loop {
        prove(inner, &key, server, request, Some(token)).await?;
        let received = transport::send(inner, call, request).await?;
        inner.learned.nonces.borrow_mut().keep(server, &request.url, &received.response);
        let asks = dpop::asks_for_nonce(server, &received.response).map_err(|error| call.note(error))?;
        if !(asks && again) {
            return Ok(received);
        }
        again = false;
    }
}

/// Puts a new proof into a request.
pub async fn prove(
    inner: &Inner,
    key: &ProofKey,
    server: Server,
    request: &mut Request,
    token: Option<&str>,
) -> Result<()> {
    let nonce = inner.learned.nonces.borrow().get(server, &request.url).map(String::from);
    let input =
        key.signing_input(request.method, &request.url, token, nonce.as_deref(), inner.server_now())?;
    request.headers.set("dpop", &crypto::sign(inner, true, input).await?);
    Ok(())
}

/// The key that tokens are bound to; makes one where there is none, with an algorithm that the server supports.
pub async fn key(inner: &Inner, call: &Call) -> Result<Rc<ProofKey>> {
    if let Some(key) = inner.learned.proof_key.borrow().clone() {
        return Ok(key);
    }
    let metadata = authorize::metadata(inner, call).await?;
    let supported = metadata.dpop_algorithms.as_deref();
    let key = load(inner, Some(dpop::algorithm(supported)?)).await?.ok_or_else(dpop::unsupported)?;
    let fits = |name: &String| Algorithm::named(name) == Algorithm::named(&key.algorithm);
    if supported.is_some_and(|names| !names.iter().any(fits)) {
        return Err(dpop::unsupported());
    }
    Ok(key)
}

async fn load(inner: &Inner, algorithm: Option<&str>) -> Result<Option<Rc<ProofKey>>> {
    if let Some(key) = inner.learned.proof_key.borrow().clone() {
        return Ok(Some(key));
    }
    let told =
        crypto::text(ask(|slot| inner.edge.proof_key(&inner.config.environment.issuer, algorithm, slot)))
            .await?;
    let key = told.and_then(|told| ProofKey::parse(&told)).map(Rc::new);
    inner.learned.proof_key.borrow_mut().clone_from(&key);
    Ok(key)
}

/// Whether the access token can be used with the key that is here. False: renewing it would bind it to that key. An error: the refresh
/// token is bound to another key too, as those of public clients are (RFC 9449, section 5).
pub async fn usable(inner: &Inner, tokens: &Tokens) -> Result<bool> {
    let client = &inner.config.client;
    let bound = &tokens.dpop_thumbprint;
    if !client.dpop {
        return if bound.is_none() { Ok(true) } else { Err(dpop_is_off()) };
    }
    let key = load(inner, None).await?;
    let here = key.map(|key| key.thumbprint.clone());
    if bound.is_some() && *bound == here {
        return Ok(true);
    }
    let renewable = tokens.refresh_token.is_some() && (bound.is_none() || client.is_confidential());
    match bound {
        _ if renewable => Ok(false),
        Some(_) => Err(dpop::lost_key()),
        None => Err(token::not_bound()),
    }
}

/// Refuses to complete a transaction whose code is bound to another key than the one that is here.
pub async fn check_pending(inner: &Inner, pending: &Pending) -> Result<()> {
    let Some(bound) = &pending.dpop_thumbprint else { return Ok(()) };
    if !inner.config.client.dpop {
        return Err(dpop_is_off());
    }
    match load(inner, None).await? {
        Some(key) if key.thumbprint == *bound => Ok(()),
        _ => Err(dpop::lost_key()),
    }
}

fn dpop_is_off() -> Error {
    Error::of(Kind::DpopIsOff)
}
