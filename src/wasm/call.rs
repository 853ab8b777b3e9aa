//! One call of the public interface: its options, its deadline, and what is known of it should it fail.

use core::cell::{Cell, RefCell};

use wasm_bindgen::JsValue;

use super::alarm::{Alarm, Fired};
use super::client::Inner;
use super::edge::clock;
use super::turns::Turn;
use crate::aisp::Psu;
use crate::config::{self, Config};
use crate::engine::LocalBoxFuture;
use crate::error::{Class, Error, Kind, RequestSent, Result};
use crate::http::Deadline;
use crate::http::limiter::Priority;
use crate::json::{self, FieldError, Fields, Value};
use crate::time;

thread_local! {
    static NEWEST: Cell<u32> = const { Cell::new(0) };
}

/// A call under way.
pub struct Call {
    /// Its number, by which events name it.
    pub number: u32,
    /// The longest that one attempt may take, in milliseconds.
    pub timeout_ms: i64,
    deadline_ms: i64,
    /// When the whole call has to be over.
    pub deadline: Deadline,
    /// Whether somebody waits for it.
    pub priority: Priority,
    /// A number for the session, among which turns are shared out.
    pub session: Cell<u32>,
    /// The turn to send, where the next attempt has taken one.
    pub turn: RefCell<Option<Turn>>,
    /// The option `psu`, until it is read.
    pub psu_options: Option<Value>,
    /// The PSU headers, which say that the customer is present.
    pub psu: RefCell<Psu>,
    /// How many requests went out for what was asked.
    pub attempts: Cell<u32>,
    /// Whether the server may have seen the newest request.
    pub sent: Cell<RequestSent>,
    /// The status of the answer to the newest request, once it is there in full.
    pub status: Cell<Option<u16>>,
    /// The id of the newest request.
    pub request_id: RefCell<Option<String>>,
    /// The secrets that its requests carried.
    pub secrets: RefCell<Vec<String>>,
    /// How long the newest attempt waited for its turn, in milliseconds.
    pub waited: Cell<f64>,
    /// How many attempts of the present request were retries.
    pub retries: Cell<u32>,
    /// What `sent` was before the newest retry.
    pub sent_before: Cell<RequestSent>,
    /// The milliseconds that the newest answer asks to wait.
    pub retry_after: Cell<Option<f64>>,
    /// When to make the call anew, in milliseconds since the epoch, where that is known.
    pub retry_at: Cell<Option<i64>>,
}

impl Call {
    /// Reads the options that every call takes.
    pub fn parse(config: &Config, options: &str) -> Result<Self> {
        let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
        Self::read(config, &value).map_err(Error::option)
    }

    fn read(config: &Config, value: &Value) -> core::result::Result<Self, FieldError> {
        let fields = Fields::of("", value)?;
        fields.only(&["timeoutMs", "deadlineMs", "priority", "psu"])?;
        let priority = fields.text("priority")?;
        if !matches!(priority, None | Some("interactive" | "background")) {
            return Err(FieldError::new("priority", "'interactive' or 'background'", "another string"));
        }
        let deadline_ms = config::at_least_one(fields, "deadlineMs", config.deadline_ms)?;
        let number = NEWEST.get().wrapping_add(1);
        NEWEST.set(number);
        Ok(Self {
            number,
            timeout_ms: config::at_least_one(fields, "timeoutMs", config.timeout_ms)?,
            deadline_ms,
            deadline: Deadline::after(clock(), deadline_ms as f64),
            priority: if priority == Some("background") {
                Priority::Background
            } else {
                Priority::Interactive
            },
            session: Cell::new(0),
            turn: RefCell::new(None),
            psu_options: fields.value("psu").cloned(),
            psu: RefCell::default(),
            attempts: Cell::new(0),
            sent: Cell::new(RequestSent::No),
            status: Cell::new(None),
            request_id: RefCell::new(None),
            secrets: RefCell::new(Vec::new()),
            waited: Cell::new(0.0),
            retries: Cell::new(0),
            sent_before: Cell::new(RequestSent::No),
            retry_after: Cell::new(None),
            retry_at: Cell::new(None),
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
        let kind = match ended {
            Fired::Abort => Kind::Aborted,
            Fired::Time => Kind::DeadlineExceeded,
        };
        Err(self.note(Error::of(kind)))
    }

    /// Notes whose session the call reads from. Different keys may get one number; then they share their turns.
    pub fn belongs_to(&self, key: &str) {
        self.session.set(key.bytes().fold(0, |sum, byte| u32::from(byte).wrapping_add(sum.wrapping_mul(31))));
    }

    /// Completes an error with what is known of the call.
    pub fn note(&self, mut error: Error) -> Error {
        error.attempts = self.attempts.get();
        error.request_sent = self.sent.get();
        if matches!(error.class, Class::Response | Class::OAuth | Class::Authorization) {
            // It is about the answer.
            error.status = error.status.or(self.status.get());
        }
        error.retry_at = error.retry_at.take().or_else(|| self.retry_at.get().map(time::to_rfc3339));
        error.request_id = error.request_id.take().or_else(|| self.request_id.borrow().clone());
        // Once more on the finished texts: in a JSON body a secret may have been hidden by escapes.
        let secrets = self.secrets.borrow();
        error.without(&secrets.iter().map(String::as_str).collect::<Vec<_>>())
    }
}
