//! Events for the listener and for support: what is sent, what arrives, what is waited for. No event holds a secret or account data.
//!
//! Events are kept as values and written as JSON when a host asks for them.

use core::cell::RefCell;
use std::rc::Rc;

use super::call::Call;
use super::effect::Effect;
use super::io::Io;
use crate::aisp::decode::Drift;
use crate::http::limiter::Priority;
use crate::http::{Method, Request};
use crate::json::ObjectWriter;
use crate::redact;
use crate::time;

/// So many events are remembered.
const REMEMBERED: usize = 100;

/// The events of one client, of which it keeps the newest.
pub struct Events {
    client: u32,
    io: Rc<Io>,
    listens: bool,
    recent: RefCell<Vec<(i64, ClientEvent)>>,
    /// The drift that was reported already.
    drift: RefCell<Vec<String>>,
}

/// What names an exchange in its events.
pub struct Exchange {
    call: u32,
    attempt: u32,
    method: Method,
    /// Without its query, because cursors are no concern of a log.
    url: String,
    id: Option<String>,
}

/// How an exchange ended.
pub enum Ending {
    /// By a response with this status.
    Status(u16),
    /// By an error with this code.
    Error(String),
}

/// One event.
enum ClientEvent {
    Request { exchange: Rc<Exchange>, waited_ms: i64 },
    Response { exchange: Rc<Exchange>, duration_ms: i64, ending: Ending, request_id: Option<String> },
    Retry { exchange: Exchange, wait_ms: i64, ending: Ending },
    Wait { call: u32, priority: Priority, queued: u32, until: Option<i64> },
    Refresh { key: String, duration_ms: i64, error: Option<String> },
    Consent { key: String, expires_at: i64, days_left: i64 },
    Drift { path: String, expected: &'static str, found: &'static str },
    Psu { call: u32, option: &'static str, reason: &'static str, unattended: bool },
}

/// A request under way, which has an event at its beginning and one at its end. If it is dropped, its caller gave up.
pub struct UnderWay<'a> {
    events: &'a Events,
    exchange: Rc<Exchange>,
    started: f64,
    ended: bool,
}

impl Events {
    /// Returns the events of the client of that number. `listens`: whether they are handed to a listener.
    pub fn new(client: u32, io: Rc<Io>, listens: bool) -> Self {
        Self { client, io, listens, recent: RefCell::default(), drift: RefCell::default() }
    }

    /// Returns the client's number.
    pub fn client(&self) -> u32 {
        self.client
    }

    /// Returns the newest events, oldest first, as a JSON array.
    pub fn to_json(&self) -> String {
        let recent = self.recent.borrow();
        let events: Vec<String> = recent.iter().map(|(at, event)| event.to_json(*at)).collect();
        ["[", &events.join(","), "]"].concat()
    }

    /// Reports that a request is sent, after it waited so long for its permit.
    pub fn request(&self, call: &Call, request: &Request, waited_ms: i64) -> UnderWay<'_> {
        let exchange = Rc::new(Exchange::of(call, request));
        self.emit(ClientEvent::Request { exchange: exchange.clone(), waited_ms });
        UnderWay { events: self, exchange, started: self.io.clock(), ended: false }
    }

    /// Reports that an attempt failed and is repeated after a wait.
    pub fn retry(&self, call: &Call, request: &Request, wait_ms: f64, ending: Ending) {
        let exchange = Exchange::of(call, request);
        self.emit(ClientEvent::Retry { exchange, wait_ms: wait_ms.ceil() as i64, ending });
    }

    /// Reports that a call waits for its permit behind others; `until`, if that instant is known.
    pub fn wait(&self, call: &Call, queued: u32, until: Option<f64>) {
        let until = until.map(|until| self.io.to_unix_ms(until));
        self.emit(ClientEvent::Wait { call: call.number, priority: call.priority, queued, until });
    }

    /// Reports that a refresh of the session under `key`, which began at `started`, ended.
    pub fn refresh(&self, key: &str, started: f64, error: Option<&str>) {
        let duration_ms = (self.io.clock() - started) as i64;
        self.emit(ClientEvent::Refresh { key: key.into(), duration_ms, error: error.map(String::from) });
    }

    /// Reports that the consent of the session under `key` ends soon.
    pub fn consent(&self, key: &str, expires_at: i64) {
        let days_left = ((expires_at - self.io.wall()) / 86_400_000).max(0);
        self.emit(ClientEvent::Consent { key: key.into(), expires_at, days_left });
    }

    /// Reports that a value arrived in another shape than the contract says; once for each shape.
    pub fn drift(&self, drift: &Drift) {
        let shape = [drift.path.as_str(), drift.found.name()].join(" ");
        if self.drift.borrow().contains(&shape) {
            return;
        }
        self.drift.borrow_mut().push(shape);
        let (expected, found) = (drift.expected, drift.found.name());
        self.emit(ClientEvent::Drift { path: drift.path.clone(), expected, found });
    }

    /// Reports that a part of the option `psu` is not sent.
    pub fn psu(&self, call: &Call, option: &'static str, reason: &'static str, unattended: bool) {
        self.emit(ClientEvent::Psu { call: call.number, option, reason, unattended });
    }

    fn emit(&self, event: ClientEvent) {
        let at = self.io.wall();
        if self.listens {
            self.io.ask(Effect::Emit { client: self.client, event: event.to_json(at) });
        }
        let mut recent = self.recent.borrow_mut();
        if recent.len() >= REMEMBERED {
            recent.remove(0);
        }
        recent.push((at, event));
    }
}

impl UnderWay<'_> {
    /// Reports how the exchange ended.
    pub fn end(&mut self, ending: Ending, request_id: Option<&str>) {
        self.ended = true;
        let duration_ms = (self.events.io.clock() - self.started) as i64;
        let (exchange, request_id) = (self.exchange.clone(), request_id.map(String::from));
        self.events.emit(ClientEvent::Response { exchange, duration_ms, ending, request_id });
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Ending::Error("aborted".into()), None);
        }
    }
}

impl Exchange {
    fn of(call: &Call, request: &Request) -> Self {
        Self {
            call: call.number,
            attempt: call.progress.attempts.get(),
            method: request.method,
            url: request.url.split('?').next().unwrap_or_default().into(),
            id: request.headers.get("x-request-id").map(String::from),
        }
    }

    fn write(&self, out: &mut ObjectWriter) {
        out.number("call", self.call.into()).number("attempt", self.attempt.into());
        out.text("method", self.method.name()).text("url", &redact::text(&self.url));
        out.optional("id", self.id.as_deref());
    }
}

impl Ending {
    fn write(&self, out: &mut ObjectWriter) {
        match self {
            Self::Status(status) => out.number("status", (*status).into()),
            Self::Error(code) => out.text("error", code),
        };
    }
}

impl ClientEvent {
    fn to_json(&self, at: i64) -> String {
        let mut out = ObjectWriter::new();
        out.text("type", self.name()).number("at", at);
        match self {
            Self::Request { exchange, waited_ms } => {
                exchange.write(&mut out);
                if *waited_ms > 0 {
                    out.number("waitedMs", *waited_ms);
                }
            }
            Self::Response { exchange, duration_ms, ending, request_id } => {
                exchange.write(&mut out);
                ending.write(out.number("durationMs", *duration_ms));
                out.optional("requestId", request_id.as_deref());
            }
            Self::Retry { exchange, wait_ms, ending } => {
                exchange.write(&mut out);
                ending.write(out.number("waitMs", *wait_ms));
            }
            Self::Wait { call, priority, queued, until } => {
                out.number("call", (*call).into());
                out.text(
                    "priority",
                    if *priority == Priority::Interactive { "interactive" } else { "background" },
                );
                out.number("queued", (*queued).into());
                out.optional("until", until.map(time::to_rfc3339).as_deref());
            }
            Self::Refresh { key, duration_ms, error } => {
                out.text("key", key).number("durationMs", *duration_ms).optional("error", error.as_deref());
            }
            Self::Consent { key, expires_at, days_left } => {
                out.text("key", key).text("expiresAt", &time::to_rfc3339(*expires_at));
                out.number("daysLeft", *days_left);
            }
            Self::Drift { path, expected, found } => {
                out.text("path", path).text("expected", expected).text("found", found);
            }
            Self::Psu { call, option, reason, unattended } => {
                out.number("call", (*call).into()).text("option", option).text("reason", reason);
                out.flag("unattended", *unattended);
            }
        }
        out.finish()
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Request { .. } => "request",
            Self::Response { .. } => "response",
            Self::Retry { .. } => "retry",
            Self::Wait { .. } => "wait",
            Self::Refresh { .. } => "refresh",
            Self::Consent { .. } => "consent",
            Self::Drift { .. } => "drift",
            Self::Psu { .. } => "psu",
        }
    }
}
