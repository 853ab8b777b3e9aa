//! Requests and responses as a server sees them.

use crate::http::{form_decode, header};

/// A request that arrives.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The absolute URL.
    pub url: String,
    /// A line `name:value` for each header field.
    pub headers: String,
    /// The body of a POST.
    pub body: String,
}

/// A response on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// A line `name:value` for each header field.
    pub headers: String,
    /// The body.
    pub body: String,
}

impl Request {
    /// Returns a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// Returns a field of the form that is posted.
    pub fn field(&self, name: &str) -> Option<String> {
        parameter(&self.body, name)
    }

    /// Returns a parameter of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        parameter(self.url.split_once('?')?.1, name)
    }

    /// Returns the refresh token that it would use up.
    pub fn refresh_token(&self) -> Option<String> {
        self.field("grant_type").filter(|kind| kind == "refresh_token")?;
        self.field("refresh_token")
    }
}

impl Response {
    /// Returns a response with a JSON body.
    pub fn json(status: u16, body: &str) -> Self {
        Self { status, headers: "content-type:application/json\n".into(), body: body.into() }
    }

    /// Returns the same response with a further header field.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers += &format!("{name}:{value}\n");
        self
    }
}

fn parameter(form: &str, name: &str) -> Option<String> {
    let mut pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(other, _)| *other == name).map(|(_, value)| form_decode(value))
}
