//! A session as the token store holds it.

use std::rc::Rc;

use crate::engine::client::Client;
use crate::engine::store;
use crate::error::{Error, Kind, Result};
use crate::grant::Grant;

/// Returns the key under which the store holds a session.
pub fn store_key(key: &str) -> String {
    ["session:", key].concat()
}

/// Returns the grant that the store holds, with its version.
pub async fn read(client: &Client, key: &str) -> Result<Option<(Rc<Grant>, String)>> {
    let Some(entry) = store::get(client, &store_key(key)).await? else { return Ok(None) };
    let grant =
        Grant::from_stored(&entry.value, &client.config.client.id, &client.config.environment.issuer)?;
    Ok(Some((Rc::new(grant), entry.version)))
}

/// Returns the error for a session that the store does not have any more.
pub fn gone() -> Error {
    Error::of(Kind::SessionNotFound)
}
