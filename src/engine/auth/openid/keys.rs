//! The authorization server's keys.

use std::rc::Rc;

use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::retry;
use crate::error::{Error, Kind, Result};
use crate::oauth::Metadata;
use crate::oauth::jwk::KeySet;

/// Returns the authorization server's keys; fetches them if they are unknown or too old.
pub async fn key_set(client: &Client, call: &Call, metadata: &Metadata) -> Result<Rc<KeySet>> {
    let known = client.server.key_set.borrow().clone();
    match known.filter(|keys| !keys.is_stale(client.io.wall())) {
        Some(keys) => Ok(keys),
        None => fetch(client, call, metadata).await,
    }
}

/// Fetches them.
pub async fn fetch(client: &Client, call: &Call, metadata: &Metadata) -> Result<Rc<KeySet>> {
    client.server.key_set_in_flight.run(call.timeout_ms, Box::pin(request(client, call, metadata))).await?;
    Ok(client.server.key_set.borrow().clone().unwrap_or_default())
}

async fn request(client: &Client, call: &Call, metadata: &Metadata) -> Result<()> {
    let Some(uri) = &metadata.jwks_uri else {
        return Err(Error::of(Kind::JwksUnsupported));
    };
    let received = retry::send_plain(client, call, &KeySet::request(uri)).await?;
    let keys =
        KeySet::parse(&received.response, client.io.wall()).map_err(|error| call.attach_context(error))?;
    *client.server.key_set.borrow_mut() = Some(Rc::new(keys));
    Ok(())
}
