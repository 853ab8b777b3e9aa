//! Error answers of the authorization server (RFC 6749, section 5.2).
//!
//! Rule: `docs/security.md#oauth-error`.

use crate::error::{Class, Error, Kind};
use crate::http::{ErrorBody, Response};

/// The error of a 4xx or 5xx answer, whatever its body is. `doing` opens the message.
pub fn error_response(response: &Response, doing: &str) -> Error {
    let body = ErrorBody::of(response);
    // Here the code is the server's or `http_…`, never one of ours.
    let kind = match body.code.as_str() {
        "invalid_grant" => Kind::GrantRefused,
        "invalid_client" | "unauthorized_client" => Kind::ClientRefused,
        "invalid_request"
        | "unsupported_grant_type"
        | "invalid_scope"
        | "invalid_dpop_proof"
        | "use_dpop_nonce" => Kind::RequestRefused,
        _ => Kind::ServerError,
    };
    let passing = body.code == "temporarily_unavailable";
    let mut error = body.into_error(Class::OAuth, kind, doing);
    error.reauth_required = kind == Kind::GrantRefused;
    error.retryable = response.status >= 500 || response.status == 429 || passing;
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> Error {
        error_response(&Response { status, body: body.into(), ..Response::default() }, "Refused")
    }

    /// Rule: `oauth-error`.
    #[test]
    fn an_oauth_error_body_is_read_at_any_status() {
        for status in [400, 401, 403, 500, 503] {
            let error = error(
                status,
                r#"{"error":"invalid_grant","error_description":"expired","timestamp":"2024-01-15T10:30:00Z"}"#,
            );
            assert_eq!((error.code.as_str(), error.status), ("invalid_grant", Some(status)));
            assert!(error.reauth_required);
            assert_eq!(error.timestamp.as_deref(), Some("2024-01-15T10:30:00Z"));
        }
    }

    #[test]
    fn a_servers_code_that_is_one_of_ours_stands_apart_and_decides_nothing() {
        let error = error(400, r#"{"error":"refresh_outcome_unknown"}"#);
        assert_eq!((error.code.as_str(), error.kind), ("http_400", Kind::ServerError));
        assert_eq!(error.server_code.as_deref(), Some("refresh_outcome_unknown"));
        assert_eq!(error.message, "Refused (http_400, status 400): refresh_outcome_unknown");
    }

    #[test]
    fn the_servers_words_have_no_line_breaks_or_escapes() {
        let error = error(
            400,
            "{\"error\":\"a\\nb\",\"error_description\":\"one\\ntwo \\u001b[31mred\\u202eright\",\"request_id\":\"r\\n1\"}",
        );
        assert_eq!(error.code, "http_400");
        assert_eq!(error.message, "Refused (http_400, status 400): one two [31mred right");
        assert_eq!(error.request_id.as_deref(), Some("r 1"));
    }

    /// Rule: `oauth-error`.
    #[test]
    fn a_page_of_html_is_an_error_with_its_status_and_a_snippet() {
        let error = error(502, "<html>\n<h1>Bad   Gateway</h1></html>");
        assert_eq!((error.code.as_str(), error.retryable), ("http_502", true));
        assert_eq!(error.message, "Refused (http_502, status 502): <html> <h1>Bad Gateway</h1></html>");
    }
}
