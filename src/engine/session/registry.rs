//! The sessions in memory, by key.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::engine::shared_result::SharedResult;
use crate::error::Result;
use crate::grant::Grant;
use crate::json::ObjectWriter;
use crate::time;

/// So many sessions are kept in memory; the others are read from the store when they are used.
const REMEMBERED: usize = 256;

/// A refresh that is under way. It goes on when its callers give up, because the server may have rotated the token already.
pub type RefreshInFlight = SharedResult<Result<()>>;

/// What a write of tokens may overwrite.
#[derive(Clone)]
pub enum Precondition {
    /// Whatever is stored, except tokens that came since: an attempt that seemed to fail may have reached the store, and its tokens been
    /// renewed, or the customer may have connected again.
    UnlessNewer,
    /// The grant that was renewed, and nothing else: neither a newer connection nor the absence of a revoked session.
    IfUnchanged(Rc<Grant>),
}

/// A session that is in memory.
pub struct Session {
    /// The application's key.
    pub key: String,
    grant: RefCell<Rc<Grant>>,
    /// How often the grant was replaced here: what was read from the store before that is old.
    pub replaced: Cell<u32>,
    /// The refresh under way, shared by all calls that wait for it.
    pub refresh_in_flight: RefCell<Option<Rc<RefreshInFlight>>>,
    /// Precondition for the pending write of tokens that the store rejected.
    pub unsaved: RefCell<Option<Precondition>>,
    /// Whether a flow writes them behind the calls.
    pub writing: Cell<bool>,
    /// Which part of the time ahead of a token's end this process uses, 0 to 1000.
    pub jitter: i64,
    /// No early refresh is tried before this instant, because one failed.
    pub refresh_backoff_until: Cell<i64>,
}

impl Session {
    /// Returns a session that no call finds until it is in the registry.
    pub fn new(key: &str, grant: Rc<Grant>, jitter: i64) -> Self {
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

    /// Returns what the session shows: `{ expiresAt?, scope, consentExpiresAt? }` as JSON.
    pub fn describe(&self) -> String {
        let grant = self.grant();
        let mut out = ObjectWriter::new();
        out.optional("expiresAt", grant.tokens.expires_at.map(time::to_rfc3339).as_deref());
        out.optional("consentExpiresAt", grant.consent_expires_at.map(time::to_rfc3339).as_deref());
        out.text("scope", &grant.tokens.scope).finish()
    }

    /// Notes something about the grant whose tokens stay.
    pub fn note(&self, note: impl FnOnce(&mut Grant)) {
        note(Rc::make_mut(&mut self.grant.borrow_mut()));
    }
}

/// The sessions in memory, the most recently used first.
#[derive(Default)]
pub struct Registry(RefCell<Vec<Rc<Session>>>);

impl Registry {
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
        self.insert(session.clone());
        session
    }

    /// Puts a session into memory, or what it holds into the session that has its key since. Returns the one that is in memory.
    pub fn join(&self, session: Rc<Session>) -> Rc<Session> {
        match self.get(&session.key) {
            None => self.insert(session.clone()),
            Some(known) if Rc::ptr_eq(&known, &session) => {}
            Some(known) => {
                known.adopt(session.grant());
                *known.unsaved.borrow_mut() = session.unsaved.take();
                return known;
            }
        }
        session
    }

    fn insert(&self, session: Rc<Session>) {
        let mut kept = self.0.borrow_mut();
        kept.insert(0, session);
        if kept.len() > REMEMBERED {
            // One in use stays, or a second copy would refresh the same token again; so does one that the store does not have.
            let idle =
                |session: &Rc<Session>| Rc::strong_count(session) == 1 && session.unsaved.borrow().is_none();
            kept.iter().rposition(idle).map(|place| kept.remove(place));
        }
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
