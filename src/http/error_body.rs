//! What the body of an error answer says: of an OAuth server (RFC 6749, section 5.2), of the API (`openapi.yaml`, schema `Error`),
//! or a problem document (RFC 9457).

use super::{Response, shorten, snippet};
use crate::digits;
use crate::error::{Class, Error, Kind, RequestSent, of_server};
use crate::json::{self, Value};
use crate::time;

/// An error body that is read.
pub struct ErrorBody {
    /// The server's code; `http_` and the status if there is none, or if it is one of this SDK's own.
    pub code: String,
    server_code: Option<String>,
    description: String,
    request_id: Option<String>,
    timestamp: Option<String>,
    status: u16,
}

impl ErrorBody {
    /// Reads the body of a response that is no success, whatever it holds.
    pub fn of(response: &Response) -> Self {
        let body = json::parse(&response.body).unwrap_or(Value::Null);
        let text = |name: &str| body.get(name).and_then(Value::as_text).filter(|text| !text.is_empty());
        let generic = ["http_", &digits::write(response.status.into())].concat();
        let (code, server_code) = of_server(text("error"), &generic);
        // RFC 9457 names the description `detail` and `title`.
        let described = ["error_description", "detail", "title"].into_iter().find_map(text);
        let description = match described.or_else(|| body.as_text()).or(server_code.as_deref()) {
            Some(described) => shorten(described),
            None if text("error").is_some_and(|sent| sent == code) => String::new(),
            None => snippet(&response.body),
        };
        Self {
            code,
            server_code,
            description,
            request_id: response.request_id.clone().or_else(|| text("request_id").map(shorten)),
            timestamp: text("timestamp").filter(|text| time::from_rfc3339(text).is_some()).map(String::from),
            status: response.status,
        }
    }

    /// The error of the response. `meaning` opens its message.
    pub fn into_error(self, class: Class, kind: Kind, meaning: &str) -> Error {
        let separator = if self.description.is_empty() { "" } else { ": " };
        let status = digits::write(self.status.into());
        let message =
            [meaning, " (", &self.code, ", status ", &status, ")", separator, &self.description].concat();
        let mut error = Error::server(class, kind, &self.code, &message);
        error.server_code = self.server_code;
        error.status = Some(self.status);
        error.request_id = self.request_id;
        error.timestamp = self.timestamp;
        error.request_sent = RequestSent::Yes;
        error
    }
}
