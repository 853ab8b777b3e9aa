//! The OAuth 2.0 and OpenID Connect client protocol: values in, values out.
//!
//! The steps in their order: [`Metadata`] has the endpoints, an [`AuthorizationRequest`] gives the URL and the
//! [`Pending`] transaction, [`callback::verify`] turns the callback into a [`VerifiedCallback`], which is all that
//! [`token::exchange`] takes; [`token::parse`] reads the [`Tokens`], and [`token::refresh`] renews them.
//!
//! Signing and verifying are the platform's: [`assertion`], [`dpop`] and [`id_token`] say what is signed and what a token must say.

pub mod assertion;
pub mod callback;
pub mod clock;
pub mod details;
pub mod dpop;
pub mod id_token;
pub mod jwk;
pub mod jws;
pub mod logout;
pub mod pushed;
pub mod token;
pub mod userinfo;

mod authorization;
mod client;
mod error;
pub mod metadata;
mod pending;
mod pkce;
mod profile;
mod secret;

pub use authorization::{AuthorizationRequest, asks_openid};
pub use callback::VerifiedCallback;
pub use client::{Client, ClientAuth};
pub use error::error_response;
pub use metadata::Metadata;
pub use pending::Pending;
pub use pkce::Verifier;
pub use profile::Profile;
pub use secret::Secret;
pub use token::Tokens;

use crate::http::Form;

/// An endpoint with a query; one that it has already is kept (RFC 6749, section 3.1).
fn with_query(endpoint: &str, query: &Form) -> String {
    let joint = if endpoint.contains('?') { "&" } else { "?" };
    [endpoint, joint, query.text()].concat()
}
