//! Requests that the authorization server is to know the client by: each attempt has an assertion and a proof of its own.

use std::rc::Rc;

use super::dpop;
use crate::engine::auth::crypto;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::effect::Effect;
use crate::engine::transport::{self, Attempt, Received};
use crate::error::{Error, Kind, Result};
use crate::http::Request;
use crate::json::{self, Value};
use crate::oauth::ClientAuth;
use crate::oauth::assertion::{self, ClientKey};
use crate::oauth::dpop::{Server, asks_for_nonce};

/// Sends a request to the authorization server; `proved`: with a DPoP proof. Where the server asks for a nonce, it has not looked at the
/// request, which is then sent once more (RFC 9449, section 8).
pub async fn post(client: &Client, call: &Call, request: &Request, proved: bool) -> Result<Received> {
    let received = attempt(client, call, request, proved).await?;
    if proved
        && asks_for_nonce(Server::Authorization, &received.response)
            .map_err(|error| call.attach_context(error))?
    {
        return attempt(client, call, request, proved).await;
    }
    Ok(received)
}

async fn attempt(client: &Client, call: &Call, request: &Request, proved: bool) -> Result<Received> {
    let mut request = request.clone();
    let config = &client.config.client;
    if config.auth == ClientAuth::PrivateKey {
        let key = client_key(client).await?;
        let issuer = &client.config.environment.issuer;
        let input = assertion::signing_input(
            &key,
            &config.id,
            issuer,
            &client.io.random_token().await?,
            client.server_now(),
        );
        assertion::attach(&mut request, &crypto::sign(client, false, input).await?);
    }
    if proved {
        let key = dpop::key(client, call).await?;
        dpop::prove(client, &key, Server::Authorization, &mut request, None).await?;
    }
    let received = transport::send(client, call, &Attempt::default(), &request).await?;
    client.server.nonces.borrow_mut().keep(Server::Authorization, &request.url, &received.response);
    Ok(received)
}

async fn client_key(client: &Client) -> Result<Rc<ClientKey>> {
    if let Some(key) = client.server.client_key.borrow().clone() {
        return Ok(key);
    }
    let asked = client.io.request(|id| Effect::ClientKey { id, client: client.number });
    let description = crypto::text(asked).await?.unwrap_or_default();
    let value = json::parse(description.as_bytes()).unwrap_or(Value::Null);
    let text = |name: &str| value.get(name).and_then(Value::as_text).map(String::from);
    let Some(algorithm) = text("alg") else {
        return Err(Error::with_detail(
            Kind::InternalError,
            ": the platform did not describe the client's key",
        ));
    };
    let key = Rc::new(ClientKey { algorithm, kid: text("kid") });
    *client.server.client_key.borrow_mut() = Some(key.clone());
    Ok(key)
}
