//! The authorization server's keys.

use std::rc::Rc;

use crate::error::{Error, Kind, Result};
use crate::oauth::Metadata;
use crate::oauth::jwk::KeySet;
use crate::wasm::call::Call;
use crate::wasm::client::Inner;
use crate::wasm::retries;

/// The authorization server's keys, asked for where they are not known or too old.
pub async fn key_set(inner: &Inner, call: &Call, metadata: &Metadata) -> Result<Rc<KeySet>> {
    let known = inner.learned.key_set.borrow().clone();
    match known.filter(|keys| !keys.is_stale(inner.now())) {
        Some(keys) => Ok(keys),
        None => fetch(inner, call, metadata).await,
    }
}

/// Asks for them anew.
pub async fn fetch(inner: &Inner, call: &Call, metadata: &Metadata) -> Result<Rc<KeySet>> {
    inner.learned.asking_keys.run(call.timeout_ms, Box::pin(ask(inner, call, metadata))).await?;
    Ok(inner.learned.key_set.borrow().clone().unwrap_or_default())
}

async fn ask(inner: &Inner, call: &Call, metadata: &Metadata) -> Result<()> {
    let Some(uri) = &metadata.jwks_uri else {
        return Err(Error::of(Kind::JwksUnsupported));
    };
    let received = retries::send(inner, call, &KeySet::request(uri)).await?;
    let keys = KeySet::parse(&received.response, inner.now()).map_err(|error| call.note(error))?;
    *inner.learned.key_set.borrow_mut() = Some(Rc::new(keys));
    Ok(())
}
