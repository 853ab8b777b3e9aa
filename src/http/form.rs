//! Forms and queries (`application/x-www-form-urlencoded`).

use super::encoding::form_encode;
use super::message::Headers;

/// A form or query under construction.
#[derive(Clone, Default)]
pub struct Form(String);

impl Form {
    /// Without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a field.
    pub fn push(&mut self, name: &str, value: &str) -> &mut Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(&form_encode(name));
        self.0.push('=');
        self.0.push_str(&form_encode(value));
        self
    }

    /// Appends a field that may be absent.
    pub fn maybe(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.push(name, value),
            None => self,
        }
    }

    /// Whether there is a field of that name.
    pub fn has(&self, name: &str) -> bool {
        self.0.split('&').any(|field| field.split('=').next() == Some(name))
    }

    /// The encoded text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The encoded text as a request body.
    pub fn into_body(self, headers: &mut Headers) -> String {
        headers.set("content-type", "application/x-www-form-urlencoded;charset=UTF-8");
        self.0
    }
}
