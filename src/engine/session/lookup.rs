//! Finding a session: in memory, else in the token store.

use std::rc::Rc;

use super::registry::{Precondition, Session};
use super::{consent, persistence, stored};
use crate::engine::client::Client;
use crate::engine::shared_result::SharedResult;
use crate::error::{Kind, Result};
use crate::grant::Grant;

/// The session of that key as the store has it now; as memory has it while the store fails.
pub async fn restore(client: &Rc<Client>, key: &str) -> Result<Option<Rc<Session>>> {
    let session = match client.sessions.get(key) {
        None => find(client, key).await?,
        Some(known) => match newer(client, &known).await {
            Err(error) if matches!(error.kind, Kind::SessionUnreadable | Kind::InvalidStoredSession) => {
                return Err(error);
            }
            _ => client.sessions.get(key),
        },
    };
    if let Some(session) = &session {
        consent::watch(client, session);
    }
    Ok(session)
}

/// The session of that key, from memory or the store.
pub async fn find(client: &Client, key: &str) -> Result<Option<Rc<Session>>> {
    if let Some(session) = client.sessions.get(key) {
        return Ok(Some(session));
    }
    let stored = stored::read(client, key).await?;
    // Meanwhile another call may have brought it, and renewed it: then what was read is old.
    if let Some(session) = client.sessions.get(key) {
        return Ok(Some(session));
    }
    Ok(stored.map(|(grant, _)| client.sessions.put(key, grant, client.io.random_below(1000))))
}

/// Whether the store has other tokens than those that memory has; then memory has them too. A session that the store lost
/// is forgotten.
pub async fn newer(client: &Client, session: &Session) -> Result<bool> {
    let before = session.replaced.get();
    let stored = stored::read(client, &session.key).await?;
    let settled = session.unsaved.borrow().is_none() && session.refresh_in_flight.borrow().is_none();
    if session.replaced.get() != before {
        return Ok(true);
    }
    match stored {
        _ if !settled => Ok(false),
        None => {
            client.sessions.remove(&session.key);
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
pub async fn require(client: &Client, key: &str) -> Result<Rc<Session>> {
    find(client, key).await?.ok_or_else(stored::gone)
}

/// Puts the grant of a completed authorization under a key, in the store first (`docs/refresh.md#store-before-use`). It replaces what stands there, unless that is newer.
pub async fn begin(client: &Rc<Client>, key: &str, grant: Rc<Grant>) -> Result<Rc<Session>> {
    // In a flow of its own, because the code is spent: a caller that gives up does not lose the tokens.
    let connected = Rc::new(SharedResult::default());
    let (owner, key, result) = (client.clone(), String::from(key), connected.clone());
    client.io.spawn(Box::pin(async move { result.settle(connect(&owner, &key, grant).await) }));
    let session = connected.wait().await?;
    consent::watch(client, &session);
    Ok(session)
}

async fn connect(client: &Rc<Client>, key: &str, grant: Rc<Grant>) -> Result<Rc<Session>> {
    let known = client.sessions.get(key);
    let session =
        known.unwrap_or_else(|| Rc::new(Session::new(key, grant.clone(), client.io.random_below(1000))));
    let result = persistence::write(client, &session, grant, Precondition::UnlessNewer).await;
    // Not before, so that no call finds tokens in memory that are not stored.
    let session = client.sessions.join(session);
    persistence::write_later(client, &session);
    result.map(|()| session)
}
