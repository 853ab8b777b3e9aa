//! Requests that the authorization server is to know the client by: each attempt has an assertion and a proof of its own.

use std::rc::Rc;

use super::proof;
use crate::error::{Error, Kind, Result};
use crate::http::Request;
use crate::json::{self, Value};
use crate::oauth::ClientAuth;
use crate::oauth::assertion::{self, ClientKey};
use crate::oauth::dpop::{Server, asks_for_nonce};
use crate::wasm::call::Call;
use crate::wasm::client::Inner;
use crate::wasm::crypto;
use crate::wasm::reply::ask;
use crate::wasm::transport::{self, Received};

/// Sends a request to the authorization server; `proved`: with a DPoP proof. Where the server asks for a nonce, it has not looked at the
/// request, which is then sent once more (RFC 9449, section 8).
pub async fn post(inner: &Inner, call: &Call, request: &Request, proved: bool) -> Result<Received> {
    let received = attempt(inner, call, request, proved).await?;
    if proved
        && asks_for_nonce(Server::Authorization, &received.response).map_err(|error| call.note(error))?
    {
        return attempt(inner, call, request, proved).await;
    }
    Ok(received)
}

async fn attempt(inner: &Inner, call: &Call, request: &Request, proved: bool) -> Result<Received> {
    let mut request = request.clone();
    let client = &inner.config.client;
    if client.auth == ClientAuth::PrivateKey {
        let key = client_key(inner).await?;
        let issuer = &inner.config.environment.issuer;
        let input = assertion::signing_input(&key, &client.id, issuer, inner.server_now())?;
        assertion::attach(&mut request, &crypto::sign(inner, false, input).await?);
    }
    if proved {
        let key = proof::key(inner, call).await?;
        proof::prove(inner, &key, Server::Authorization, &mut request, None).await?;
    }
    let received = transport::send(inner, call, &request).await?;
    inner.learned.nonces.borrow_mut().keep(Server::Authorization, &request.url, &received.response);
    Ok(received)
}

async fn client_key(inner: &Inner) -> Result<Rc<ClientKey>> {
    if let Some(key) = inner.learned.client_key.borrow().clone() {
        return Ok(key);
    }
    let told = crypto::text(ask(|slot| inner.edge.client_key(slot))).await?.unwrap_or_default();
    let value = json::parse(told.as_bytes()).unwrap_or(Value::Null);
    let text = |name: &str| value.get(name).and_then(Value::as_text).map(String::from);
    let Some(algorithm) = text("alg") else {
        return Err(Error::with_detail(
            Kind::InternalError,
            ": the platform did not describe the client's key",
        ));
    };
    let key = Rc::new(ClientKey { algorithm, kid: text("kid") });
    *inner.learned.client_key.borrow_mut() = Some(key.clone());
    Ok(key)
}
