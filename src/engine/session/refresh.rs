//! When tokens are refreshed: ahead of their end, after a refusal, or on demand. All calls that need a refresh share it.
//!
//! Rule: `docs/refresh.md#single-refresh`.

use std::rc::Rc;

use super::lookup;
use super::persistence;
use super::registry::{RefreshInFlight, Session};
use super::renewal::{self, Need};
use crate::engine::auth::token_binding;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::error::{Error, Kind, Result, wording};
use crate::grant::Grant;

/// After an early refresh failed, none is tried for this long while the access token works, in milliseconds.
const REFRESH_BACKOFF: i64 = 5_000;

/// Refreshes the tokens if they are not bound to the current key, and can be.
pub async fn ensure_bound(client: &Rc<Client>, call: &Call, session: &Rc<Session>) -> Result<()> {
    if token_binding::is_bound_to_current_key(client, &session.grant().tokens).await? {
        Ok(())
    } else {
        refresh(client, call, session, Need::Unusable).await
    }
}

/// Refreshes the tokens if they are about to expire and have a refresh token.
pub async fn ensure_fresh(client: &Rc<Client>, call: &Call, session: &Rc<Session>) -> Result<()> {
    persistence::write_later(client, session);
    let now = client.io.wall();
    let (due, over) = {
        let grant = session.grant();
        (grant.is_due(now, session.jitter), grant.is_over(now))
    };
    if !due || (!over && now < session.refresh_backoff_until.get()) {
        return Ok(());
    }
    let need = if over { Need::Unusable } else { Need::Early };
    let Err(error) = refresh(client, call, session, need).await else { return Ok(()) };
    let is_passing = error.retryable && error.kind != Kind::TokensNotStored;
    if session.grant().is_over(client.io.wall()) || !is_passing {
        return Err(error);
    }
    // The access token still works, and the next call tries again.
    session.refresh_backoff_until.set(client.io.wall() + REFRESH_BACKOFF);
    Ok(())
}

/// Gets another access token after the API refused that of `used`. Returns whether the session has another one now.
pub async fn replace(client: &Rc<Client>, call: &Call, session: &Rc<Session>, used: &Grant) -> Result<bool> {
    if !session.grant().is_same(used) {
        return Ok(true);
    }
    if session.grant().tokens.refresh_token.is_none() {
        // A store that fails now does not hide the refusal.
        return Ok(lookup::newer(client, session).await.unwrap_or(false));
    }
    let joins = session.refresh_in_flight.borrow().is_some();
    refresh(client, call, session, Need::Unusable).await?;
    if joins && session.grant().is_same(used) {
        // The refresh that was under way had brought these tokens before the API refused them.
        refresh(client, call, session, Need::Unusable).await?;
    }
    Ok(true)
}

/// Refreshes the tokens; joins a refresh that is under way.
pub async fn refresh(client: &Rc<Client>, call: &Call, session: &Rc<Session>, need: Need) -> Result<()> {
    let under_way = session.refresh_in_flight.borrow().clone();
    let in_flight = under_way.unwrap_or_else(|| start(client, session, need));
    client
        .io
        .within(call.timeout_ms, Box::pin(in_flight.wait()))
        .await
        .unwrap_or_else(|| Err(call.attach_context(Error::worded(&wording::REFRESH_TIMEOUT))))
}

fn start(client: &Rc<Client>, session: &Rc<Session>, need: Need) -> Rc<RefreshInFlight> {
    let in_flight = Rc::new(RefreshInFlight::default());
    *session.refresh_in_flight.borrow_mut() = Some(in_flight.clone());
    let (client, session, settled) = (client.clone(), session.clone(), in_flight.clone());
    client.clone().io.spawn(Box::pin(async move {
        let started = client.io.clock();
        let result = renewal::run(&client, &session, need).await;
        let error = result.as_ref().err().map(|error| &*error.code);
        client.events.refresh(&session.key, started, error);
        *session.refresh_in_flight.borrow_mut() = None;
        settled.settle(result);
    }));
    in_flight
}
