//! The two profiles: `oauth2` for what is common, `fapi2` for the FAPI 2.0 Security Profile, in which nothing weaker can be said.

use super::jws::Algorithm;

/// What a client holds itself and its server to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// OAuth 2.0 with the security best current practice (RFC 9700).
    #[default]
    OAuth2,
    /// FAPI 2.0 Security Profile, "Requirements for Clients".
    Fapi2,
}

impl Profile {
    /// Whether the authorization request is pushed, where the server does not demand it anyhow.
    pub fn pushes(self) -> bool {
        self == Self::Fapi2
    }

    /// Whether every callback has to name its issuer, also where the metadata does not promise it.
    pub fn needs_issuer(self) -> bool {
        self == Self::Fapi2
    }

    /// Whether a server without a metadata document is taken to have the documented paths.
    pub fn has_default_paths(self) -> bool {
        self == Self::OAuth2
    }

    /// Whether ID tokens may be signed so (FAPI 2.0, "Cryptography and Secrets").
    pub fn accepts(self, algorithm: Algorithm) -> bool {
        self == Self::OAuth2 || algorithm != Algorithm::Rs256
    }
}
