//! A request and a response as values.

use super::encoding::form_decode;
use crate::redact;

/// The methods that this SDK sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Token, revocation and pushed-authorization requests.
    Post,
}

impl Method {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// Header fields of a request, names in lower case.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(&'static str, String)>);

impl Headers {
    /// Sets a field, in the place of an earlier one of that name. Line breaks can't get in: a value that has one is cut there.
    pub fn set(&mut self, name: &'static str, value: &str) {
        let end = value.bytes().position(|byte| matches!(byte, b'\r' | b'\n' | b'\0'));
        let value = end.and_then(|end| value.get(..end)).unwrap_or(value).to_string();
        match self.0.iter_mut().find(|(n, _)| *n == name) {
            Some(field) => field.1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }

    /// One `name:value` a line, the form in which the edge takes them.
    pub fn lines(&self) -> String {
        let mut out = String::new();
        for (name, value) in &self.0 {
            out.push_str(name);
            out.push(':');
            out.push_str(value);
            out.push('\n');
        }
        out
    }
}

impl core::fmt::Debug for Headers {
    /// Names only: values hold credentials.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// A request that somebody else sends.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// An absolute URL that holds no secret.
    pub url: String,
    /// The header fields.
    pub headers: Headers,
    /// The body of a POST.
    pub body: Option<String>,
}

impl Request {
    /// A GET that asks for JSON.
    pub fn get(url: String) -> Self {
        Self::with(Method::Get, url)
    }

    /// A POST that asks for JSON.
    pub fn post(url: String) -> Self {
        Self::with(Method::Post, url)
    }

    /// The secrets that this request carries, so that they can be kept out of whatever a server or a platform says of it:
    /// the credential of its `Authorization` header, and the form fields that RFC 6749, 7636, 7009 and 7523 make secret.
    pub fn secrets(&self) -> Vec<String> {
        const FIELDS: [&str; 6] =
            ["code", "code_verifier", "refresh_token", "token", "client_secret", "client_assertion"];
        let mut secrets = Vec::new();
        if let Some((_, credential)) =
            self.headers.get("authorization").and_then(|value| value.split_once(' '))
        {
            secrets.push(credential.into());
        }
        for pair in self.body.as_deref().unwrap_or_default().split('&') {
            let Some((name, value)) = pair.split_once('=') else { continue };
            if FIELDS.contains(&name) {
                // A server may echo a field as it was sent, or decoded.
                secrets.push(value.into());
                secrets.push(form_decode(value));
            }
        }
        secrets
    }

    fn with(method: Method, url: String) -> Self {
        let mut headers = Headers::default();
        headers.set("accept", "application/json");
        Self { method, url, headers, body: None }
    }
}

impl core::fmt::Debug for Request {
    /// Without header values and body: they hold credentials.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// What came back, with those header fields that the core reads.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code; 0 for a redirect that the platform hides.
    pub status: u16,
    /// `X-Request-ID`.
    pub request_id: Option<String>,
    /// `WWW-Authenticate`.
    pub www_authenticate: Option<String>,
    /// `DPoP-Nonce` (RFC 9449, section 8).
    pub dpop_nonce: Option<String>,
    /// Whether there is a `Retry-After`.
    pub has_retry_after: bool,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Removes a request's secrets from what will be quoted in errors and events: a server may echo what it was sent.
    pub fn scrub(&mut self, secrets: &[&str]) {
        if let Some(id) = &mut self.request_id {
            redact::values(id, secrets);
        }
        // The body of a success is data, and never quoted.
        if !self.is_success() {
            let mut text = String::from_utf8_lossy(&self.body).into_owned();
            redact::values(&mut text, secrets);
            self.body = text.into_bytes();
        }
    }

    /// Whether this is a redirect, which this SDK never follows.
    pub fn is_redirect(&self) -> bool {
        self.status == 0 || (300..400).contains(&self.status)
    }
}

impl core::fmt::Debug for Response {
    /// Without the body: it may hold tokens or account data.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_in_a_value_adds_no_header() {
        let mut headers = Headers::default();
        headers.set("psu-user-agent", "x\r\nauthorization: y");
        assert_eq!(headers.lines(), "psu-user-agent:x\n");
    }

    #[test]
    fn what_will_be_quoted_is_scrubbed_before_it_is_cut() {
        let body = b"you sent s3cr3t-token-1".to_vec();
        let request_id = Some("s3cr3t-token-1".into());
        let mut response = Response { status: 400, body, request_id, ..Response::default() };
        response.scrub(&["s3cr3t-token-1"]);
        assert_eq!(response.body, b"you sent [redacted]");
        assert_eq!(response.request_id.as_deref(), Some("[redacted]"));
    }

    #[test]
    fn a_request_knows_its_secrets() {
        let mut request = Request::post("https://a.example/token".into());
        request.headers.set("authorization", "Basic c2VjcmV0");
        request.body = Some("grant_type=authorization_code&code=a%2Fb&redirect_uri=https%3A%2F%2Fc".into());
        assert_eq!(request.secrets(), ["c2VjcmV0", "a%2Fb", "a/b"]);
    }

    #[test]
    fn debug_output_shows_no_credentials() {
        let mut request = Request::post("https://a.example/token".into());
        request.headers.set("authorization", "Basic c2VjcmV0");
        request.body = Some("code=secret".into());
        let shown = format!("{request:?}");
        assert!(!shown.contains("secret") && !shown.contains("c2VjcmV0"), "{shown}");
    }
}
