//! Renewing tokens: one refresh at a time for a session, shared by all calls that need it.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::call::Call;
use super::client::Inner;
use super::session::{Session, store_key};
use super::{authorize, dpop, events, identity, server, session, store};
use crate::error::{Class, Error, Result};
use crate::oauth::{Tokens, token};

/// A refresh under way. It goes on when those who wait for it are aborted, since the server may have rotated already.
pub struct Flight {
    landed: Promise,
    outcome: Rc<RefCell<Option<Result<()>>>>,
}

/// A token this close to its end is renewed before it is used, in milliseconds.
const MARGIN_MS: i64 = 30_000;

/// Renews the tokens where they are about to end and can be renewed.
pub async fn ensure_fresh(inner: &Rc<Inner>, session: &Rc<Session>) -> Result<()> {
    let now = inner.now();
    let due = {
        let tokens = session.tokens.borrow();
        tokens.refresh_token.is_some() && tokens.expires_at.is_some_and(|at| at - MARGIN_MS <= now)
    };
    if due { refresh(inner, session).await } else { Ok(()) }
}

/// Renews the tokens; joins a refresh that is under way.
pub async fn refresh(inner: &Rc<Inner>, session: &Rc<Session>) -> Result<()> {
    let under_way = session.flight.borrow().clone();
    let flight = under_way.unwrap_or_else(|| start(inner, session));
    // The promise only tells that it is over, and can't reject.
    let _ = JsFuture::from(flight.landed.clone()).await;
    flight.outcome.borrow().clone().unwrap_or_else(|| {
        Err(Error::new(Class::Internal, "internal_error", "A refresh ended without an outcome."))
    })
}

fn start(inner: &Rc<Inner>, session: &Rc<Session>) -> Rc<Flight> {
    let outcome = Rc::new(RefCell::new(None));
    let (inner, flown, landing) = (inner.clone(), session.clone(), outcome.clone());
    let landed = future_to_promise(async move {
        let result = fly(&inner, &flown).await;
        events::refresh(&inner, result.as_ref().err().map(|error| error.code.as_str()));
        *landing.borrow_mut() = Some(result);
        *flown.flight.borrow_mut() = None;
        Ok(JsValue::UNDEFINED)
    });
    let flight = Rc::new(Flight { landed, outcome });
    *session.flight.borrow_mut() = Some(flight.clone());
    flight
}

async fn fly(inner: &Inner, session: &Session) -> Result<()> {
    let call = Call::parse(&inner.config, "{}")?;
    let held = session.tokens.borrow().clone();
    // R2: what another process stored since is used, not refreshed.
    let issuer = &inner.config.environment.issuer;
    let stored = store::get(inner, &store_key(&session.key)).await?;
    let Some(entry) = stored else {
        inner.sessions.remove(&session.key);
        return session::require(inner, &session.key).await.map(|_| ());
    };
    let newest = Tokens::from_stored(&entry.value, &inner.config.client.id, issuer)?;
    if newest.access_token != held.access_token {
        *session.tokens.borrow_mut() = newest;
        return Ok(());
    }
    let Some(refresh_token) = &newest.refresh_token else {
        let mut error = Error::new(
            Class::OAuth,
            "no_refresh_token",
            "The session has no refresh token (scope offline_access), so the customer has to connect again.",
        );
        error.reauth_required = true;
        return Err(error);
    };
    dpop::usable(inner, &newest).await?;
    let metadata = authorize::metadata(inner, &call).await?;
    let request = token::refresh(&inner.config.client, &metadata, refresh_token);
    let received = server::post(inner, &call, &request, true).await?;
    let tokens = identity::renewed(inner, &call, &received.response, &newest).await?;
    session::save(inner, &session.key, tokens).await.map(|_| ())
}
