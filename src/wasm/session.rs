//! Sessions by key: the newest grants in memory, the token store behind them.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use super::client::Inner;
use super::refresh::RefreshInFlight;
use super::{events, keep, store};
use crate::error::{Error, Kind, Result};
use crate::grant::Grant;
use crate::json::ObjectWriter;
use crate::time;

/// So many sessions are kept in memory; the others are read from the store when they are used.
const KEPT: usize = 256;

/// A session that is in memory.
pub struct Session {
    /// The application's key.
    pub key: String,
    grant: RefCell<Rc<Grant>>,
    /// How often the grant was replaced here: what was read from the store before that is old.
    replaced: Cell<u32>,
    /// The refresh under way, shared by all calls that wait for it.
    pub refresh_in_flight: RefCell<Option<Rc<RefreshInFlight>>>,
    /// R4: tokens that the store would not take, and what it should hold for them to be written.
    pub unsaved: RefCell<Option<keep::Over>>,
    /// Whether a task goes on trying to write them.
    pub writing: Cell<bool>,
    /// Which part of the time ahead of a token's end this process uses, 0 to 1000.
    pub jitter: i64,
    /// No early refresh is tried before this instant, because one failed.
    pub refresh_backoff_until: Cell<i64>,
}

impl Session {
    fn new(key: &str, grant: Rc<Grant>, jitter: i64) -> Self {
        Self {
            key: key.into(),
            grant: RefCell::new(grant),
            replaced: Cell::new(0),
            refresh_in_flight: RefCell::new(None),
            unsaved: RefCell::new(None),
            writing: Cell::new(false),
            jitter,
            refresh_backoff_until: Cell::new(0),
        }
    }

    /// The newest grant known here.
    pub fn grant(&self) -> Rc<Grant> {
        self.grant.borrow().clone()
    }

    /// Puts another grant in its place.
    pub fn adopt(&self, grant: Rc<Grant>) {
        *self.grant.borrow_mut() = grant;
        self.replaced.set(self.replaced.get().wrapping_add(1));
        *self.unsaved.borrow_mut() = None;
        self.refresh_backoff_until.set(0);
    }

    /// Notes something about the grant whose tokens stay.
    pub fn note(&self, note: impl FnOnce(&mut Grant)) {
        note(Rc::make_mut(&mut self.grant.borrow_mut()));
    }
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

    /// Puts a grant under a key.
    pub fn put(&self, key: &str, grant: Rc<Grant>, jitter: i64) -> Rc<Session> {
        if let Some(session) = self.get(key) {
            session.adopt(grant);
            return session;
        }
        let session = Rc::new(Session::new(key, grant, jitter));
        let mut kept = self.0.borrow_mut();
        kept.insert(0, session.clone());
        if kept.len() > KEPT {
            // One in use stays, or a second copy would refresh the same token again; so does one that the store does not have.
            let idle =
                |session: &Rc<Session>| Rc::strong_count(session) == 1 && session.unsaved.borrow().is_none();
            kept.iter().rposition(idle).map(|place| kept.remove(place));
        }
        session
    }

    /// The tokens of all of them.
    pub fn secrets(&self) -> Vec<String> {
        self.0.borrow().iter().flat_map(|session| session.grant().tokens.secrets()).collect()
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

/// The grant that the store holds, with its version.
pub async fn stored(inner: &Inner, key: &str) -> Result<Option<(Rc<Grant>, String)>> {
    let Some(entry) = store::get(inner, &store_key(key)).await? else { return Ok(None) };
    let grant = Grant::from_stored(&entry.value, &inner.config.client.id, &inner.config.environment.issuer)?;
    Ok(Some((Rc::new(grant), entry.version)))
}

/// The session of that key as the store has it now; as memory has it while the store fails.
pub async fn restore(inner: &Rc<Inner>, key: &str) -> Result<Option<Rc<Session>>> {
    let session = match inner.sessions.get(key) {
        None => find(inner, key).await?,
        Some(known) => match newer(inner, &known).await {
            Err(error) if matches!(error.kind, Kind::SessionUnreadable | Kind::InvalidStoredSession) => {
                return Err(error);
            }
            _ => inner.sessions.get(key),
        },
    };
    if let Some(session) = &session {
        watch_consent(inner, session);
    }
    Ok(session)
}

/// The session of that key, from memory or the store.
pub async fn find(inner: &Inner, key: &str) -> Result<Option<Rc<Session>>> {
    if let Some(session) = inner.sessions.get(key) {
        return Ok(Some(session));
    }
    let stored = stored(inner, key).await?;
    // Meanwhile another call may have brought it, and renewed it: then what was read is old.
    if let Some(session) = inner.sessions.get(key) {
        return Ok(Some(session));
    }
    Ok(stored.map(|(grant, _)| inner.sessions.put(key, grant, inner.dice(1000))))
}

/// Whether the store has other tokens than those that memory has; then memory has them too. A session that the store lost
/// is forgotten.
pub async fn newer(inner: &Inner, session: &Session) -> Result<bool> {
    let before = session.replaced.get();
    let stored = stored(inner, &session.key).await?;
    let settled = session.unsaved.borrow().is_none() && session.refresh_in_flight.borrow().is_none();
    if session.replaced.get() != before {
        return Ok(true);
    }
    match stored {
        _ if !settled => Ok(false),
        None => {
            inner.sessions.remove(&session.key);
            Ok(false)
        }
        Some((grant, _)) => {
            let other = !grant.is_same(&session.grant());
            if other {
                session.adopt(grant);
            }
            Ok(other)
        }
    }
}

/// The session of that key, which a caller holds already.
pub async fn require(inner: &Inner, key: &str) -> Result<Rc<Session>> {
    find(inner, key).await?.ok_or_else(gone)
}

/// The error for a session that the store does not have any more.
pub fn gone() -> Error {
    Error::of(Kind::SessionNotFound)
}

/// Puts the grant of a completed authorization under a key, in the store first (R3). It replaces what stands there.
pub async fn begin(inner: &Rc<Inner>, key: &str, grant: Rc<Grant>) -> Result<Rc<Session>> {
    let known = inner.sessions.get(key);
    let session = known.unwrap_or_else(|| inner.sessions.put(key, grant.clone(), inner.dice(1000)));
    keep::write(inner, &session, grant, keep::Over::Anything).await?;
    watch_consent(inner, &session);
    Ok(session)
}

/// Learns from accounts when the consent ends. The first page of a list tells it anew, anything else may bring it nearer.
pub fn learn_consent(inner: &Rc<Inner>, key: &str, ends: i64, anew: bool) {
    let Some(session) = inner.sessions.get(key) else { return };
    let known = session.grant().consent_expires_at;
    if known != Some(ends) && (anew || known.is_none_or(|known| ends < known)) {
        session.note(|grant| grant.consent_expires_at = Some(ends));
        keep::note_later(inner, &session);
    }
    watch_consent(inner, &session);
}

/// Tells once that the consent is about to end.
pub fn watch_consent(inner: &Rc<Inner>, session: &Rc<Session>) {
    let due = session.grant().consent_to_tell(inner.now());
    let Some(ends) = due.filter(|_| inner.edge.watched()) else { return };
    session.note(|grant| grant.consent_told = Some(ends));
    keep::note_later(inner, session);
    events::consent(inner, &session.key, ends);
}

/// What the `Session` object shows: `{ expiresAt?, scope, consentExpiresAt? }`.
pub fn describe(session: &Session) -> String {
    let grant = session.grant();
    let mut out = ObjectWriter::new();
    out.optional("expiresAt", grant.tokens.expires_at.map(time::to_rfc3339).as_deref());
    out.optional("consentExpiresAt", grant.consent_expires_at.map(time::to_rfc3339).as_deref());
    out.text("scope", &grant.tokens.scope).finish()
}
