//! The registered client, and how it authenticates to the authorization server (RFC 6749, section 2.3).

use super::profile::Profile;
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
    /// `private_key_jwt`: an assertion is attached when the request is sent ([`super::assertion`]).
    PrivateKey,
    /// `tls_client_auth`: the certificate of the connection (RFC 8705, section 2).
    Certificate,
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
    /// What it holds itself and the server to.
    pub profile: Profile,
    /// Whether tokens are bound to a key (RFC 9449).
    pub dpop: bool,
    /// Whether its connections present a certificate, to which the server binds tokens (RFC 8705, section 3).
    pub certificate: bool,
    /// Hosts that are reached by plain http; none in the profile `fapi2` or with an https issuer.
    pub insecure_hosts: Vec<String>,
}

impl Client {
    /// An authenticated POST of `form` to `url`.
    pub(super) fn post(&self, url: &str, mut form: Form) -> Request {
        let mut request = Request::post(url.into());
        // A pushed authorization request names the client anyhow, and no parameter may come twice.
        let named = form.has("client_id");
        match &self.auth {
            // RFC 8705, section 2: `client_id` says whose certificate it should be; to an assertion it does no harm.
            ClientAuth::None | ClientAuth::PrivateKey | ClientAuth::Certificate => {
                form.maybe("client_id", (!named).then_some(&self.id));
            }
            ClientAuth::SecretBasic(secret) => {
                request.headers.set("authorization", &basic(&self.id, secret.expose()));
            }
            ClientAuth::SecretPost(secret) => {
                form.maybe("client_id", (!named).then_some(&self.id));
                form.push("client_secret", secret.expose());
            }
        }
        request.body = Some(form.into_body(&mut request.headers));
        request
    }

    /// The client's secret, so that it can be kept out of error texts.
    pub fn secret(&self) -> &str {
        match &self.auth {
            ClientAuth::None | ClientAuth::PrivateKey | ClientAuth::Certificate => "",
            ClientAuth::SecretBasic(secret) | ClientAuth::SecretPost(secret) => secret.expose(),
        }
    }

    /// Whether the server can authenticate this client: then refresh tokens are bound to the client, not to a key
    /// (RFC 9449, section 5).
    pub fn is_confidential(&self) -> bool {
        self.auth != ClientAuth::None
    }

    #[cfg(test)]
    pub(crate) fn plain(auth: ClientAuth) -> Self {
        Self {
            id: "demo".into(),
            redirect_uri: "https://client.example/cb".into(),
            auth,
            profile: Profile::OAuth2,
            dpop: false,
            certificate: false,
            insecure_hosts: Vec::new(),
        }
    }
}
