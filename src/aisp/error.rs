//! Error answers of the API (`openapi.yaml`, schema `Error`), whatever stands in their body.

use crate::error::{Class, Error, Kind};
use crate::http::{ErrorBody, Response};

/// The error that an answer beyond 2xx means.
pub fn error_response(response: &Response) -> Error {
    let status = response.status;
    let body = ErrorBody::of(response);
    let (class, meaning) = (class(&body.code, status), meaning(&body.code, status));
    let mut error = body.into_error(class, Kind::ServerError, meaning);
    error.retryable = matches!(status, 408 | 429 | 500 | 502 | 503 | 504);
    error.reauth_required = class == Class::Consent || status == 401;
    error
}

fn class(code: &str, status: u16) -> Class {
    match (code, status) {
        ("consent_expired" | "consent_revoked" | "sca_required", _) => Class::Consent,
        (_, 429) => Class::RateLimit,
        _ => Class::Api,
    }
}

/// What an error means to the caller, and what to do.
fn meaning(code: &str, status: u16) -> &'static str {
    match (code, status) {
        ("account_not_found", _) => "The account is unknown, or the customer did not consent to it",
        ("consent_expired", _) => {
            "The customer's consent has expired: connect the customer again, by `beginAuthorization` and under the same key"
        }
        ("consent_revoked", _) => {
            "The customer has revoked the consent: connect the customer again, by `beginAuthorization` and under the same key"
        }
        ("sca_required", _) => {
            "The bank wants strong customer authentication: connect the customer again, by `beginAuthorization` and under the same key"
        }
        ("transactions_period_too_long", _) => {
            "History over 90 days needs fresh strong authentication: ask for a shorter period or authorize again"
        }
        ("invalid_cursor", _) => {
            "The cursor has expired or belongs to other parameters: begin the listing again"
        }
        (_, 401) => "The access token is not accepted",
        (_, 403) => "The access token does not allow this",
        (_, 404) => "The API does not know this",
        (_, 429) => "Too many requests",
        (_, 500..) => "The API or the bank behind it is in trouble",
        _ => "The API refused the request",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> Error {
        error_response(&Response {
            status,
            body: body.into(),
            request_id: Some("r-1".into()),
            ..Response::default()
        })
    }

    #[test]
    fn the_documented_body_is_read_in_full() {
        let error = error(
            400,
            r#"{"error":"invalid_request","error_description":"Missing required parameter: account_id","timestamp":"2024-01-15T10:30:00Z"}"#,
        );
        assert_eq!(
            (error.class, error.code.as_str(), error.status),
            (Class::Api, "invalid_request", Some(400))
        );
        assert_eq!(
            error.message,
            "The API refused the request (invalid_request, status 400): Missing required parameter: account_id"
        );
        assert_eq!(error.timestamp.as_deref(), Some("2024-01-15T10:30:00Z"));
        assert_eq!(error.request_id.as_deref(), Some("r-1"));
    }

    #[test]
    fn classes_follow_code_and_status() {
        for (status, body, class, reauth) in [
            (403, r#"{"error":"consent_expired"}"#, Class::Consent, true),
            (403, r#"{"error":"sca_required"}"#, Class::Consent, true),
            (429, r#"{"error":"rate_limit_exceeded"}"#, Class::RateLimit, false),
            (429, "", Class::RateLimit, false),
            (401, r#"{"error":"invalid_token"}"#, Class::Api, true),
            (404, r#"{"error":"account_not_found"}"#, Class::Api, false),
        ] {
            let error = error(status, body);
            assert_eq!((error.class, error.reauth_required), (class, reauth), "{body}");
        }
    }

    #[test]
    fn any_other_body_becomes_a_snippet() {
        for (body, description) in [
            ("<html><body>Bad Gateway</body></html>", ": <html><body>Bad Gateway</body></html>"),
            ("upstream down", ": upstream down"),
            ("\"just a string\"", ": just a string"),
            (r#"{"title":"Down","detail":"For repair"}"#, ": For repair"),
            ("", ""),
            ("[1]", ": [1]"),
        ] {
            let error = error(502, body);
            assert_eq!(error.code, "http_502");
            assert_eq!(
                error.message,
                format!("The API or the bank behind it is in trouble (http_502, status 502){description}")
            );
            assert!(error.retryable);
        }
    }
}
