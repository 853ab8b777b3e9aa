//! Writing a grant to the token store: only over the grant that it was made from, and again later if the store fails.

use std::rc::Rc;

use super::registry::{Precondition, Session};
use super::stored::{self, gone, store_key};
use crate::engine::client::Client;
use crate::engine::retry::{Backoff, repeat};
use crate::engine::store::{self, Change, Entry};
use crate::error::{Error, Kind, Result};
use crate::grant::Grant;

/// Stores a grant, then has the session use it (`docs/refresh.md#store-before-use`). If the store fails, the session goes on with it in memory, the write is
/// repeated, and the error says so (`docs/refresh.md#pending-write`).
pub async fn write(
    client: &Rc<Client>,
    session: &Rc<Session>,
    grant: Rc<Grant>,
    precondition: Precondition,
) -> Result<()> {
    let mut backoff = Backoff::write();
    let result = repeat(
        &client.io,
        &mut |result| if is_settled(result) { None } else { backoff.next(&client.io) },
        &mut || Box::pin(attempt(client, session, &grant, &precondition)),
    )
    .await;
    if is_settled(&result) {
        return result;
    }
    session.adopt(grant.clone());
    *session.unsaved.borrow_mut() = Some(precondition.clone());
    write_later(client, session);
    result.map_err(|error| unsaved(&error))
}

/// Goes on writing tokens that the store rejected, unless that is under way.
pub fn write_later(client: &Rc<Client>, session: &Rc<Session>) {
    if session.unsaved.borrow().is_none() || session.writing.replace(true) {
        return;
    }
    let (client, session) = (client.clone(), session.clone());
    client.clone().io.spawn(Box::pin(async move {
        let mut backoff = Backoff::write_later();
        if let Some(pause) = backoff.next(&client.io) {
            pause.wait(&client.io).await;
        }
        let _ = repeat(
            &client.io,
            &mut |result| if is_settled(result) { None } else { backoff.next(&client.io) },
            &mut || Box::pin(write_unsaved(&client, &session)),
        )
        .await;
        session.writing.set(false);
    }));
}

async fn write_unsaved(client: &Rc<Client>, session: &Rc<Session>) -> Result<()> {
    let precondition = session.unsaved.borrow().clone();
    match precondition {
        Some(precondition) => attempt(client, session, &session.grant(), &precondition).await,
        None => Ok(()),
    }
}

/// Stores what was noted about a grant, behind the call. If that fails, the next call that learns it notes it again.
pub fn note_later(client: &Rc<Client>, session: &Rc<Session>) {
    let (client, session) = (client.clone(), session.clone());
    client.clone().io.spawn(Box::pin(async move {
        let _ = note(&client, &session).await;
    }));
}

/// Stores what was noted about a grant, if its tokens are still stored.
pub async fn note(client: &Client, session: &Session) -> Result<()> {
    let Some((there, version)) = stored::read(client, &session.key).await? else { return Ok(()) };
    let mut grant = Grant::clone(&session.grant());
    grant.refresh_token = grant.refresh_token.joined(there.refresh_token);
    if there.is_same(&grant) && *there != grant {
        let value = to_stored(client, &grant);
        store::swap(client, &store_key(&session.key), Some(&version), Some(&value)).await?;
    }
    Ok(())
}

/// Returns whether the grant is written, or is not to be written any more.
fn is_settled(result: &Result<()>) -> bool {
    result.as_ref().err().is_none_or(|error| error.kind == Kind::SessionNotFound)
}

async fn attempt(
    client: &Client,
    session: &Session,
    grant: &Rc<Grant>,
    precondition: &Precondition,
) -> Result<()> {
    let mut newest = grant.clone();
    let result = store::update(client, &store_key(&session.key), &mut |entry| {
        newest = grant.clone();
        match precondition {
            Precondition::UnlessNewer => {
                // An entry that can't be read is replaced.
                let there = entry.and_then(|entry| read(client, entry).ok());
                if let Some(there) = there
                    && (there.is_same(grant) || there.replaces(grant, client.io.wall()))
                {
                    newest = there;
                    return Ok(Change::Keep);
                }
            }
            Precondition::IfUnchanged(base) => {
                let there = entry.map(|entry| read(client, entry)).transpose()?.ok_or_else(gone)?;
                if there.is_same(grant) {
                    // A write that seemed to fail had reached the store.
                    return Ok(Change::Keep);
                }
                if !there.is_same(base) {
                    // The customer connected again meanwhile: that grant counts.
                    newest = there;
                    return Ok(Change::Keep);
                }
            }
        }
        Ok(Change::Write(Some(to_stored(client, grant))))
    })
    .await;
    match &result {
        Ok(_) => session.adopt(newest),
        Err(error) if error.kind == Kind::SessionNotFound => client.sessions.remove(&session.key),
        Err(_) => {}
    }
    result.map(drop)
}

fn read(client: &Client, entry: &Entry) -> Result<Rc<Grant>> {
    Grant::from_stored(&entry.value, &client.config.client.id, &client.config.environment.issuer).map(Rc::new)
}

fn to_stored(client: &Client, grant: &Grant) -> String {
    grant.to_stored(&client.config.client.id, &client.config.environment.issuer)
}

fn unsaved(why: &Error) -> Error {
    let mut error = Error::of(Kind::TokensNotStored);
    error.causes = why.causes.clone();
    error
}
