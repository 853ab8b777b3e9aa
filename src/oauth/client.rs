//! The registered client, and how it authenticates to the authorization server (RFC 6749, section 2.3).

use super::secret::Secret;
use crate::http::{Form, Request, basic};

/// Client authentication at the token, revocation and pushed-authorization endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientAuth {
    /// A public client: `client_id` only, bound by PKCE.
    None,
    /// `client_secret_basic`.
    SecretBasic(Secret),
    /// `client_secret_post`.
    SecretPost(Secret),
}

/// A client as it is registered with Oakford.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `redirect_uri`, compared by the server character for character.
    pub redirect_uri: String,
    /// How it authenticates.
    pub auth: ClientAuth,
}

impl Client {
    /// An authenticated POST of `form` to `url`.
    pub(super) fn post(&self, url: &str, mut form: Form) -> Request {
        let mut request = Request::post(url.into());
        match &self.auth {
            ClientAuth::None => {
                form.push("client_id", &self.id);
            }
            ClientAuth::SecretBasic(secret) => {
                request.headers.set("authorization", &basic(&self.id, secret.expose()));
            }
            ClientAuth::SecretPost(secret) => {
                form.push("client_id", &self.id).push("client_secret", secret.expose());
            }
        }
        request.body = Some(form.into_body(&mut request.headers));
        request
    }

    /// The client's secret, so that it can be kept out of error texts.
    pub fn secret(&self) -> &str {
        match &self.auth {
            ClientAuth::None => "",
            ClientAuth::SecretBasic(secret) | ClientAuth::SecretPost(secret) => secret.expose(),
        }
    }
}
