//! The pending authorization: what must be kept from the redirect to the callback.

use super::pkce::Verifier;
use crate::error::{Error, Kind, Result};
use crate::json::{self, Fields, ObjectWriter};
use crate::time;

/// A transaction that was begun and not yet completed. Plain and serialisable; it holds secrets, so it belongs in
/// the browser's IndexedDB or an encrypted session cookie, never in a URL or a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The issuer that the customer was sent to.
    pub issuer: String,
    /// The client that began it.
    pub client_id: String,
    /// `state`, 256 random bits.
    pub state: String,
    /// The PKCE verifier.
    pub verifier: Verifier,
    /// `nonce`, where `openid` was asked for.
    pub nonce: Option<String>,
    /// The redirect URI that was sent.
    pub redirect_uri: String,
    /// The scope that was asked for, separated by spaces.
    pub scope: String,
    /// The authentication contexts that were asked for (`acr_values`).
    pub acr_values: Vec<String>,
    /// The thumbprint of the DPoP key that the code is bound to (RFC 9449, section 10).
    pub dpop_thumbprint: Option<String>,
    /// When it was begun, in milliseconds since the epoch.
    pub created_at: i64,
    /// Until when it may be completed, in milliseconds since the epoch.
    pub expires_at: i64,
}

impl Pending {
    /// As the JSON object that the application keeps.
    pub fn to_json(&self) -> String {
        let mut out = ObjectWriter::new();
        out.text("issuer", &self.issuer).text("clientId", &self.client_id).text("state", &self.state);
        out.text("codeVerifier", self.verifier.expose()).optional("nonce", self.nonce.as_deref());
        out.text("redirectUri", &self.redirect_uri).text("scope", &self.scope);
        if !self.acr_values.is_empty() {
            out.texts("acrValues", &self.acr_values);
        }
        out.optional("dpopThumbprint", self.dpop_thumbprint.as_deref());
        out.text("createdAt", &time::to_rfc3339(self.created_at));
        out.text("expiresAt", &time::to_rfc3339(self.expires_at));
        out.finish()
    }

    /// Reads what [`Pending::to_json`] wrote.
    pub fn parse(text: &str) -> Result<Self> {
        let value = json::parse(text.as_bytes()).unwrap_or(json::Value::Null);
        Self::read(&value).map_err(|field_error| Error::with_field_error(Kind::InvalidPending, field_error))
    }

    fn read(value: &json::Value) -> core::result::Result<Self, json::FieldError> {
        let fields = Fields::of("pending", value)?;
        // Borrowed until all is read: the error paths then have nothing to free, which makes the wasm smaller.
        let text = |name: &str| fields.required_text(name);
        let instant = |name: &str| {
            time::from_rfc3339(fields.required_text(name)?)
                .ok_or_else(|| fields.field_error(name, "an RFC 3339 instant"))
        };
        let state = text("state")?;
        if state.is_empty() {
            return Err(json::FieldError::new("pending.state", "a state", "an empty string"));
        }
        let (issuer, client_id, redirect_uri, scope) =
            (text("issuer")?, text("clientId")?, text("redirectUri")?, text("scope")?);
        let (nonce, dpop_thumbprint) = (fields.text("nonce")?, fields.text("dpopThumbprint")?);
        let (created_at, expires_at) = (instant("createdAt")?, instant("expiresAt")?);
        let verifier = Verifier::parse(text("codeVerifier")?).map_err(|fault| {
            json::FieldError::new(fields.path("codeVerifier"), &fault.expected, &fault.found)
        })?;
        let acr_values = fields.texts("acrValues")?.unwrap_or_default();
        Ok(Self {
            issuer: issuer.into(),
            client_id: client_id.into(),
            state: state.into(),
            verifier,
            nonce: nonce.map(String::from),
            redirect_uri: redirect_uri.into(),
            scope: scope.into(),
            acr_values,
            dpop_thumbprint: dpop_thumbprint.map(String::from),
            created_at,
            expires_at,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn pending() -> Pending {
        Pending {
            issuer: "https://honest.as.example".into(),
            client_id: "demo".into(),
            state: "ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI".into(),
            verifier: Verifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").unwrap(),
            nonce: Some("n".into()),
            redirect_uri: "https://client.example/cb".into(),
            scope: "openid accounts".into(),
            acr_values: vec!["sca".into()],
            dpop_thumbprint: Some("t".into()),
            created_at: 1_700_000_000_000,
            expires_at: 1_700_000_600_000,
        }
    }

    #[test]
    fn it_survives_being_kept() {
        assert_eq!(Pending::parse(&pending().to_json()).unwrap(), pending());
    }

    #[test]
    fn what_is_damaged_is_named() {
        for (text, message) in [
            ("", "`pending` must be an object, got null. Begin a new authorization."),
            ("{}", "`pending.state` must be a string, got nothing. Begin a new authorization."),
            (r#"{"state":7}"#, "`pending.state` must be a string, got a number. Begin a new authorization."),
        ] {
            assert_eq!(Pending::parse(text).unwrap_err().message, message);
        }
    }

    #[test]
    fn debug_output_hides_the_verifier() {
        assert!(!format!("{:?}", pending()).contains("dBjftJeZ4CVP"));
    }
}
