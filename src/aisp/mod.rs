//! The account-information API: where it is, what is asked of it, and what its answers mean.

pub mod consent;
pub mod decode;
pub mod endpoint;
pub mod endpoint_schema;
pub mod models;
pub mod paged_query;
pub mod request;
pub mod schema;
pub mod sync;

mod environment;
mod error;
mod psu;

pub use environment::Environment;
pub use error::error_response;
pub use paged_query::PagedQuery;
pub use psu::Psu;
