//! Sessions by key: the newest tokens in memory, the token store behind them.

use core::cell::RefCell;
use std::rc::Rc;

use super::client::Inner;
use super::refresh::Flight;
use super::store;
use crate::error::{Class, Error, Result};
use crate::json::ObjectWriter;
use crate::oauth::Tokens;
use crate::time;

/// So many sessions are kept in memory; the others are read from the store when they are used.
const KEPT: usize = 256;

/// A session that is in memory.
pub struct Session {
    /// The application's key.
    pub key: String,
    /// The newest tokens known here.
    pub tokens: RefCell<Tokens>,
    /// The refresh under way, shared by all who wait for it.
    pub flight: RefCell<Option<Rc<Flight>>>,
}

/// The sessions in memory, the most recently used first.
#[derive(Default)]
pub struct Sessions(RefCell<Vec<Rc<Session>>>);

impl Sessions {
    /// The session of that key, if it is in memory.
    pub fn get(&self, key: &str) -> Option<Rc<Session>> {
        let mut kept = self.0.borrow_mut();
        let place = kept.iter().position(|session| session.key == key)?;
        let session = kept.remove(place);
        kept.insert(0, session.clone());
        Some(session)
    }

    /// Puts tokens under a key.
    pub fn put(&self, key: &str, tokens: Tokens) -> Rc<Session> {
        if let Some(session) = self.get(key) {
            *session.tokens.borrow_mut() = tokens;
            return session;
        }
        let session =
            Rc::new(Session { key: key.into(), tokens: RefCell::new(tokens), flight: RefCell::new(None) });
        let mut kept = self.0.borrow_mut();
        kept.insert(0, session.clone());
        if kept.len() > KEPT {
            // One that a call uses stays: a second copy of it would refresh the same token again.
            let unused = kept.iter().rposition(|session| Rc::strong_count(session) == 1);
            unused.map(|place| kept.remove(place));
        }
        session
    }

    /// Forgets a key.
    pub fn remove(&self, key: &str) {
        self.0.borrow_mut().retain(|session| session.key != key);
    }
}

/// The key under which the store holds a session.
pub fn store_key(key: &str) -> String {
    ["session:", key].concat()
}

/// The session of that key, from memory or the store.
pub async fn find(inner: &Inner, key: &str) -> Result<Option<Rc<Session>>> {
    if let Some(session) = inner.sessions.get(key) {
        return Ok(Some(session));
    }
    let Some(entry) = store::get(inner, &store_key(key)).await? else { return Ok(None) };
    let tokens =
        Tokens::from_stored(&entry.value, &inner.config.client.id, &inner.config.environment.issuer)?;
    Ok(Some(inner.sessions.put(key, tokens)))
}

/// The session of that key, which a caller holds already.
pub async fn require(inner: &Inner, key: &str) -> Result<Rc<Session>> {
    find(inner, key).await?.ok_or_else(|| {
        let mut error = Error::new(
            Class::OAuth,
            "session_not_found",
            "The token store holds no session under this key: it was revoked or removed. Connect the customer again.",
        );
        error.reauth_required = true;
        error
    })
}

/// Stores tokens under a key, then uses them (R3).
pub async fn save(inner: &Inner, key: &str, tokens: Tokens) -> Result<Rc<Session>> {
    let stored = tokens.to_stored(&inner.config.client.id, &inner.config.environment.issuer);
    store::put(inner, &store_key(key), Some(&stored)).await?;
    Ok(inner.sessions.put(key, tokens))
}

/// What the `Session` object shows: `{ expiresAt?, scope }`.
pub fn describe(session: &Session) -> String {
    let tokens = session.tokens.borrow();
    let mut out = ObjectWriter::new();
    out.optional("expiresAt", tokens.expires_at.map(time::to_rfc3339).as_deref());
    out.text("scope", &tokens.scope).finish()
}
