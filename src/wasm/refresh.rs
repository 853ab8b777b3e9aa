//! Renewing tokens: one refresh at a time for a session (R1), shared by all calls that need it.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::alarm::Alarm;
use super::call::Call;
use super::client::Inner;
use super::edge::clock;
use super::outcome::Outcome;
use super::session::{self, Session, store_key};
use super::{authorize, bound, events, identity, keep, lease, openid, server, store, task};
use crate::aisp::consent;
use crate::error::{Class, Error, Kind, RequestSent, Result};
use crate::grant::{Grant, Spent};
use crate::http::Response;
use crate::oauth::{Metadata, Secret, Tokens, token};

/// A refresh under way. It goes on when those who wait for it give up, since the server may have rotated already.
pub type Flight = Outcome<Result<()>>;

/// The refresh itself waits longer for an answer than a call does: one that is given up may cost the customer a login.
const PATIENCE_MS: i64 = 120_000;
/// Waits before a request that was not sent is tried again, in milliseconds (R5).
const AGAIN: [i64; 2] = [250, 1_000];
/// How long a failed early refresh is left alone while the access token still holds, in milliseconds.
const CALM_MS: i64 = 5_000;

/// Renews the tokens where they are about to end and can be renewed.
pub async fn ensure_fresh(inner: &Rc<Inner>, call: &Call, session: &Rc<Session>) -> Result<()> {
    keep::later(inner, session);
    let now = inner.now();
    let (due, over) = {
        let grant = session.grant();
        (grant.is_due(now, session.jitter), grant.is_over(now))
    };
    if !due || (!over && now < session.calm_until.get()) {
        return Ok(());
    }
    let Err(error) = refresh(inner, call, session).await else { return Ok(()) };
    if session.grant().is_over(inner.now()) || !is_passing(&error) {
        return Err(error);
    }
    // Ahead of the end there is time: the access token still holds, and the next call tries again.
    session.calm_until.set(inner.now() + CALM_MS);
    Ok(())
}

/// Whether the access token may be used for the rest of its life after an early refresh failed by this.
fn is_passing(error: &Error) -> bool {
    error.kind == Kind::RefreshOutcomeUnknown || (error.retryable && error.kind != Kind::TokensNotStored)
}

/// After the API refused the access token of `used`: whether the session has another by now, got by a refresh if need be.
pub async fn replace(inner: &Rc<Inner>, call: &Call, session: &Rc<Session>, used: &Grant) -> Result<bool> {
    if !session.grant().is_same(used) {
        return Ok(true);
    }
    if session.grant().tokens.refresh_token.is_none() {
        // A store that fails now does not hide the refusal.
        return Ok(session::newer(inner, session).await.unwrap_or(false));
    }
    refresh(inner, call, session).await?;
    Ok(true)
}

/// Renews the tokens; joins a refresh that is under way.
pub async fn refresh(inner: &Rc<Inner>, call: &Call, session: &Rc<Session>) -> Result<()> {
    let under_way = session.flight.borrow().clone();
    let flight = under_way.unwrap_or_else(|| start(inner, session));
    let alarm = Alarm::set(&inner.edge, call.timeout_ms, &JsValue::UNDEFINED);
    alarm.race(Box::pin(flight.wait())).await.unwrap_or_else(|_| {
        let mut error = Error::new(
            Class::Timeout,
            "timeout",
            "The tokens were not renewed within timeoutMs. The refresh goes on, and a later call uses what comes of it.",
        );
        error.retryable = true;
        Err(call.note(error))
    })
}

fn start(inner: &Rc<Inner>, session: &Rc<Session>) -> Rc<Flight> {
    let flight = Rc::new(Flight::default());
    *session.flight.borrow_mut() = Some(flight.clone());
    let (inner, flown, landing) = (inner.clone(), session.clone(), flight.clone());
    task::spawn(Box::pin(async move {
        let started = clock();
        let result = fly(&inner, &flown).await;
        let error = result.as_ref().err().map(|error| error.code.as_str());
        events::refresh(&inner, &flown.key, started, error);
        *flown.flight.borrow_mut() = None;
        landing.settle(result);
    }));
    flight
}

async fn fly(inner: &Rc<Inner>, session: &Rc<Session>) -> Result<()> {
    let mut call = Call::parse(&inner.config, "{}")?;
    let metadata = authorize::metadata(inner, &call).await?;
    call.timeout_ms = call.timeout_ms.max(PATIENCE_MS);
    if session.grant().tokens.identity.is_some() {
        // A new ID token may come, and what verifies it is not to be missing then.
        openid::load(inner).await?;
    }
    let over = session.unsaved.borrow().clone();
    if let Some(over) = over {
        // What the store would not take is known to this process alone, so there is nobody to lock out.
        let grant = session.grant();
        return renew(inner, session, &call, &metadata, &grant, over).await;
    }
    let key = store_key(&session.key);
    let work = Box::pin(locked(inner, session, &call, &metadata));
    if inner.edge.locks() {
        let _lock = store::lock(inner, &key).await?;
        return work.await;
    }
    lease::hold(inner, &key, work).await
}

/// The refresh, where nobody else renews this session.
async fn locked(inner: &Rc<Inner>, session: &Rc<Session>, call: &Call, metadata: &Metadata) -> Result<()> {
    // R2: what another stored since is used, not refreshed.
    let Some((there, _)) = session::stored(inner, &session.key).await? else {
        inner.sessions.remove(&session.key);
        return Err(session::gone());
    };
    if !there.is_same(&session.grant()) {
        session.adopt(there.clone());
        if !there.is_due(inner.now(), session.jitter) && bound::usable(inner, &there.tokens).await? {
            return Ok(());
        }
    }
    let over = keep::Over::Only(there.clone());
    renew(inner, session, call, metadata, &there, over).await
}

async fn renew(
    inner: &Rc<Inner>,
    session: &Rc<Session>,
    call: &Call,
    metadata: &Metadata,
    grant: &Grant,
    over: keep::Over,
) -> Result<()> {
    let Some(refresh_token) = &grant.tokens.refresh_token else { return Err(no_refresh_token()) };
    match grant.spent {
        Some(Spent::Rejected) => return Err(rejected()),
        Some(Spent::Unknown) if !grant.keeps_refresh_token => return Err(unknown(&[])),
        _ => {}
    }
    bound::usable(inner, &grant.tokens).await?;
    let answer = send(inner, call, metadata, grant, refresh_token).await;
    let error = match answer {
        Ok((tokens, ends)) => {
            let renewed = Rc::new(grant.renewed(tokens, ends, inner.now()));
            return keep::write(inner, session, renewed, over).await;
        }
        Err(error) => error,
    };
    let spent = match error.kind {
        Kind::RefreshOutcomeUnknown => Spent::Unknown,
        _ if error.reauth_required => Spent::Rejected,
        _ => return Err(error),
    };
    // R7: another may have been quicker all the same, where its lease or lock had ended.
    if let Ok(Some((there, _))) = session::stored(inner, &session.key).await
        && !there.is_same(grant)
        && session.unsaved.borrow().is_none()
    {
        session.adopt(there);
        return Ok(());
    }
    session.note(|held| held.spent = Some(spent));
    // Where it can't be noted, another process finds out for itself.
    let _ = keep::note(inner, session).await;
    Err(error)
}

/// Sends the refresh token, again only where that does no harm (R5): the tokens, and the end of consent that came with them.
async fn send(
    inner: &Inner,
    call: &Call,
    metadata: &Metadata,
    grant: &Grant,
    refresh_token: &Secret,
) -> Result<(Tokens, Option<i64>)> {
    let request = token::refresh(&inner.config.client, metadata, refresh_token);
    let mut waits = AGAIN.into_iter();
    loop {
        let error = match server::post(inner, call, &request, true).await {
            Ok(received) => match read(inner, call, grant, &received.response).await {
                Err(error) if error.kind == Kind::RefreshOutcomeUnknown => error,
                settled => return settled,
            },
            Err(error) if error.request_sent == RequestSent::No && error.class == Class::Network => error,
            Err(error) if error.request_sent == RequestSent::No => return Err(error),
            // Nothing follows a redirect (B19), so the token endpoint did not see the token.
            Err(error) if error.kind == Kind::UnexpectedRedirect => return Err(error),
            Err(error) => unknown(&[error]),
        };
        let harmless = error.kind != Kind::RefreshOutcomeUnknown || grant.keeps_refresh_token;
        match waits.next().filter(|_| harmless) {
            Some(wait) => lease::pause(inner, wait + inner.dice(wait)).await,
            None => return Err(error),
        }
    }
}

/// Reads an answer. One that can't be read, or that a gateway gave for a silent server, leaves the outcome unknown.
async fn read(
    inner: &Inner,
    call: &Call,
    grant: &Grant,
    response: &Response,
) -> Result<(Tokens, Option<i64>)> {
    let mut error = match identity::renewed(inner, call, response, &grant.tokens).await {
        Ok(tokens) => return Ok((tokens, consent::of_token_answer(&response.body))),
        Err(error) => error,
    };
    if response.status == 504 || (response.is_success() && error.class == Class::Response) {
        return Err(unknown(&[error]));
    }
    // An answer that was read and refused (O6) used the refresh token up.
    error.reauth_required |= response.is_success();
    Err(error)
}

/// R7: the refresh token may be used up, and nobody has what came for it.
fn unknown(why: &[Error]) -> Error {
    let mut error = Error::new(
        Class::OAuth,
        "refresh_outcome_unknown",
        "The refresh token was sent, and no answer that could be read came back (see cause). It is not sent again, since the server takes a second use for theft. Connect the customer again, under the same key.",
    )
    .of_kind(Kind::RefreshOutcomeUnknown);
    error.reauth_required = true;
    error.request_sent = RequestSent::Unknown;
    for failed in why {
        error.attempts = failed.attempts;
        error.status = failed.status;
        error.causes.push(crate::error::Cause {
            name: failed.class.name().into(),
            message: failed.message.clone(),
            code: Some(failed.code.clone()),
        });
        error.causes.extend(failed.causes.iter().cloned());
    }
    error
}

/// B17: the server refused the refresh token once, which is final.
fn rejected() -> Error {
    let mut error = Error::new(
        Class::OAuth,
        "invalid_grant",
        "The server refused this session's refresh token before, which is final. Connect the customer again, under the same key.",
    );
    error.reauth_required = true;
    error
}

fn no_refresh_token() -> Error {
    let mut error = Error::new(
        Class::OAuth,
        "no_refresh_token",
        "The session has no refresh token (scope offline_access), so the customer has to connect again.",
    );
    error.reauth_required = true;
    error
}
