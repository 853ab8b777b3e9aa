//! Logging the customer out of the bank's login.

use crate::engine::client::Client;
use crate::error::{Error, Kind, Result};
use crate::json::{self, Fields, Value};
use crate::oauth::{Secret, logout};

impl Client {
    /// Returns the URL that logs the customer out: of a session in memory, or of none.
    ///
    /// # Errors
    /// `logout_unsupported` if the server has no page for it.
    pub fn logout_url(&self, key: &str, options: &str) -> Result<String> {
        let value = json::parse(options.as_bytes()).unwrap_or(Value::Null);
        let read = || {
            let fields = Fields::of("", &value)?;
            fields.only(&["postLogoutRedirectUri", "state"])?;
            Ok((fields.text("postLogoutRedirectUri")?, fields.text("state")?))
        };
        let (redirect_uri, state) = read().map_err(Error::option)?;
        let tokens = self.sessions.get(key).map(|session| session.grant().tokens.clone());
        let (kept, id_token) =
            tokens.map_or((None, None), |tokens| (tokens.logout_endpoint, tokens.id_token));
        let metadata = self.server.metadata.borrow();
        let known = metadata.as_ref().and_then(|metadata| metadata.end_session_endpoint.clone());
        let Some(endpoint) = known.or(kept) else {
            return Err(Error::of(Kind::LogoutUnsupported));
        };
        let id_token = id_token.as_ref().map(Secret::expose);
        Ok(logout::url(&endpoint, &self.config.client.id, id_token, redirect_uri, state))
    }
}
