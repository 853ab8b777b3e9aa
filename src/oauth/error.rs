//! Error answers of the authorization server (RFC 6749, section 5.2).

use crate::digits;
use crate::error::{Class, Error, RequestSent};
use crate::http::{Response, shorten, snippet};
use crate::json::{self, Value};
use crate::time;

/// The error of a 4xx or 5xx answer, whatever its body is. `doing` opens the message.
pub fn error_response(response: &Response, doing: &str) -> Error {
    let body = json::parse(&response.body).unwrap_or(Value::Null);
    let text = |name: &str| body.get(name).and_then(Value::as_text).filter(|text| !text.is_empty());
    let status = digits::write(response.status.into());
    let code = text("error")
        .filter(|code| code.len() <= 100)
        .map_or_else(|| ["http_", &status].concat(), String::from);
    let told = match (text("error_description"), text("error")) {
        (Some(description), _) => shorten(description),
        (None, Some(_)) => String::new(),
        (None, None) => snippet(&response.body),
    };
    let separator = if told.is_empty() { "" } else { ": " };
    let mut error = Error::new(
        Class::OAuth,
        &code,
        &[doing, " (", &code, ", status ", &status, ")", separator, &told].concat(),
    );
    error.status = Some(response.status);
    error.request_id = response.request_id.clone().or_else(|| text("request_id").map(String::from));
    error.timestamp = text("timestamp").filter(|text| time::from_rfc3339(text).is_some()).map(String::from);
    error.request_sent = RequestSent::Yes;
    error.reauth_required = code == "invalid_grant";
    error.retryable = response.status >= 500 || response.status == 429 || code == "temporarily_unavailable";
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> Error {
        error_response(&Response { status, body: body.into(), ..Response::default() }, "Refused")
    }

    #[test]
    fn o4_an_oauth_error_body_is_read_at_any_status() {
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
    fn o4_a_page_of_html_is_an_error_with_its_status_and_a_snippet() {
        let error = error(502, "<html>\n<h1>Bad   Gateway</h1></html>");
        assert_eq!((error.code.as_str(), error.retryable), ("http_502", true));
        assert_eq!(error.message, "Refused (http_502, status 502): <html> <h1>Bad Gateway</h1></html>");
    }
}
