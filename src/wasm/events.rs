//! Events for `onEvent`: what is sent, what comes back, and how long it took. No event holds a secret or account data.

use super::client::Inner;
use super::transport::Received;
use crate::aisp::decode::Drift;
use crate::error::Result;
use crate::http::Request;
use crate::json::ObjectWriter;

/// Tells that a request goes out; gives the time at which it did.
pub fn request(inner: &Inner, request: &Request, attempt: u32) -> f64 {
    let now = inner.edge.now();
    if inner.edge.watched() {
        let mut event = describe("request", request);
        event.number("attempt", attempt.into());
        inner.edge.emit(&event.finish());
    }
    now
}

/// Tells what came of a request that went out at `started`.
pub fn response(inner: &Inner, request: &Request, started: f64, result: &Result<Received>) {
    if !inner.edge.watched() {
        return;
    }
    let mut event = describe("response", request);
    event.number("durationMs", (inner.edge.now() - started) as i64);
    match result {
        Ok(received) => {
            event.number("status", received.response.status.into());
            event.optional("requestId", received.response.request_id.as_deref());
        }
        Err(error) => {
            event.text("error", &error.code);
        }
    }
    inner.edge.emit(&event.finish());
}

/// Tells that a refresh ended.
pub fn refresh(inner: &Inner, error: Option<&str>) {
    if inner.edge.watched() {
        let mut event = ObjectWriter::new();
        event.text("type", "refresh").optional("error", error);
        inner.edge.emit(&event.finish());
    }
}

/// Tells that a value came in another shape than the contract says; once for each shape.
pub fn drift(inner: &Inner, drift: &Drift) {
    if !inner.edge.watched() {
        return;
    }
    let mut event = ObjectWriter::new();
    event.text("type", "drift").text("path", &drift.path).text("expected", drift.expected);
    let event = event.text("found", drift.found.name()).finish();
    if !inner.drift.borrow().contains(&event) {
        inner.drift.borrow_mut().push(event.clone());
        inner.edge.emit(&event);
    }
}

fn describe(kind: &str, request: &Request) -> ObjectWriter {
    let mut event = ObjectWriter::new();
    event.text("type", kind).text("method", request.method.name());
    // Without the query: cursors are no concern of a log.
    event.text("url", &crate::redact::text(request.url.split('?').next().unwrap_or_default()));
    event.optional("id", request.headers.get("x-request-id"));
    event
}
