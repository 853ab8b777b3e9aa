//! One refresh of a session's tokens, under its lock.
//!
//! Rule: `docs/refresh.md#single-refresh`.

use core::cell::Cell;
use std::rc::Rc;

use super::lock::{self, Lock};
use super::persistence;
use super::registry::{Precondition, Session};
use super::stored;
use crate::aisp::consent;
use crate::engine::auth::{client_auth, discovery, openid, token_binding, token_response};
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::retry::{Backoff, Pause, repeat};
use crate::error::{Cause, Class, Error, Kind, RequestSent, Result};
use crate::grant::Grant;
use crate::http::Response;
use crate::oauth::{Metadata, Tokens, token};
use crate::refresh_token::{Permission, RefreshTokenState};
use crate::time;

/// The time-out of a refresh request is at least this long, in milliseconds: the outcome of one that is given up is unknown.
const REFRESH_TIMEOUT: i64 = 120_000;
/// Why tokens are refreshed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The access token still works.
    Early,
    /// The access token expired or was refused.
    Unusable,
}

/// Refreshes the tokens of a session.
pub async fn run(client: &Rc<Client>, session: &Rc<Session>, need: Need) -> Result<()> {
    let mut call = Call::with_defaults(&client.io, &client.config, 0, &session.key);
    let metadata = discovery::metadata(client, &call).await?;
    call.timeout_ms = call.timeout_ms.max(REFRESH_TIMEOUT);
    if session.grant().tokens.identity.is_some() {
        // A new ID token may arrive, and the code that verifies it must not be missing then.
        openid::load(client).await?;
    }
    let waited_until = Cell::new(0);
    let refresh =
        Refresh { client, session, call: &call, metadata: &metadata, need, waited_until: &waited_until };
    let mut backoff = Backoff::refresh();
    // The lock is released during pauses, so that other holders of the session can be quicker.
    let step = repeat(
        &client.io,
        &mut |result| match result {
            Ok(Step::Failed(_)) => backoff.next(&client.io),
            // A wall clock that stands still must not hold it up for ever.
            Ok(Step::Unanswered(not_before, _)) if *not_before > waited_until.get() => {
                waited_until.set(*not_before);
                let wait = (not_before - client.io.wall()).max(0);
                Some(Pause { until: client.io.clock() + wait as f64, holds_process: true })
            }
            _ => None,
        },
        &mut || Box::pin(refresh.once()),
    )
    .await?;
    match step {
        Step::Done => Ok(()),
        Step::Failed(error) | Step::Unanswered(_, error) => Err(error),
    }
}

/// How one use of the refresh token ended, where the session goes on.
enum Step {
    /// The session has other tokens.
    Done,
    /// The refresh token is unused, or the server does not rotate it: it may be sent again soon.
    Failed(Error),
    /// The outcome is unknown (`docs/refresh.md#unknown-outcome`), and the token may be sent again at an instant within the grace window.
    Unanswered(i64, Error),
}

/// How a request to the token endpoint ended (`docs/refresh.md#refresh-outcome`).
enum Answer {
    /// New tokens, and the end of consent that came with them.
    Tokens(Box<Tokens>, Option<i64>),
    /// The refresh token is unused.
    NotSent(Error),
    /// The server did not use the refresh token.
    Failed(Error),
    /// The refresh token is of no more use (`docs/security.md#final-refusal`).
    Rejected(Error),
    /// Nobody knows whether the refresh token was used (`docs/refresh.md#unknown-outcome`).
    Unknown(Error),
}

/// A refresh of one session.
struct Refresh<'a> {
    client: &'a Rc<Client>,
    session: &'a Rc<Session>,
    call: &'a Call,
    metadata: &'a Metadata,
    need: Need,
    /// The instant up to which it has paused, by a clock that never runs back; in milliseconds since the epoch.
    waited_until: &'a Cell<i64>,
}

impl Refresh<'_> {
    /// Uses the refresh token once, holding the session's lock.
    async fn once(&self) -> Result<Step> {
        let Refresh { client, session, .. } = self;
        let unsaved = session.unsaved.borrow().clone();
        if let Some(over) = unsaved {
            // Tokens that the store rejected are known to this process alone, so there is nobody to lock out.
            return self.renew(&session.grant(), over, None).await;
        }
        let lock = Lock::take(client, &stored::store_key(&session.key)).await?;
        lock.run(Box::pin(self.locked(&lock))).await
    }

    async fn locked(&self, lock: &Lock) -> Result<Step> {
        let Refresh { client, session, .. } = self;
        // docs/refresh.md#read-before-refresh: what another holder stored since is used, not refreshed.
        let Some((there, _)) = stored::read(client, &session.key).await? else {
            client.sessions.remove(&session.key);
            return Err(stored::gone());
        };
        if !there.is_same(&session.grant()) {
            session.adopt(there.clone());
            if !there.is_due(client.io.wall(), session.jitter)
                && token_binding::is_bound_to_current_key(client, &there.tokens).await?
            {
                return Ok(Step::Done);
            }
        }
        self.renew(&there, Precondition::IfUnchanged(there.clone()), Some(lock)).await
    }

    async fn renew(&self, grant: &Rc<Grant>, over: Precondition, lock: Option<&Lock>) -> Result<Step> {
        let Refresh { client, session, .. } = self;
        if grant.tokens.refresh_token.is_none() {
            return Err(no_refresh_token());
        }
        let now = client.io.wall().max(self.waited_until.get());
        let needed = self.need == Need::Unusable || grant.is_over(now);
        match grant.refresh_token.permission(now, needed) {
            Permission::Send => {}
            Permission::Wait(at) => return Ok(Step::Unanswered(at, unknown(None, at))),
            Permission::Refuse(at) => return Err(unknown(None, if at > now { at } else { 0 })),
            Permission::Never => return Err(rejected()),
        }
        token_binding::is_bound_to_current_key(client, &grant.tokens).await?;
        if grant.refresh_token != RefreshTokenState::Valid {
            // Written ahead of a repetition: a process that ends here leaves the number of uses right.
            session.note(|held| held.refresh_token = grant.refresh_token.unanswered(now, now));
            persistence::note(client, session).await?;
        }
        if let Some(lock) = lock
            && !lock.is_held().await?
        {
            return Ok(Step::Failed(lock::lost()));
        }
        let (state, error) = match self.send(grant).await {
            Answer::Tokens(tokens, ends) => {
                let renewed = Rc::new(grant.renewed(*tokens, ends, client.io.wall()));
                return persistence::write(client, session, renewed, over).await.map(|()| Step::Done);
            }
            Answer::Failed(error) => return Err(error),
            Answer::NotSent(error) => return Ok(Step::Failed(error)),
            Answer::Unknown(error) if !grant.rotates => return Ok(Step::Failed(unknown(Some(error), 0))),
            Answer::Unknown(error) => (grant.refresh_token.unanswered(now, client.io.wall()), error),
            Answer::Rejected(error) => (RefreshTokenState::Rejected, error),
        };
        // docs/refresh.md#unknown-outcome: another holder may have been quicker all the same, if its lease or lock had ended.
        if let Ok(Some((there, _))) = stored::read(client, &session.key).await
            && !there.is_same(grant)
            && session.unsaved.borrow().is_none()
        {
            session.adopt(there);
            return Ok(Step::Done);
        }
        session.note(|held| held.refresh_token = state);
        // If it can't be stored, another process finds out for itself.
        let _ = persistence::note(client, session).await;
        let RefreshTokenState::Unanswered(uses) = state else { return Err(error) };
        let error = unknown(Some(error), uses.not_before);
        match state.permission(client.io.wall(), false) {
            Permission::Wait(at) => Ok(Step::Unanswered(at, error)),
            _ => Err(error),
        }
    }

    async fn send(&self, grant: &Grant) -> Answer {
        let Refresh { client, call, metadata, .. } = self;
        let Some(refresh_token) = &grant.tokens.refresh_token else {
            return Answer::Failed(no_refresh_token());
        };
        let request = token::refresh(&client.config.client, metadata, refresh_token);
        match client_auth::post(client, call, &request, true).await {
            Ok(received) => self.read(grant, &received.response).await,
            Err(error) if error.request_sent == RequestSent::No && error.class == Class::Network => {
                Answer::NotSent(error)
            }
            Err(error) if error.request_sent == RequestSent::No => Answer::Failed(error),
            // No redirect is followed (docs/security.md#no-redirects), so the token endpoint did not get the token.
            Err(error) if error.kind == Kind::UnexpectedRedirect => Answer::Failed(error),
            Err(error) => Answer::Unknown(error),
        }
    }

    async fn read(&self, grant: &Grant, response: &Response) -> Answer {
        let error = match token_response::renewed(self.client, self.call, response, &grant.tokens).await {
            Ok(tokens) => return Answer::Tokens(Box::new(tokens), consent::of_token_answer(&response.body)),
            Err(error) => error,
        };
        match error.kind {
            Kind::GrantRefused => Answer::Rejected(error),
            Kind::ClientRefused | Kind::RequestRefused => Answer::Failed(error),
            // The server or a gateway failed, perhaps after the token was rotated.
            _ if response.status >= 500 && !declined(response) => Answer::Unknown(error),
            _ if !response.is_success() => Answer::Failed(error),
            // Status 200 with a page, or with the code of a gateway, such as temporarily_unavailable.
            Kind::ServerError => Answer::Unknown(error),
            _ if error.class == Class::Response => Answer::Unknown(error),
            // Tokens arrived and were refused (docs/security.md#renewed-id-token), so the refresh token is used up.
            _ => {
                let mut error = error;
                error.reauth_required = true;
                Answer::Rejected(error)
            }
        }
    }
}

/// Returns whether the server says that it did not take the request on: 503 with `Retry-After` (RFC 9110, section 15.6.4).
fn declined(response: &Response) -> bool {
    response.status == 503 && response.has_retry_after
}

/// Returns the error for a refresh token whose use has no outcome yet (`docs/refresh.md#unknown-outcome`). `not_before`: the earliest instant of its next use, 0
/// if that is now.
fn unknown(why: Option<Error>, not_before: i64) -> Error {
    let mut error = Error::of(Kind::RefreshOutcomeUnknown);
    error.request_sent = RequestSent::Unknown;
    error.retry_at = (not_before > 0).then(|| time::to_rfc3339(not_before));
    if let Some(why) = why {
        error.attempts = why.attempts;
        error.status = why.status;
        error.causes.push(Cause {
            name: why.class.name().into(),
            message: why.message.clone(),
            code: Some(why.code.clone()),
        });
        error.causes.extend(why.causes.iter().cloned());
    }
    error
}

/// The server refused the refresh token once, which is final (`docs/security.md#final-refusal`).
fn rejected() -> Error {
    let mut error = Error::server(
        Class::OAuth,
        Kind::GrantRefused,
        "invalid_grant",
        "The server refused this session's refresh token before, which is final. Connect the customer again, under the same key.",
    );
    error.reauth_required = true;
    error
}

fn no_refresh_token() -> Error {
    Error::of(Kind::NoRefreshToken)
}
