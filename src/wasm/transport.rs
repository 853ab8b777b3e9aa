//! One exchange with a server: `fetch` under a time limit, never a redirect, and failures as errors.

use core::future::poll_fn;

use super::alarm::Alarm;
use super::call::Call;
use super::client::Inner;
use super::edge::Exchange;
use super::events;
use super::turns::{self, Turn};
use crate::engine::wakers::Registration;
use crate::error::{Cause, Error, Kind, RequestSent, Result};
use crate::http::delivery::{self, Phase};
use crate::http::limiter::RateHeaders;
use crate::http::{Request, Response};
use crate::json::{self, Value};

/// The largest body that is read of an answer that is no data of the API (metadata, keys, tokens, UserInfo), in bytes.
const LARGEST_MESSAGE: f64 = 1_000_000.0;

/// What came back, and its header fields as JavaScript has them.
pub struct Received {
    /// The response.
    pub response: Response,
    /// The platform's `Headers`.
    pub headers: wasm_bindgen::JsValue,
}

/// Ends the exchange where its future is dropped before it is done.
struct Guard {
    exchange: Exchange,
    slot: Registration,
    done: bool,
}

impl Guard {
    /// Waits until the exchange has come so far.
    async fn reaches(&self, stage: u8) {
        poll_fn(|context| self.slot.poll(context, (self.exchange.stage() >= stage).then_some(()))).await;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.done {
            self.exchange.abort();
        }
    }
}

/// Sends `request` once, when it is its turn.
pub async fn send(inner: &Inner, call: &Call, request: &Request) -> Result<Received> {
    let turn = match is_counted(inner, request) {
        false => None,
        true => match call.turn.take() {
            None => Some(turns::take(inner, call).await?),
            taken => taken,
        },
    };
    call.attempts.set(call.attempts.get() + 1);
    call.sent.set(RequestSent::Unknown);
    call.retry_after.set(None);
    call.status.set(None);
    *call.request_id.borrow_mut() = request.headers.get("x-request-id").map(String::from);
    let under_way = events::request(inner, call, request);
    let result = match Alarm::set(&inner.edge, call.timeout_ms, &wasm_bindgen::JsValue::UNDEFINED)
        .race(Box::pin(exchange(inner, call, request, turn)))
        .await
    {
        Ok(result) => scrubbed(inner, call, request, result),
        Err(_) => Err(call.note(Error::of(Kind::Timeout))),
    };
    under_way.response(&result);
    result
}

/// Whether the rate limit counts it: it does the API's calls, and no others.
pub fn is_counted(inner: &Inner, request: &Request) -> bool {
    let path = request.url.strip_prefix(inner.config.environment.base.as_str());
    path.is_some_and(|path| path.starts_with("/accounts"))
}

/// Whatever came back may echo what was sent; from here on it holds none of it.
fn scrubbed(inner: &Inner, call: &Call, request: &Request, result: Result<Received>) -> Result<Received> {
    let mut secrets = request.secrets();
    secrets.push(inner.config.client.secret().into());
    call.secrets.borrow_mut().extend(secrets.iter().cloned());
    let known: Vec<&str> = secrets.iter().map(String::as_str).collect();
    let mut received = result.map_err(|error| error.without(&known))?;
    received.response.scrub(&known);
    *call.request_id.borrow_mut() = received.response.request_id.clone();
    Ok(received)
}

async fn exchange(inner: &Inner, call: &Call, request: &Request, turn: Option<Turn>) -> Result<Received> {
    let slot = Registration::new();
    let exchange = inner.edge.exchange(
        request.method.name(),
        &request.url,
        &request.headers.lines(),
        request.body.as_deref(),
        if is_counted(inner, request) { inner.config.max_body_bytes as f64 } else { LARGEST_MESSAGE },
        slot.number(),
    );
    let mut guard = Guard { exchange, slot, done: false };
    guard.reaches(1).await;
    let answer = guard.exchange.clone();
    if let Some(failure) = answer.failure() {
        guard.done = true;
        let error = failed(call, &failure, answer.status());
        match turn {
            Some(turn) if call.sent.get() == RequestSent::No => turn.give_back(),
            Some(turn) => turn.answered(&RateHeaders::default()),
            None => {}
        }
        return Err(error);
    }
    call.sent.set(RequestSent::Yes);
    let told = told(inner, call, &answer);
    // The turn is over once the server has counted the call, however long the body takes.
    if let Some(turn) = turn {
        turn.answered(&told);
    }
    guard.reaches(2).await;
    guard.done = true;
    let status = answer.status();
    if let Some(failure) = answer.failure() {
        return Err(failed(call, &failure, status));
    }
    call.status.set((status > 0).then_some(status));
    // With an `Age` the answer comes from a cache, and its `Date` is of the past.
    let date = answer.header("date").filter(|_| answer.header("age").is_none());
    inner.learned.clock(inner, request, date);
    let response = Response {
        status,
        request_id: answer.header("x-request-id").or_else(|| call.request_id.borrow().clone()),
        www_authenticate: answer.header("www-authenticate"),
        dpop_nonce: answer.header("dpop-nonce"),
        body: answer.bytes().to_vec(),
    };
    if status == 407 {
        call.sent.set(RequestSent::No);
        return Err(call.note(delivery::refused_by_proxy()));
    }
    if response.is_redirect() {
        return Err(call.note(Error::of(Kind::UnexpectedRedirect)));
    }
    Ok(Received { response, headers: answer.headers() })
}

/// What the headers tell of limits and waiting; nothing where none came.
fn told(inner: &Inner, call: &Call, answer: &Exchange) -> RateHeaders {
    let status = answer.status();
    let success = (200..300).contains(&status);
    if status == 0 || (success && inner.config.rate_limit.is_none()) {
        return RateHeaders::default();
    }
    let told = RateHeaders::read(status, &|name| answer.header(name), inner.edge.now());
    call.retry_after.set(told.retry_after);
    told
}

/// Returns the error of an exchange without a whole response: `{ phase, causes: [{ name, message, code? }] }`.
fn failed(call: &Call, failure: &str, status: u16) -> Error {
    let value = json::parse(failure.as_bytes()).unwrap_or(Value::Null);
    let phase = Phase::named(value.get("phase").and_then(Value::as_text).unwrap_or_default());
    let error = delivery::failure(phase, causes(&value), status);
    call.sent.set(error.request_sent);
    call.note(error)
}

/// The causes that the edge tells of a failure.
pub fn causes(failure: &Value) -> Vec<Cause> {
    let Some(Value::List(causes)) = failure.get("causes") else { return Vec::new() };
    let text = |cause: &Value, name: &str| cause.get(name).and_then(Value::as_text).map(String::from);
    causes
        .iter()
        .map(|cause| Cause {
            name: text(cause, "name").unwrap_or_default(),
            message: text(cause, "message").unwrap_or_default(),
            code: text(cause, "code"),
        })
        .collect()
}
