//! Repeating what failed: the one loop, and its policies.

use std::rc::Rc;

use super::call::Call;
use super::client::Client;
use super::executor::LocalBoxFuture;
use super::io::Io;
use super::timers::Timer;
use super::transport::{self, Attempt, Received};
use crate::error::{Class, RequestSent, Result};
use crate::http::Request;
use crate::http::retry::{self, AttemptResult, Decision};

/// A wait before the next attempt.
pub struct Pause {
    /// The instant of the engine's clock until which it lasts.
    pub until: f64,
    /// Whether the process should stay alive for it.
    pub holds_process: bool,
}

impl Pause {
    /// Waits until it is over.
    pub async fn wait(&self, io: &Rc<Io>) {
        Timer::new(&io.timers, self.until, self.holds_process).await;
    }
}

/// Repeats `attempt` until `policy` returns no pause for its result.
pub async fn repeat<'a, T>(
    io: &Rc<Io>,
    policy: &mut dyn FnMut(&Result<T>) -> Option<Pause>,
    attempt: &mut dyn FnMut() -> LocalBoxFuture<'a, Result<T>>,
) -> Result<T> {
    loop {
        let result = attempt().await;
        let Some(pause) = policy(&result) else { return result };
        pause.wait(io).await;
    }
}

/// A policy whose pauses are listed.
pub struct Backoff {
    pauses: core::slice::Iter<'static, i64>,
    jitter: bool,
    background: bool,
}

impl Backoff {
    /// Before a refresh request that did no harm is sent again, in milliseconds (`docs/refresh.md#refresh-outcome`).
    pub fn refresh() -> Self {
        Self { pauses: [250, 1_000].iter(), jitter: true, background: false }
    }

    /// Before tokens are written again, within the call.
    pub fn write() -> Self {
        Self { pauses: [100, 400].iter(), jitter: false, background: false }
    }

    /// Before tokens are written again, behind the call, for some ten minutes.
    pub fn write_later() -> Self {
        const PAUSES: [i64; 15] = [
            500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000,
            60_000, 120_000,
        ];
        Self { pauses: PAUSES.iter(), jitter: false, background: true }
    }

    /// Returns the next pause; `None` after the last one.
    pub fn next(&mut self, io: &Io) -> Option<Pause> {
        let pause = *self.pauses.next()?;
        let jitter = if self.jitter { io.random_below(pause) } else { 0 };
        // A longer background wait does not keep the process alive.
        let holds_process = !self.background || pause <= 2_000;
        Some(Pause { until: io.clock() + (pause + jitter) as f64, holds_process })
    }
}

/// Sends a request by `send` until a response is final, or nothing is left to try.
pub async fn send_with_retry<'a>(
    client: &Client,
    call: &Call,
    request: &Request,
    attempt: &Attempt,
    send: &mut dyn FnMut() -> LocalBoxFuture<'a, Result<Received>>,
) -> Result<Received> {
    let mut policy = HttpPolicy { client, call, request, attempt, sent_before: None, gave_up: false };
    let result = repeat(&client.io, &mut |result| policy.decide(result), send).await;
    // Now that it is known when to call again.
    if policy.gave_up { result.map_err(|error| call.attach_context(error)) } else { result }
}

/// Sends a request without a token until a response is final, or nothing is left to try.
pub async fn send_plain(client: &Client, call: &Call, request: &Request) -> Result<Received> {
    let attempt = Attempt::default();
    send_with_retry(client, call, request, &attempt, &mut || {
        Box::pin(transport::send(client, call, &attempt, request))
    })
    .await
}

/// The policy of requests: `http::retry` decides.
struct HttpPolicy<'a> {
    client: &'a Client,
    call: &'a Call,
    request: &'a Request,
    attempt: &'a Attempt,
    /// Whether the server may have seen an earlier attempt.
    sent_before: Option<RequestSent>,
    gave_up: bool,
}

impl HttpPolicy<'_> {
    fn decide(&mut self, result: &Result<Received>) -> Option<Pause> {
        let Self { client, call, .. } = *self;
        let retries = &call.progress.retries;
        let ended = match result {
            Ok(received) if received.response.is_success() => {
                client.queue.budget.borrow_mut().succeeded(retries.take());
                return None;
            }
            Ok(received) => AttemptResult::Status(received.response.status),
            Err(error) if matches!(error.class, Class::Network | Class::Timeout) => AttemptResult::NoResponse,
            Err(_) => return None,
        };
        let attempt = retry::Attempt {
            method: self.request.method,
            result: ended,
            retries: retries.get(),
            max_retries: client.config.max_retries,
            retry_after: self.attempt.retry_after.get(),
            deadline: call.deadline,
        };
        let now = client.io.clock();
        let decision = attempt.decide(now, client.io.random(), &mut client.queue.budget.borrow_mut());
        let sent = &call.progress.sent;
        if let Some(before) = self.sent_before.filter(|_| sent.get() == RequestSent::No) {
            // What an earlier attempt may have left at the server is not undone by one that was never sent.
            sent.set(before);
        }
        match decision {
            Decision::RetryAt(at) => {
                retries.set(retries.get() + 1);
                self.sent_before = Some(sent.get());
                client.events.retry(call, self.request, at - now, Received::ending(result));
                Some(Pause { until: at, holds_process: true })
            }
            Decision::GiveUp { retry_at } => {
                let refused = ended == AttemptResult::Status(429);
                let paused = if refused { client.queue.state().paused_until } else { None };
                let at = retry_at.or(paused).map(|at| client.io.to_unix_ms(at));
                call.progress.retry_at.set(at);
                self.gave_up = true;
                None
            }
        }
    }
}
