//! The OAuth 2.0 and OpenID Connect client protocol: values in, values out.
//!
//! The steps in their order: [`Metadata`] tells where the endpoints are, an [`AuthorizationRequest`] gives the URL and the
//! [`Pending`] transaction, [`callback::verify`] turns the callback into a [`VerifiedCallback`], which is all that
//! [`token::exchange`] takes; [`token::parse`] reads the [`Tokens`], and [`token::refresh`] renews them.

pub mod callback;
pub mod token;

mod authorization;
mod client;
mod error;
mod metadata;
mod pending;
mod pkce;
mod random;
mod secret;

pub use authorization::AuthorizationRequest;
pub use callback::VerifiedCallback;
pub use client::{Client, ClientAuth};
pub use error::error_response;
pub use metadata::Metadata;
pub use pending::Pending;
pub use pkce::Verifier;
pub use random::random_token;
pub use secret::Secret;
pub use token::Tokens;
