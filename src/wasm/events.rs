//! Events for `onEvent` and `debugBundle`: what is sent, what comes back, what is waited for. No event holds a secret or account data.

use super::call::Call;
use super::client::Inner;
use super::edge::clock;
use super::transport::Received;
use crate::aisp::decode::Drift;
use crate::error::Result;
use crate::http::Request;
use crate::http::limiter::Priority;
use crate::json::ObjectWriter;
use crate::time;

/// A request under way. Each is told of twice, at its beginning and at its end; dropping it means that nobody waits any longer.
pub struct UnderWay<'a> {
    inner: &'a Inner,
    exchange: ObjectWriter,
    started: f64,
    over: bool,
}

/// Tells that a request goes out.
pub fn request<'a>(inner: &'a Inner, call: &Call, request: &Request) -> UnderWay<'a> {
    let exchange = describe(call, request);
    let mut event = of_type(inner, "request");
    event.members(&exchange);
    let waited = call.waited.take() as i64;
    if waited > 0 {
        event.number("waitedMs", waited);
    }
    inner.edge.emit(&event.finish());
    UnderWay { inner, exchange, started: clock(), over: false }
}

impl UnderWay<'_> {
    /// Tells what came of it.
    pub fn response(mut self, result: &Result<Received>) {
        self.over = true;
        let mut event = self.describe();
        outcome(&mut event, result);
        if let Ok(received) = result {
            event.optional("requestId", received.response.request_id.as_deref());
        }
        self.inner.edge.emit(&event.finish());
    }

    fn describe(&self) -> ObjectWriter {
        let mut event = of_type(self.inner, "response");
        event.members(&self.exchange).number("durationMs", (clock() - self.started) as i64);
        event
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if !self.over {
            let event = self.describe().text("error", "aborted").finish();
            self.inner.edge.emit(&event);
        }
    }
}

/// Tells that an attempt failed and will be made again after a wait.
pub fn retry(inner: &Inner, call: &Call, request: &Request, wait_ms: f64, result: &Result<Received>) {
    let mut event = of_type(inner, "retry");
    event.members(&describe(call, request)).number("waitMs", wait_ms.ceil() as i64);
    outcome(&mut event, result);
    inner.edge.emit(&event.finish());
}

/// Tells that a call waits for its turn; `until`, where that instant is known.
pub fn wait(inner: &Inner, call: &Call, until: Option<f64>) {
    let mut event = of_type(inner, "wait");
    event.number("call", call.number.into());
    event.text("priority", if call.priority == Priority::Interactive { "interactive" } else { "background" });
    event.number("queued", inner.turns.state().queued.into());
    event.optional("until", until.map(|until| time::to_rfc3339(inner.time_of_day(until))).as_deref());
    inner.edge.emit(&event.finish());
}

/// Tells that a refresh of the session under `key`, which began at `started`, ended.
pub fn refresh(inner: &Inner, key: &str, started: f64, error: Option<&str>) {
    let mut event = of_type(inner, "refresh");
    event.text("key", key).number("durationMs", (clock() - started) as i64);
    inner.edge.emit(&event.optional("error", error).finish());
}

/// Tells that the consent of the session under `key` ends soon.
pub fn consent(inner: &Inner, key: &str, ends: i64) {
    let days_left = ((ends - inner.now()) / 86_400_000).max(0);
    let mut event = of_type(inner, "consent");
    event.text("key", key).text("expiresAt", &time::to_rfc3339(ends)).number("daysLeft", days_left);
    inner.edge.emit(&event.finish());
}

/// Tells that a value came in another shape than the contract says; once for each shape.
pub fn drift(inner: &Inner, drift: &Drift) {
    let shape = [drift.path.as_str(), drift.found.name()].join(" ");
    if inner.drift.borrow().contains(&shape) {
        return;
    }
    inner.drift.borrow_mut().push(shape);
    let mut event = of_type(inner, "drift");
    event.text("path", &drift.path).text("expected", drift.expected);
    inner.edge.emit(&event.text("found", drift.found.name()).finish());
}

fn outcome(event: &mut ObjectWriter, result: &Result<Received>) {
    match result {
        Ok(received) => event.number("status", received.response.status.into()),
        Err(error) => event.text("error", &error.code),
    };
}

/// What names an exchange in its events.
fn describe(call: &Call, request: &Request) -> ObjectWriter {
    let mut event = ObjectWriter::new();
    event.number("call", call.number.into());
    event.number("attempt", call.attempts.get().into()).text("method", request.method.name());
    // Without the query: cursors are no concern of a log.
    event.text("url", &crate::redact::text(request.url.split('?').next().unwrap_or_default()));
    event.optional("id", request.headers.get("x-request-id"));
    event
}

/// An event of that type, at this time.
pub fn of_type(inner: &Inner, kind: &str) -> ObjectWriter {
    let mut event = ObjectWriter::new();
    event.text("type", kind).number("at", inner.now());
    event
}
