//! The token store as the core sees it.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};

use super::alarm::Alarm;
use super::client::Inner;
use super::edge::HeldLock;
use super::reply::{Answer, ask};
use crate::error::{Cause, Error, Kind, Result};
use crate::json::{self, Value};
use crate::redact;

/// A store that has not answered after so many milliseconds has failed.
const PATIENCE_MS: i64 = 20_000;

/// A stored value and its version.
pub struct Entry {
    /// The opaque text.
    pub value: String,
    /// What compare-and-swap compares.
    pub version: String,
}

/// Reads a key.
pub async fn get(inner: &Inner, key: &str) -> Result<Option<Entry>> {
    let found = answer(inner, ask(|slot| inner.edge.store_get(key, slot)), "get", None).await?;
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
    let asked = ask(|slot| inner.edge.store_swap(key, version, value, slot));
    let swapped = answer(inner, asked, "compareAndSwap", value).await?;
    swapped.as_bool().ok_or_else(|| failed("compareAndSwap"))
}

/// Writes a key whatever stands there.
pub async fn put(inner: &Inner, key: &str, value: Option<&str>) -> Result<()> {
    // Each round loses only to somebody else's write, so a handful is plenty.
    for _ in 0..8 {
        let version = get(inner, key).await?.map(|entry| entry.version);
        if (version.is_none() && value.is_none()) || swap(inner, key, version.as_deref(), value).await? {
            return Ok(());
        }
    }
    Err(failed("compareAndSwap"))
}

/// A lock of the store's own; it ends when this is dropped.
pub struct Lock(HeldLock);

/// Takes the store's own lock of a key, and waits for its holder.
pub async fn lock(inner: &Inner, key: &str) -> Result<Lock> {
    let granted = ask(|slot| inner.edge.store_lock(key, slot)).await;
    granted.map(|held| Lock(held.unchecked_into())).map_err(|causes| failure(inner, "withLock", causes, None))
}

impl Lock {
    /// Whether the lock is still this process's, as far as the store knows.
    pub async fn is_held(&self, inner: &Inner) -> Result<bool> {
        let held = answer(inner, ask(|slot| inner.edge.still_held(&self.0, slot)), "withLock", None).await?;
        Ok(held.as_bool().unwrap_or_default())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.release();
    }
}

async fn answer(inner: &Inner, asked: Answer, method: &str, value: Option<&str>) -> Result<JsValue> {
    let waited = Alarm::set(&inner.edge, PATIENCE_MS, &JsValue::UNDEFINED).race(Box::pin(asked)).await;
    match waited {
        Ok(answer) => answer.map_err(|causes| failure(inner, method, causes, value)),
        Err(_) => Err(failed(method)),
    }
}

/// The error where the store threw. What it says may show what it holds, or the `value` that it was to store.
fn failure(inner: &Inner, method: &str, causes: Vec<Cause>, value: Option<&str>) -> Error {
    let mut error = failed(method);
    error.causes = causes;
    let mut secrets = inner.sessions.secrets();
    let value = value.and_then(|value| json::parse(value.as_bytes()).ok()).unwrap_or(Value::Null);
    for name in ["accessToken", "refreshToken", "idToken"] {
        secrets.extend(value.get(name).and_then(Value::as_text).map(String::from));
    }
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    error = error.without(&secrets);
    for cause in &mut error.causes {
        cause.message = redact::stored(&cause.message);
    }
    error
}

/// The error where a method of the store failed.
pub fn failed(method: &str) -> Error {
    Error::with_detail(Kind::TokenStoreFailed, method)
}
