//! The token store as the core sees it.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::client::Inner;
use crate::error::{Class, Error, Result};

/// A stored value and its version.
pub struct Entry {
    /// The opaque text.
    pub value: String,
    /// What compare-and-swap compares.
    pub version: String,
}

/// Reads a key.
pub async fn get(inner: &Inner, key: &str) -> Result<Option<Entry>> {
    let found = JsFuture::from(inner.edge.store_get(key)).await.map_err(|_| failed("get"))?;
    if found.is_null() || found.is_undefined() {
        return Ok(None);
    }
    let text =
        |name: &str| Reflect::get(&found, &JsValue::from_str(name)).ok().and_then(|text| text.as_string());
    match (text("value"), text("version")) {
        (Some(value), Some(version)) => Ok(Some(Entry { value, version })),
        _ => Err(failed("get")),
    }
}

/// Writes a key whose version is still `version` (none: absent); `value` none deletes. False where another was quicker.
pub async fn swap(inner: &Inner, key: &str, version: Option<&str>, value: Option<&str>) -> Result<bool> {
    let swapped = JsFuture::from(inner.edge.store_swap(key, version, value))
        .await
        .map_err(|_| failed("compareAndSwap"))?;
    swapped.as_bool().ok_or_else(|| failed("compareAndSwap"))
}

/// Writes a key whatever stands there.
pub async fn put(inner: &Inner, key: &str, value: Option<&str>) -> Result<()> {
    // Each round loses only to somebody else's write, so a handful is plenty.
    for _ in 0..8 {
        let version = get(inner, key).await?.map(|entry| entry.version);
        if swap(inner, key, version.as_deref(), value).await? {
            return Ok(());
        }
    }
    Err(failed("compareAndSwap"))
}

fn failed(method: &str) -> Error {
    let message =
        ["The token store's ", method, " failed or gave something that the interface does not allow."]
            .concat();
    let mut error = Error::new(Class::Configuration, "token_store_failed", &message);
    error.retryable = true;
    error
}
