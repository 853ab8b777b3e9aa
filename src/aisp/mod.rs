//! The account-information API: where it is, what is asked of it, and what its answers mean.

pub mod endpoint;
pub mod listing;

mod environment;
mod error;

pub use environment::Environment;
pub use error::error_response;
pub use listing::Listing;
