//! One call of the public interface: its options, its deadline, and what is known of it should it fail.

use core::cell::{Cell, RefCell};

use wasm_bindgen::JsValue;

use super::alarm::{Alarm, Fired, LocalBoxFuture};
use super::client::Inner;
use crate::config::Config;
use crate::error::{Class, Error, RequestSent, Result};
use crate::json::{self, Fields, Mismatch, Value};

/// A call under way.
pub struct Call {
    /// The longest that one attempt may take, in milliseconds.
    pub timeout_ms: i64,
    deadline_ms: i64,
    /// `PSU-IP-Address`, where the customer is present.
    pub psu_ip_address: Option<String>,
    /// `PSU-User-Agent`, likewise.
    pub psu_user_agent: Option<String>,
    /// How many requests went out for what was asked.
    pub attempts: Cell<u32>,
    /// Whether the server may have seen the newest request.
    pub sent: Cell<RequestSent>,
    /// The id of the newest request.
    pub request_id: RefCell<Option<String>>,
}

impl Call {
    /// Reads the options that every call takes.
    pub fn parse(config: &Config, options: &str) -> Result<Self> {
        let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
        Self::read(config, &value).map_err(Error::option)
    }

    fn read(config: &Config, value: &Value) -> core::result::Result<Self, Mismatch> {
        let fields = Fields::of("", value)?;
        fields.only(&["timeoutMs", "deadlineMs", "priority", "psu"])?;
        let priority = fields.text("priority")?;
        if !matches!(priority, None | Some("interactive" | "background")) {
            return Err(Mismatch::new("priority", "'interactive' or 'background'", "another string"));
        }
        let psu = fields.object("psu", "psu")?;
        let header = |name: &str| -> core::result::Result<Option<String>, Mismatch> {
            let Some(text) = psu.map(|psu| psu.text(name)).transpose()?.flatten() else { return Ok(None) };
            // A header field holds what RFC 9110, section 5.5 allows; fetch throws for the rest without naming it.
            if text.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) {
                return Ok(Some(text.into()));
            }
            Err(Mismatch::new(["psu.", name].concat(), "visible ASCII characters", "others"))
        };
        if let Some(psu) = psu {
            psu.only(&["ipAddress", "userAgent"])?;
        }
        Ok(Self {
            timeout_ms: fields.number("timeoutMs")?.unwrap_or(config.timeout_ms),
            deadline_ms: fields.number("deadlineMs")?.unwrap_or(config.deadline_ms),
            psu_ip_address: header("ipAddress")?,
            psu_user_agent: header("userAgent")?,
            attempts: Cell::new(0),
            sent: Cell::new(RequestSent::No),
            request_id: RefCell::new(None),
        })
    }

    /// Runs the call's work under its deadline and the caller's signal.
    pub async fn run(
        &self,
        inner: &Inner,
        signal: &JsValue,
        work: LocalBoxFuture<'_, Result<JsValue>>,
    ) -> Result<JsValue> {
        let ended = match Alarm::set(&inner.edge, self.deadline_ms, signal).race(work).await {
            Ok(result) => return result,
            Err(fired) => fired,
        };
        let mut error = match ended {
            Fired::Abort => Error::new(Class::Abort, "aborted", "The call was aborted by its signal."),
            Fired::Time => Error::new(
                Class::Timeout,
                "deadline_exceeded",
                "The call took longer than its deadlineMs, waits included.",
            ),
        };
        error.retryable = ended == Fired::Time;
        Err(self.note(error))
    }

    /// Completes an error with what is known of the call.
    pub fn note(&self, mut error: Error) -> Error {
        error.attempts = self.attempts.get();
        error.request_sent = self.sent.get();
        error.request_id = error.request_id.take().or_else(|| self.request_id.borrow().clone());
        error
    }
}
