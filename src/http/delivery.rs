//! Whether a failed request reached the server: the one decision behind `requestSent`, `retryable` and whether a code or
//! refresh token is still unused.

use crate::error::{Cause, Error, Kind, RequestSent, wording};
use crate::json::FieldError;

/// Where an exchange failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The platform was offline, so `fetch` was not called.
    Offline,
    /// No connection was made, as a host knows that can tell.
    Connect,
    /// No response headers arrived.
    Request,
    /// The application's `fetch` gave no `Response`.
    Response,
    /// The body broke off.
    Body,
    /// The body was larger than its limit.
    Size,
}

impl Phase {
    /// Returns the phase that a host names.
    pub fn named(name: &str) -> Self {
        match name {
            "offline" => Self::Offline,
            "connect" => Self::Connect,
            "response" => Self::Response,
            "body" => Self::Body,
            "size" => Self::Size,
            _ => Self::Request,
        }
    }
}

/// Returns the error of an exchange without a whole response. `causes` is the platform's chain, the outermost first.
pub fn failure(phase: Phase, causes: Vec<Cause>, status: u16) -> Error {
    let (kind, request_sent) = match phase {
        Phase::Response => {
            let field_error = FieldError::new("fetch", "a function that gives a Response", "something else");
            let mut error = Error::option(field_error);
            error.request_sent = RequestSent::Unknown;
            error.causes = causes;
            return error;
        }
        Phase::Size => (Kind::BodyTooLarge, RequestSent::Yes),
        Phase::Body => (Kind::BodyInterrupted, RequestSent::Yes),
        Phase::Offline => (Kind::Offline, RequestSent::No),
        Phase::Connect => (Kind::ConnectionFailed, RequestSent::No),
        Phase::Request if never_sent(&causes) => (Kind::ConnectionFailed, RequestSent::No),
        Phase::Request => (Kind::NetworkError, RequestSent::Unknown),
    };
    let mut error = Error::of(kind);
    error.status = (status > 0).then_some(status);
    error.request_sent = request_sent;
    error.causes = causes;
    error
}

/// Returns the error of a proxy that refused the connection: status 407 never comes from the server itself (RFC 9110,
/// section 15.5.8).
pub fn refused_by_proxy() -> Error {
    let mut error = Error::worded(&wording::PROXY_REFUSED);
    error.status = Some(407);
    error
}

/// Returns whether the causes show that the request never left (`docs/refresh.md#not-sent`). What nobody knows may have been sent.
fn never_sent(causes: &[Cause]) -> bool {
    // The attempts that an `AggregateError` lists stand behind it, and each of them has to have failed to connect.
    match causes.iter().position(|cause| cause.name == "AggregateError") {
        Some(index) => match causes.get(index + 1..) {
            Some([]) | None => causes.iter().any(failed_to_connect),
            Some(attempts) => attempts.iter().all(failed_to_connect),
        },
        None => causes.iter().any(failed_to_connect),
    }
}

/// Returns whether this cause alone shows that no connection was made, by the codes of Node, undici, OpenSSL and Bun, and
/// the texts of those that have no code of their own.
fn failed_to_connect(cause: &Cause) -> bool {
    let code = cause.code.as_deref().unwrap_or_default();
    let message = cause.message.as_str();
    let during = |syscall: &str| !code.is_empty() && message.contains(&[syscall, " ", code].concat());
    if during("read") || during("write") {
        // An established connection failed, except where TLS could not encrypt what was to be written.
        return code == "EPROTO";
    }
    (!code.is_empty() && CODES.contains(&[" ", code, " "].concat()))
        || during("connect")
        || message.contains("getaddrinfo ")
        || (message.starts_with("query") && during_query(message, code))
        || CODE_PREFIXES.iter().any(|prefix| code.starts_with(prefix))
        || (code.starts_with("ERR_SSL_") && HANDSHAKE.iter().any(|part| code.contains(part)))
        || NAMES.contains(&cause.name.as_str())
        || MESSAGES.iter().any(|text| message.contains(text))
}

/// Returns whether a DNS query failed, such as `queryAaaa ESERVFAIL api.example`.
fn during_query(message: &str, code: &str) -> bool {
    message.split(' ').nth(1).is_some_and(|word| !word.is_empty() && word == code)
}

/// Names, connections, sockets, permissions, proxies: between spaces.
const CODES: &str = " ECONNREFUSED ConnectionRefused FailedToOpenSocket ENOTFOUND EHOSTUNREACH ENETUNREACH \
EHOSTDOWN ENETDOWN EADDRNOTAVAIL EAFNOSUPPORT EMFILE ENFILE EPROTO ERR_ACCESS_DENIED \
ERR_INVALID_URL ERR_PROXY_INVALID_CONFIG ERR_PROXY_TUNNEL ERR_SOCKET_BAD_PORT \
ERR_SOCKET_CONNECTION_TIMEOUT ERR_TLS_CERT_ALTNAME_FORMAT ERR_TLS_CERT_ALTNAME_INVALID \
ERR_TLS_DH_PARAM_SIZE ERR_TLS_HANDSHAKE_TIMEOUT ERR_TLS_INVALID_CONTEXT \
ERR_TLS_INVALID_PROTOCOL_VERSION ERR_TLS_PROTOCOL_VERSION_CONFLICT \
ERR_TLS_REQUIRED_SERVER_NAME UND_ERR_CLOSED UND_ERR_CONNECT_TIMEOUT UND_ERR_INVALID_ARG \
UND_ERR_NOT_SUPPORTED UND_ERR_PRX_TLS DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN \
HOSTNAME_MISMATCH INVALID_CA INVALID_PURPOSE PATH_LENGTH_EXCEEDED ";

/// Name resolution; what OpenSSL says of certificates, revocation lists and the client's own key; SOCKS proxies.
const CODE_PREFIXES: [&str; 7] =
    ["EAI_", "CERT_", "CRL_", "UNABLE_TO_", "ERROR_IN_C", "ERR_OSSL_", "UND_ERR_SOCKS5"];

/// What the OpenSSL codes of a handshake contain. A server that refuses the client's certificate drops what follows it.
const HANDSHAKE: [&str; 12] = [
    "CERTIFICATE",
    "HANDSHAKE",
    "PROTOCOL",
    "WRONG_VERSION_NUMBER",
    "UNKNOWN_CA",
    "CIPHER",
    "KEY_TOO_SMALL",
    "MD_TOO_WEAK",
    "UNRECOGNIZED_NAME",
    "INSUFFICIENT_SECURITY",
    "ALERT_ACCESS_DENIED",
    "HTTP_REQUEST",
];

/// Deno's permissions.
const NAMES: [&str; 2] = ["NotCapable", "PermissionDenied"];

/// Node (a handshake that the server ended), undici (a proxy's refusal, a port that fetch blocks), Deno (any of these).
const MESSAGES: [&str; 4] = [
    "before secure TLS connection was established",
    "Proxy response (",
    "bad port",
    "client error (Connect)",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(name: &str, code: &str, message: &str) -> Cause {
        Cause { name: name.into(), message: message.into(), code: (!code.is_empty()).then(|| code.into()) }
    }

    fn sent(causes: &[(&str, &str, &str)]) -> RequestSent {
        let causes = causes.iter().map(|(name, code, message)| cause(name, code, message)).collect();
        failure(Phase::Request, causes, 0).request_sent
    }

    /// Rule: `not-sent`.
    #[test]
    fn never_sent_when_no_connection_was_made() {
        for (code, message) in [
            ("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1"),
            ("ETIMEDOUT", "connect ETIMEDOUT 192.0.2.1:443"),
            ("EACCES", "connect EACCES 192.0.2.1:443"),
            ("EPERM", "connect EPERM 192.0.2.1:443 - Local (0.0.0.0:0)"),
            ("EMFILE", "connect EMFILE 192.0.2.1:443 - Local (undefined:undefined)"),
            ("EADDRNOTAVAIL", "connect EADDRNOTAVAIL 192.0.2.1:443"),
            ("EHOSTUNREACH", "connect EHOSTUNREACH 192.0.2.1:443"),
            ("ENOTFOUND", "getaddrinfo ENOTFOUND api.example"),
            ("EAI_AGAIN", "getaddrinfo EAI_AGAIN api.example"),
            ("EBUSY", "getaddrinfo EBUSY api.example"),
            ("ESERVFAIL", "queryAaaa ESERVFAIL api.example"),
            ("UND_ERR_CONNECT_TIMEOUT", "Connect Timeout Error (attempted address: api.example:443)"),
            ("ETIMEDOUT", "request to https://a.example failed, reason: connect ETIMEDOUT 192.0.2.1:443"),
            ("UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling"),
            ("", "bad port"),
            ("ConnectionRefused", "Unable to connect. Is the computer able to access the url?"),
            ("", "error sending request for url (https://a.example/): client error (Connect): dns error"),
        ] {
            assert_eq!(
                sent(&[("TypeError", "", "fetch failed"), ("Error", code, message)]),
                RequestSent::No,
                "{message}"
            );
        }
        assert_eq!(sent(&[("NotCapable", "", "Requires net access to \"a.example\"")]), RequestSent::No);
    }

    /// Rule: `not-sent`.
    #[test]
    fn never_sent_when_the_handshake_failed() {
        for code in [
            "CERT_HAS_EXPIRED",
            "CERT_NOT_YET_VALID",
            "CERT_REVOKED",
            "DEPTH_ZERO_SELF_SIGNED_CERT",
            "SELF_SIGNED_CERT_IN_CHAIN",
            "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            "HOSTNAME_MISMATCH",
            "ERR_TLS_CERT_ALTNAME_INVALID",
            "ERR_SSL_WRONG_VERSION_NUMBER",
            "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
            "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
            "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
            "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
            "ERR_OSSL_PEM_NO_START_LINE",
        ] {
            assert_eq!(
                sent(&[("TypeError", "", "fetch failed"), ("Error", code, "")]),
                RequestSent::No,
                "{code}"
            );
        }
        assert_eq!(
            sent(&[("Error", "EPROTO", "write EPROTO 80:error:0A00010B:SSL routines")]),
            RequestSent::No
        );
        let ended = "Client network socket disconnected before secure TLS connection was established";
        assert_eq!(
            sent(&[("TypeError", "", "fetch failed"), ("Error", "ECONNRESET", ended)]),
            RequestSent::No
        );
    }

    /// Rule: `not-sent`.
    #[test]
    fn unknown_when_a_connection_stood_or_the_error_is_unknown() {
        for (code, message) in [
            ("ECONNRESET", "read ECONNRESET"),
            ("EPIPE", "write EPIPE"),
            ("ETIMEDOUT", "read ETIMEDOUT"),
            ("EHOSTUNREACH", "read EHOSTUNREACH"),
            ("ENETDOWN", "write ENETDOWN"),
            ("UND_ERR_SOCKET", "other side closed"),
            ("UND_ERR_HEADERS_TIMEOUT", "Headers Timeout Error"),
            ("UND_ERR_ABORTED", "Request aborted"),
            ("UND_ERR_DESTROYED", "The client is destroyed"),
            ("ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC", "bad record mac"),
            ("ETIMEDOUT", ""),
            ("", "Failed to fetch"),
            ("", "client error (SendRequest): connection closed before message completed"),
            ("ESOMETHING_NEW", "an error that nobody knows"),
        ] {
            let causes = [("TypeError", "", "fetch failed"), ("Error", code, message)];
            assert_eq!(sent(&causes), RequestSent::Unknown, "{code} {message}");
        }
        assert_eq!(sent(&[]), RequestSent::Unknown);
    }

    /// Rule: `not-sent`.
    #[test]
    fn never_sent_when_every_attempt_of_an_aggregate_failed_to_connect() {
        let aggregate = ("AggregateError", "ETIMEDOUT", "");
        let refused = ("Error", "ECONNREFUSED", "connect ECONNREFUSED ::1:443");
        let late = ("Error", "ETIMEDOUT", "connect ETIMEDOUT 192.0.2.1:443");
        let reset = ("Error", "ECONNRESET", "read ECONNRESET");
        let failed = ("TypeError", "", "fetch failed");
        assert_eq!(sent(&[failed, aggregate, refused, late]), RequestSent::No);
        assert_eq!(sent(&[failed, aggregate, refused, reset]), RequestSent::Unknown);
        assert_eq!(sent(&[("AggregateError", "ECONNREFUSED", "")]), RequestSent::No);
    }

    #[test]
    fn retryable_when_the_network_failed_whatever_was_sent() {
        for (phase, code, request_sent, retryable) in [
            (Phase::Offline, "offline", RequestSent::No, true),
            (Phase::Connect, "connection_failed", RequestSent::No, true),
            (Phase::Request, "network_error", RequestSent::Unknown, true),
            (Phase::Body, "body_interrupted", RequestSent::Yes, true),
            (Phase::Size, "body_too_large", RequestSent::Yes, false),
        ] {
            let error = failure(phase, Vec::new(), 0);
            assert_eq!(
                (error.code.as_str(), error.request_sent, error.retryable),
                (code, request_sent, retryable)
            );
        }
        let error = refused_by_proxy();
        assert_eq!((error.status, error.request_sent, error.retryable), (Some(407), RequestSent::No, true));
    }
}
