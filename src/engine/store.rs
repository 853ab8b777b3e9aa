//! The token store as flows see it.

use super::client::Client;
use super::effect::{Effect, Id};
use super::event::Answer;
use super::io::{Io, Pending};
use crate::error::{Cause, Error, Kind, Result};
use crate::json::{self, Value};
use crate::redact;
use std::rc::Rc;

/// A store that has not answered after so many milliseconds has failed.
const STORE_TIMEOUT: i64 = 20_000;
/// A wait for a lock that takes longer, in milliseconds, is given up. No refresh takes as long.
pub const LOCK_TIMEOUT: i64 = 330_000;
/// A compare-and-swap that lost so often in a row has failed: each round loses only to another process's write.
const MOST_ROUNDS: usize = 8;

/// A stored value and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The opaque text.
    pub value: String,
    /// What compare-and-swap compares.
    pub version: String,
}

/// What to do with an entry.
pub enum Change {
    /// Write this value; `None` deletes.
    Write(Option<String>),
    /// Leave it as it is.
    Keep,
}

/// Reads a key.
pub async fn get(client: &Client, key: &str) -> Result<Option<Entry>> {
    let asked = client.io.request(|id| Effect::StoreGet { id, client: client.number, key: key.into() });
    match answer(client, asked, "get", None).await? {
        Answer::Nothing => Ok(None),
        Answer::Entry { value, version } => Ok(Some(Entry { value, version })),
        _ => Err(failed("get")),
    }
}

/// Writes a key whose version is still `version` (`None`: absent); the value `None` deletes. Returns false if another write was quicker.
pub async fn swap(client: &Client, key: &str, version: Option<&str>, value: Option<&str>) -> Result<bool> {
    let asked = client.io.request(|id| Effect::StoreSwap {
        id,
        client: client.number,
        key: key.into(),
        version: version.map(String::from),
        value: value.map(String::from),
    });
    match answer(client, asked, "compareAndSwap", value).await? {
        Answer::Flag(swapped) => Ok(swapped),
        _ => Err(failed("compareAndSwap")),
    }
}

/// Compare-and-swap: reads a key, lets `decide` say what to do with its entry, and starts again if another write was quicker. Returns
/// whether it wrote.
pub async fn update(
    client: &Client,
    key: &str,
    decide: &mut dyn FnMut(Option<&Entry>) -> Result<Change>,
) -> Result<bool> {
    for _ in 0..MOST_ROUNDS {
        let entry = get(client, key).await?;
        let Change::Write(value) = decide(entry.as_ref())? else { return Ok(false) };
        let version = entry.map(|entry| entry.version);
        if (version.is_none() && value.is_none())
            || swap(client, key, version.as_deref(), value.as_deref()).await?
        {
            return Ok(true);
        }
    }
    Err(failed("compareAndSwap"))
}

/// Writes a key, whatever is stored there.
pub async fn put(client: &Client, key: &str, value: Option<&str>) -> Result<()> {
    update(client, key, &mut |_| Ok(Change::Write(value.map(String::from)))).await.map(drop)
}

/// A lock of the store's own; it is released when this is dropped.
pub struct StoreLock {
    io: Rc<Io>,
    lock: Id,
}

/// Takes the store's own lock of a key, and waits for its holder.
pub async fn lock(client: &Client, key: &str) -> Result<StoreLock> {
    let asked = client.io.request(|id| Effect::Lock { id, client: client.number, key: key.into() });
    // Before it is granted, so that a wait that is given up takes the request back.
    let lock = StoreLock { io: client.io.clone(), lock: asked.id() };
    match client.io.within(LOCK_TIMEOUT, Box::pin(asked)).await {
        Some(Ok(_)) => Ok(lock),
        Some(Err(causes)) => Err(failure(client, "withLock", causes, None)),
        None => {
            let mut error = failed("withLock");
            error.causes.push(Cause {
                name: "Error".into(),
                message: "`withLock` did not run its work within 330 s.".into(),
                code: None,
            });
            Err(error)
        }
    }
}

impl StoreLock {
    /// Returns whether the lock is still this process's, as far as the store knows.
    pub async fn is_held(&self, client: &Client) -> Result<bool> {
        let asked = client.io.request(|id| Effect::IsHeld { id, lock: self.lock });
        Ok(answer(client, asked, "withLock", None).await? == Answer::Flag(true))
    }
}

impl Drop for StoreLock {
    fn drop(&mut self) {
        self.io.ask(Effect::Unlock { lock: self.lock });
    }
}

async fn answer(client: &Client, asked: Pending, method: &str, value: Option<&str>) -> Result<Answer> {
    match client.io.within(STORE_TIMEOUT, Box::pin(asked)).await {
        Some(answer) => answer.map_err(|causes| failure(client, method, causes, value)),
        None => Err(failed(method)),
    }
}

/// Returns the error of a store that threw. Its texts may show what the store holds, or the `value` that it was to store.
fn failure(client: &Client, method: &str, causes: Vec<Cause>, value: Option<&str>) -> Error {
    let mut error = failed(method);
    error.causes = causes;
    let mut secrets = client.sessions.secrets();
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

/// Returns the error of a store whose method failed.
pub fn failed(method: &str) -> Error {
    Error::with_detail(Kind::TokenStoreFailed, method)
}
