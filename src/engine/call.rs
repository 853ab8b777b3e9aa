//! One call: its context, which does not change, and its progress, which an error reports.

use core::cell::{Cell, OnceCell, RefCell};
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;
use std::rc::Rc;

use super::effect::Id;
use super::executor::LocalBoxFuture;
use super::io::{Io, first};
use super::shared_result::SharedResult;
use crate::aisp::Psu;
use crate::config::{self, Config};
use crate::error::{Class, Error, Kind, RequestSent, Result};
use crate::http::Deadline;
use crate::http::limiter::Priority;
use crate::json::{self, FieldError, Fields, Value};
use crate::time;

/// A call under way.
pub struct Call {
    /// The host's id of it; 0 for a refresh, which no caller waits for.
    pub id: Id,
    /// Its number, by which events name it.
    pub number: u32,
    /// The longest that one attempt may take, in milliseconds.
    pub timeout_ms: i64,
    deadline_ms: i64,
    /// When the whole call has to be over.
    pub deadline: Deadline,
    /// Whether a person waits for it.
    pub priority: Priority,
    /// A number of its session. Sessions take turns in the rate limit's queue; different keys may have one number.
    pub fairness_key: u32,
    psu_options: Option<Value>,
    psu: OnceCell<Psu>,
    /// What an error reports.
    pub progress: Progress,
}

/// What is known of a call's requests, for its error if it fails.
#[derive(Default)]
pub struct Progress {
    /// How many requests were sent for it.
    pub attempts: Cell<u32>,
    /// How many attempts of the present request were retries.
    pub retries: Cell<u32>,
    /// Whether the server may have seen the newest request.
    pub sent: Cell<RequestSent>,
    /// The status of the response to the newest request, once it arrived in full.
    pub status: Cell<Option<u16>>,
    /// The id of the newest request.
    pub request_id: RefCell<Option<String>>,
    /// The secrets that its requests carried.
    pub secrets: RefCell<Vec<String>>,
    /// When to call again, in milliseconds since the epoch, if that is known.
    pub retry_at: Cell<Option<i64>>,
}

impl Call {
    /// Reads the options that every call takes.
    pub fn parse(io: &Io, config: &Config, id: Id, key: &str, options: &str) -> Result<Self> {
        let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
        Self::with_defaults(io, config, id, key).with_options(io, config, &value).map_err(Error::option)
    }

    fn with_options(
        mut self,
        io: &Io,
        config: &Config,
        value: &Value,
    ) -> core::result::Result<Self, FieldError> {
        let fields = Fields::of("", value)?;
        fields.only(&["timeoutMs", "deadlineMs", "priority", "psu"])?;
        let priority = fields.text("priority")?;
        if !matches!(priority, None | Some("interactive" | "background")) {
            return Err(FieldError::new("priority", "'interactive' or 'background'", "another string"));
        }
        self.timeout_ms = config::at_least_one(fields, "timeoutMs", config.timeout_ms)?;
        self.deadline_ms = config::at_least_one(fields, "deadlineMs", config.deadline_ms)?;
        self.deadline = Deadline::after(io.clock(), self.deadline_ms as f64);
        if priority == Some("background") {
            self.priority = Priority::Background;
        }
        self.psu_options = fields.value("psu").cloned();
        Ok(self)
    }

    /// Returns a call with the client's defaults.
    pub fn with_defaults(io: &Io, config: &Config, id: Id, key: &str) -> Self {
        Self {
            id,
            number: io.next_call_number(),
            timeout_ms: config.timeout_ms,
            deadline_ms: config.deadline_ms,
            deadline: Deadline::after(io.clock(), config.deadline_ms as f64),
            priority: Priority::Interactive,
            fairness_key: key.bytes().fold(0, |sum, byte| u32::from(byte).wrapping_add(sum.wrapping_mul(31))),
            psu_options: None,
            psu: OnceCell::new(),
            progress: Progress::default(),
        }
    }

    /// Returns the option `psu`, which is read by a module that is loaded for it.
    pub fn psu_options(&self) -> Option<&Value> {
        self.psu_options.as_ref()
    }

    /// Sets the PSU headers, once.
    pub fn set_psu(&self, psu: Psu) {
        let _ = self.psu.set(psu);
    }

    /// Returns the PSU headers, which say that the customer is present.
    pub fn psu(&self) -> Option<&Psu> {
        self.psu.get()
    }

    /// Runs the call's work until it ends, its deadline passes or its caller aborts it.
    pub async fn run<T>(
        &self,
        io: &Rc<Io>,
        cancelled: &SharedResult<()>,
        work: LocalBoxFuture<'_, Result<T>>,
    ) -> Result<T> {
        let ended = {
            let (mut aborted, mut over) = (pin!(cancelled.wait()), pin!(io.timer(self.deadline_ms)));
            let end = poll_fn(|context| {
                if aborted.as_mut().poll(context).is_ready() {
                    return Poll::Ready(true);
                }
                over.as_mut().poll(context).map(|()| false)
            });
            first(end, work).await
        };
        let kind = match ended {
            Ok(result) => return result,
            Err(true) => Kind::Aborted,
            Err(false) => Kind::DeadlineExceeded,
        };
        Err(self.attach_context(Error::of(kind)))
    }

    /// Completes an error with what is known of the call.
    pub fn attach_context(&self, mut error: Error) -> Error {
        let Progress { attempts, sent, status, request_id, secrets, retry_at, .. } = &self.progress;
        error.attempts = attempts.get();
        error.request_sent = sent.get();
        if matches!(error.class, Class::Response | Class::OAuth | Class::Authorization) {
            // It is about the response.
            error.status = error.status.or(status.get());
        }
        error.retry_at = error.retry_at.take().or_else(|| retry_at.get().map(time::to_rfc3339));
        error.request_id = error.request_id.take().or_else(|| request_id.borrow().clone());
        // Once more on the finished texts: in a JSON body a secret may have been hidden by escapes.
        let secrets = secrets.borrow();
        error.without(&secrets.iter().map(String::as_str).collect::<Vec<_>>())
    }
}
