//! Writing a grant to the token store: over what it was made from only, and again later where the store fails (R3, R4).

use std::rc::Rc;

use super::alarm::Alarm;
use super::client::Inner;
use super::lease::pause;
use super::session::{Session, gone, store_key, stored};
use super::store;
use crate::engine::executor;
use crate::error::{Error, Kind, Result};
use crate::grant::Grant;

/// What may be overwritten.
#[derive(Clone)]
pub enum Over {
    /// Whatever stands there.
    Anything,
    /// The grant that was renewed, and nothing else: neither a newer connection nor the gap of a revoked session.
    Only(Rc<Grant>),
}

/// Waits between attempts, in milliseconds: within the call, then behind it for some ten minutes, then again from the next use.
const SOON: [i64; 2] = [100, 400];
const LATER: [i64; 15] = [
    500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000,
    120_000,
];

/// Stores a grant, then has the session use it (R3). Where the store fails, the session goes on with it in memory, the write is
/// tried again, and the error says so (R4).
pub async fn write(inner: &Rc<Inner>, session: &Rc<Session>, grant: Rc<Grant>, over: Over) -> Result<()> {
    let mut result = attempt(inner, session, &grant, &over).await;
    for wait in SOON {
        if is_settled(&result) {
            return result;
        }
        pause(inner, wait).await;
        result = attempt(inner, session, &grant, &over).await;
    }
    if is_settled(&result) {
        return result;
    }
    session.adopt(grant);
    *session.unsaved.borrow_mut() = Some(over);
    later(inner, session);
    result.map_err(|error| unsaved(&error))
}

/// Goes on writing what the store would not take, unless that is under way.
pub fn later(inner: &Rc<Inner>, session: &Rc<Session>) {
    if session.unsaved.borrow().is_none() || session.writing.replace(true) {
        return;
    }
    let (inner, session) = (inner.clone(), session.clone());
    executor::spawn(Box::pin(async move {
        for wait in LATER {
            Alarm::rest(&inner.edge, wait).await;
            let over = session.unsaved.borrow().clone();
            let Some(over) = over else { break };
            let grant = session.grant();
            if is_settled(&attempt(&inner, &session, &grant, &over).await) {
                break;
            }
        }
        session.writing.set(false);
    }));
}

/// Stores what was noted about a grant, behind the call. Where that fails, the next call that learns it notes it again.
pub fn note_later(inner: &Rc<Inner>, session: &Rc<Session>) {
    let (inner, session) = (inner.clone(), session.clone());
    executor::spawn(Box::pin(async move {
        let _ = note(&inner, &session).await;
    }));
}

/// Stores what was noted about a grant, if its tokens still stand there.
pub async fn note(inner: &Inner, session: &Session) -> Result<()> {
    let Some((there, version)) = stored(inner, &session.key).await? else { return Ok(()) };
    let mut grant = Grant::clone(&session.grant());
    grant.refresh_token = grant.refresh_token.joined(there.refresh_token);
    if there.is_same(&grant) && *there != grant {
        swap(inner, session, Some(&version), &grant).await?;
    }
    Ok(())
}

/// Written, or not to be written any more.
fn is_settled(result: &Result<()>) -> bool {
    result.as_ref().err().is_none_or(|error| error.kind == Kind::SessionNotFound)
}

async fn attempt(inner: &Inner, session: &Session, grant: &Rc<Grant>, over: &Over) -> Result<()> {
    // Each round loses only to somebody else's write, so a handful is plenty.
    for _ in 0..8 {
        let (there, version) = stored_or_foreign(inner, session, over).await?;
        if there.as_ref().is_some_and(|there| there.is_same(grant)) {
            // A write that seemed to fail had reached the store.
            session.adopt(grant.clone());
            return Ok(());
        }
        if let Over::Only(base) = over {
            match there {
                None => {
                    inner.sessions.remove(&session.key);
                    return Err(gone());
                }
                Some(there) if !there.is_same(base) => {
                    // The customer connected anew meanwhile: that grant counts.
                    session.adopt(there);
                    return Ok(());
                }
                Some(_) => {}
            }
        }
        if swap(inner, session, version.as_deref(), grant).await? {
            session.adopt(grant.clone());
            return Ok(());
        }
    }
    Err(store::failed("compareAndSwap"))
}

/// What stands there. What a new connection overwrites need not be a session of this client.
async fn stored_or_foreign(
    inner: &Inner,
    session: &Session,
    over: &Over,
) -> Result<(Option<Rc<Grant>>, Option<String>)> {
    if let Over::Only(_) = over {
        let there = stored(inner, &session.key).await?;
        return Ok(there.map_or((None, None), |(grant, version)| (Some(grant), Some(version))));
    }
    let entry = store::get(inner, &store_key(&session.key)).await?;
    Ok((None, entry.map(|entry| entry.version)))
}

async fn swap(inner: &Inner, session: &Session, version: Option<&str>, grant: &Grant) -> Result<bool> {
    let value = grant.to_stored(&inner.config.client.id, &inner.config.environment.issuer);
    store::swap(inner, &store_key(&session.key), version, Some(&value)).await
}

fn unsaved(error: &Error) -> Error {
    let mut told = Error::of(Kind::TokensNotStored);
    told.causes = error.causes.clone();
    told
}
