//! What can go wrong, as data; the JavaScript edge makes its `Error` classes from it.

use crate::json::{FieldError, ObjectWriter};
use crate::redact;

/// Which class of the public interface the error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// An option or argument is wrong; nothing was sent.
    Configuration,
    /// The callback of an authorization is an error, forged, stale or used.
    Authorization,
    /// The token, pushed-authorization or revocation endpoint refused.
    OAuth,
    /// The API answered with an error.
    Api,
    /// The API answered 429.
    RateLimit,
    /// The customer's consent expired or was revoked, or the bank wants strong authentication.
    Consent,
    /// No answer came.
    Network,
    /// An attempt or the whole call took too long.
    Timeout,
    /// The caller's signal ended the call.
    Abort,
    /// The answer is not what the contract says.
    Response,
    /// A defect of ours.
    Internal,
}

impl Class {
    /// The name of the class in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            Class::Configuration => "ConfigurationError",
            Class::Authorization => "AuthorizationError",
            Class::OAuth => "OAuthError",
            Class::Api => "ApiError",
            Class::RateLimit => "RateLimitError",
            Class::Consent => "ConsentError",
            Class::Network => "NetworkError",
            Class::Timeout => "TimeoutError",
            Class::Abort => "AbortError",
            Class::Response => "ResponseError",
            Class::Internal => "InternalError",
        }
    }
}

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

/// What a flow decides by. This SDK sets it where it makes the error, so no text of a server can: flows match on it, never on `code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// No flow decides by it.
    #[default]
    Other,
    /// The authorization server refused the client itself: `invalid_client` or `unauthorized_client` from one of its endpoints.
    ClientRefused,
    /// The authorization server refused the code or the refresh token: `invalid_grant` from its token endpoint.
    GrantRefused,
    /// The authorization server refused the request with another code of RFC 6749, section 5.2, or RFC 9449, section 5.
    RequestRefused,
    /// The authorization server, or a gateway before it, answered with another code.
    ServerError,
    /// `session_not_found`
    SessionNotFound,
    /// `session_unreadable` or `invalid_stored_session`
    SessionUnreadable,
    /// `tokens_not_stored`
    TokensNotStored,
    /// `unexpected_redirect`
    UnexpectedRedirect,
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
    /// The server's code, if it is one of this SDK's own: see [`codes`](crate::codes).
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
    /// An error of `class`; codes and messages may come from a server, so both are redacted.
    pub fn new(class: Class, code: &str, message: &str) -> Self {
        Self(Box::new(Details {
            class,
            kind: Kind::Other,
            code: redact::text(code),
            server_code: None,
            message: redact::text(message),
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

    /// The same error with the kind that flows decide by.
    pub fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// A wrong option or argument.
    pub fn option(field_error: FieldError) -> Self {
        let mut error = Self::new(Class::Configuration, "invalid_option", &field_error.message());
        error.field_error = Some(field_error);
        error
    }

    /// An answer that breaks the contract.
    pub fn response(field_error: FieldError) -> Self {
        let mut error = Self::new(Class::Response, "invalid_response", &field_error.message());
        error.field_error = Some(field_error);
        error.request_sent = RequestSent::Yes;
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
mod tests {
    use super::*;

    #[test]
    fn a_servers_text_loses_account_numbers_and_the_secrets_of_the_call() {
        let error = Error::new(Class::Api, "x", "bad token s3cr3t-token for DE89370400440532013000")
            .without(&["s3cr3t-token"]);
        assert_eq!(error.message, "bad token [redacted] for DE** **** 3000");
    }
    #[test]
    fn the_whole_chain_of_causes_loses_them_too() {
        let mut error = Error::new(Class::Network, "x", "y");
        let cause = Cause {
            name: "s3cr3t Error".into(),
            message: "s3cr3t".into(),
            code: Some("E_s3cr3t_DE89370400440532013000".into()),
        };
        error.causes = vec![cause.clone(), cause];
        let shown = error.without(&["s3cr3t"]).to_json();
        assert!(!shown.contains("s3cr3t") && !shown.contains("370400440532013000"), "{shown}");
    }
}
