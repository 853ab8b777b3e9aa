//! What can go wrong, as data from which each host makes its error classes. The [table] has the kinds.

mod class;
#[cfg(not(target_arch = "wasm32"))]
pub mod known_codes;
mod server_code;
pub mod table;

pub use class::Class;
pub use server_code::of_server;
pub use table::{Kind, Wording, wording};

use crate::json::{FieldError, ObjectWriter};
use crate::redact;

/// Whether the server may have seen the request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RequestSent {
    /// It never left.
    #[default]
    No,
    /// The server answered.
    Yes,
    /// It may have been processed.
    Unknown,
}

/// What the platform said, outermost first: the `cause` chain, redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The name of the platform's error class.
    pub name: String,
    /// Its message.
    pub message: String,
    /// Its code, such as `ECONNREFUSED`.
    pub code: Option<String>,
}

/// The parts of an [`Error`].
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// The class in the public interface.
    pub class: Class,
    /// What flows decide by.
    pub kind: Kind,
    /// A stable code, listed in `docs/errors.md`, or the server's own.
    pub code: String,
    /// The server's code, if it is one of this SDK's own: see [`of_server`].
    pub server_code: Option<String>,
    /// What is wrong and what to do, without secrets.
    pub message: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The `X-Request-ID` of the exchange, for support.
    pub request_id: Option<String>,
    /// When the server says that it happened (RFC 3339).
    pub timestamp: Option<String>,
    /// Whether the same call may succeed later without a change.
    pub retryable: bool,
    /// Whether the customer has to consent again.
    pub reauth_required: bool,
    /// Whether the server may have acted on the request.
    pub request_sent: RequestSent,
    /// How many attempts were made.
    pub attempts: u32,
    /// When to try again (RFC 3339), if the server gave a time.
    pub retry_at: Option<String>,
    /// Where a value is not what it should be.
    pub field_error: Option<FieldError>,
    /// The cause chain.
    pub causes: Vec<Cause>,
}

/// An error of this SDK. Its text is redacted when it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Error(Box<Details>);

/// The result of what may fail.
pub type Result<T> = core::result::Result<T, Error>;

impl core::ops::Deref for Error {
    type Target = Details;
    fn deref(&self) -> &Details {
        &self.0
    }
}

impl core::ops::DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Returns the error of a kind, as the table describes it.
    pub fn of(kind: Kind) -> Self {
        Self::with_message(kind, kind.row().message.into())
    }

    /// Returns the error of a kind whose message names a detail, which is redacted.
    pub fn with_detail(kind: Kind, detail: &str) -> Self {
        let message = kind.row().message;
        let (before, after) = message.split_once("{}").unwrap_or((message, ""));
        Self::with_message(kind, [before, &redact::text(detail), after].concat())
    }

    /// Returns the error of a kind with the message of one place.
    pub fn worded(wording: &Wording) -> Self {
        Self::with_message(wording.kind, wording.message.into())
    }

    fn with_message(kind: Kind, message: String) -> Self {
        let row = kind.row();
        let mut error = Self::new(kind, row.class, row.code.into(), message);
        error.retryable = row.retryable;
        error.reauth_required = row.reauth_required;
        error
    }

    /// Returns the error that a server's answer means. A server may have written `code` and `message`, so both are redacted.
    pub fn server(class: Class, kind: Kind, code: &str, message: &str) -> Self {
        Self::new(kind, class, redact::text(code), redact::text(message))
    }

    fn new(kind: Kind, class: Class, code: String, message: String) -> Self {
        Self(Box::new(Details {
            class,
            kind,
            code,
            server_code: None,
            message,
            status: None,
            request_id: None,
            timestamp: None,
            retryable: false,
            reauth_required: false,
            request_sent: RequestSent::No,
            attempts: 0,
            retry_at: None,
            field_error: None,
            causes: Vec::new(),
        }))
    }

    /// Returns the error of a wrong option or argument.
    pub fn option(field_error: FieldError) -> Self {
        Self::with_field_error(Kind::InvalidOption, field_error)
    }

    /// Returns the error of an answer that breaks the contract.
    pub fn response(field_error: FieldError) -> Self {
        let mut error = Self::with_field_error(Kind::InvalidResponse, field_error);
        error.request_sent = RequestSent::Yes;
        error
    }

    /// Returns the error of a kind whose message is that of the field_error.
    pub fn with_field_error(kind: Kind, field_error: FieldError) -> Self {
        let mut error = Self::with_detail(kind, &field_error.message());
        error.field_error = Some(field_error);
        error
    }

    /// Replaces every occurrence of the given secrets, for texts that a server or a platform wrote.
    pub fn without(mut self, secrets: &[&str]) -> Self {
        let details = &mut *self.0;
        redact::values(&mut details.code, secrets);
        redact::values(&mut details.message, secrets);
        for text in
            [&mut details.server_code, &mut details.request_id, &mut details.timestamp].into_iter().flatten()
        {
            redact::values(text, secrets);
        }
        for cause in &mut details.causes {
            redact::values(&mut cause.name, secrets);
            redact::values(&mut cause.message, secrets);
            if let Some(code) = &mut cause.code {
                redact::values(code, secrets);
            }
        }
        self
    }

    /// The details as JSON, for the JavaScript edge.
    pub fn to_json(&self) -> String {
        let mut out = ObjectWriter::new();
        out.text("class", self.class.name()).text("code", &self.code).text("message", &self.message);
        out.optional("serverCode", self.server_code.as_deref());
        if let Some(status) = self.status {
            out.number("status", status.into());
        }
        out.optional("requestId", self.request_id.as_deref());
        out.optional("timestamp", self.timestamp.as_deref());
        out.flag("retryable", self.retryable).flag("reauthRequired", self.reauth_required);
        out.text(
            "requestSent",
            match self.request_sent {
                RequestSent::No => "no",
                RequestSent::Yes => "yes",
                RequestSent::Unknown => "unknown",
            },
        );
        out.number("attempts", self.attempts.into());
        out.optional("retryAt", self.retry_at.as_deref());
        if let Some(field_error) = &self.field_error {
            out.text("path", &field_error.path)
                .text("expected", &field_error.expected)
                .text("found", &field_error.found);
        }
        let causes: Vec<String> = self.causes.iter().map(Cause::to_json).collect();
        out.raw("causes", &["[", &causes.join(","), "]"].concat());
        out.finish()
    }
}

impl Cause {
    fn to_json(&self) -> String {
        let mut out = ObjectWriter::new();
        out.text("name", &redact::text(&self.name)).text("message", &redact::text(&self.message));
        out.optional("code", self.code.as_deref().map(redact::text).as_deref());
        out.finish()
    }
}

#[cfg(test)]
mod tests;
