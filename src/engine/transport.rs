//! One exchange with a server: under a time limit, never a redirect, and failures as errors.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use super::call::Call;
use super::client::Client;
use super::effect::{Effect, Id};
use super::events::Ending;
use super::io::{Arrived, Io, Pending};
use super::rate_limit::Permit;
use crate::error::{Error, Kind, RequestSent, Result};
use crate::http::delivery;
use crate::http::limiter::RateHeaders;
use crate::http::{self, Request, Response};

/// The largest body that is read of a response that is no data of the API (metadata, keys, tokens, UserInfo), in bytes.
const LARGEST_MESSAGE: u64 = 1_000_000;

/// A response, and the id of its exchange.
pub struct Received {
    /// The response.
    pub response: Response,
    /// The id by which the host knows its header fields.
    pub exchange: Id,
}

impl Received {
    /// Returns how the exchange ended, for its events.
    pub fn ending(result: &Result<Self>) -> Ending {
        match result {
            Ok(received) => Ending::Status(received.response.status),
            Err(error) => Ending::Error(error.code.clone()),
        }
    }
}

/// What one attempt to send a request has, besides the request.
#[derive(Default)]
pub struct Attempt {
    /// A permit that was acquired ahead.
    pub permit: RefCell<Option<Permit>>,
    /// The milliseconds that the newest response asks to wait.
    pub retry_after: Cell<Option<f64>>,
}

/// An exchange under way, which is aborted if this is dropped before it ends.
struct Exchange {
    io: Rc<Io>,
    reply: Pending,
    ended: bool,
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if !self.ended {
            self.io.ask(Effect::Abort { id: self.reply.id() });
        }
    }
}

/// Sends `request` once, when the rate limit permits it.
pub async fn send(client: &Client, call: &Call, attempt: &Attempt, request: &Request) -> Result<Received> {
    let permit = match attempt.permit.take() {
        None if is_counted(client, request) => Some(client.queue.acquire(call, &client.events).await?),
        taken => taken,
    };
    let progress = &call.progress;
    progress.attempts.set(progress.attempts.get() + 1);
    progress.sent.set(RequestSent::Unknown);
    progress.status.set(None);
    *progress.request_id.borrow_mut() = request.headers.get("x-request-id").map(String::from);
    attempt.retry_after.set(None);
    let waited_ms = permit.as_ref().map_or(0, |permit| permit.waited_ms as i64);
    let mut under_way = client.events.request(call, request, waited_ms);
    let exchange = Box::pin(exchange(client, call, attempt, request, permit));
    let result = match client.io.within(call.timeout_ms, exchange).await {
        Some(result) => scrubbed(client, call, request, result),
        None => Err(call.attach_context(Error::of(Kind::Timeout))),
    };
    let request_id = result.as_ref().ok().and_then(|received| received.response.request_id.as_deref());
    under_way.end(Received::ending(&result), request_id);
    result
}

/// Returns whether the rate limit counts the request: it does the API's, and no others.
pub fn is_counted(client: &Client, request: &Request) -> bool {
    let path = request.url.strip_prefix(client.config.environment.base.as_str());
    path.is_some_and(|path| path.starts_with("/accounts"))
}

/// Removes what was sent from what arrived, which may echo it.
fn scrubbed(client: &Client, call: &Call, request: &Request, result: Result<Received>) -> Result<Received> {
    let mut secrets = request.secrets();
    secrets.push(client.config.client.secret().into());
    call.progress.secrets.borrow_mut().extend(secrets.iter().cloned());
    let known: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let mut received = result.map_err(|error| error.without(&known))?;
    received.response.scrub(&known);
    *call.progress.request_id.borrow_mut() = received.response.request_id.clone();
    Ok(received)
}

async fn exchange(
    client: &Client,
    call: &Call,
    attempt: &Attempt,
    request: &Request,
    permit: Option<Permit>,
) -> Result<Received> {
    let reply = client.io.request(|id| Effect::Send {
        id,
        client: client.number,
        method: request.method.name(),
        url: request.url.clone(),
        headers: request.headers.lines(),
        body: request.body.clone(),
        max_bytes: if permit.is_some() { client.config.max_body_bytes as u64 } else { LARGEST_MESSAGE },
        timeout_ms: call.timeout_ms,
    });
    let mut exchange = Exchange { io: client.io.clone(), reply, ended: false };
    let (status, headers) = match exchange.reply.next().await {
        Arrived::Head(status, headers) => (status, headers),
        other => {
            exchange.ended = true;
            let error = failed(call, other, 0);
            match permit {
                Some(permit) if call.progress.sent.get() == RequestSent::No => permit.give_back(),
                Some(permit) => permit.answered(&RateHeaders::default()),
                None => {}
            }
            return Err(error);
        }
    };
    call.progress.sent.set(RequestSent::Yes);
    let field = |name: &str| http::header(&headers, name).map(String::from);
    let limits = limits(client, attempt, status, &field);
    // The request is over for the limit once the server has counted it, however long the body takes.
    if let Some(permit) = permit {
        permit.answered(&limits);
    }
    let arrived = exchange.reply.next().await;
    exchange.ended = true;
    let Arrived::Body(body) = arrived else { return Err(failed(call, arrived, status)) };
    call.progress.status.set((status > 0).then_some(status));
    // With an `Age` the response comes from a cache, and its `Date` is of the past.
    let date = http::header(&headers, "date").filter(|_| http::header(&headers, "age").is_none());
    client.server.learn_clock(client.host.browser, client.io.wall(), request.method, date);
    let response = Response {
        status,
        request_id: field("x-request-id").or_else(|| call.progress.request_id.borrow().clone()),
        www_authenticate: field("www-authenticate"),
        dpop_nonce: field("dpop-nonce"),
        has_retry_after: field("retry-after").is_some(),
        body,
    };
    if status == 407 {
        call.progress.sent.set(RequestSent::No);
        return Err(call.attach_context(delivery::refused_by_proxy()));
    }
    if response.is_redirect() {
        return Err(call.attach_context(Error::of(Kind::UnexpectedRedirect)));
    }
    Ok(Received { response, exchange: exchange.reply.id() })
}

/// Returns what the header fields say of limits and waiting; nothing if none arrived.
fn limits(
    client: &Client,
    attempt: &Attempt,
    status: u16,
    field: &dyn Fn(&str) -> Option<String>,
) -> RateHeaders {
    let success = (200..300).contains(&status);
    if status == 0 || (success && client.config.rate_limit.is_none()) {
        return RateHeaders::default();
    }
    let limits = RateHeaders::read(status, field, client.io.wall() as f64);
    attempt.retry_after.set(limits.retry_after);
    limits
}

/// Returns the error of an exchange without a whole response.
fn failed(call: &Call, arrived: Arrived, status: u16) -> Error {
    let (phase, causes) = match arrived {
        Arrived::Failed(phase, causes) => (phase, causes),
        // A host that breaks the contract.
        _ => (delivery::Phase::Response, Vec::new()),
    };
    let error = delivery::failure(phase, causes, status);
    call.progress.sent.set(error.request_sent);
    call.attach_context(error)
}
