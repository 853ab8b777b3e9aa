//! Pushed authorization requests (PAR, RFC 9126): the parameters go from server to server, the browser carries a reference.
//!
//! Rule: `docs/security.md#pushed-request`.

use super::error_response;
use crate::error::{Error, Result};
use crate::http::Response;
use crate::json::{self, Fields, Value};

/// Reads the answer: the `request_uri` that stands for the request (section 2.2).
pub fn parse(response: &Response) -> Result<String> {
    if !response.is_success() {
        return Err(error_response(response, "The pushed authorization request was refused"));
    }
    let body = json::parse(&response.body).unwrap_or(Value::Null);
    let read = || {
        let fields = Fields::of("pushed authorization response", &body)?;
        let request_uri = fields.required_text("request_uri")?;
        // A URI (RFC 9126, section 2.2), which goes into the front channel as it is.
        let is_uri = !request_uri.is_empty() && request_uri.bytes().all(|byte| byte.is_ascii_graphic());
        if is_uri { Ok(request_uri) } else { Err(fields.field_error("request_uri", "a URI")) }
    };
    read().map(String::from).map_err(Error::response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(status: u16, body: &str) -> Result<String> {
        parse(&Response { status, body: body.into(), ..Response::default() })
    }

    /// Rule: `pushed-request`.
    #[test]
    fn the_answer_is_a_reference() {
        // The example of RFC 9126, section 2.2.
        let body = r#"{"request_uri":"urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c","expires_in":60}"#;
        assert_eq!(
            parsed(201, body).unwrap(),
            "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c"
        );
    }

    #[test]
    fn a_refusal_has_the_servers_code_and_nonsense_is_an_error() {
        assert_eq!(parsed(400, r#"{"error":"invalid_request"}"#).unwrap_err().code, "invalid_request");
        for body in
            ["", "[]", "{}", r#"{"request_uri":7}"#, r#"{"request_uri":""}"#, r#"{"request_uri":"a b"}"#]
        {
            assert_eq!(parsed(201, body).unwrap_err().code, "invalid_response", "{body}");
        }
    }
}
