//! Requests and responses as values, and what HTTP asks of both. Nothing here sends anything.

mod deadline;
pub mod delivery;
mod encoding;
mod error_body;
mod fields;
mod form;
pub mod limiter;
mod message;
pub mod retry;
pub mod retry_after;
mod snippet;
mod url;

pub use deadline::{Deadline, Limit};
pub use encoding::{basic, form_decode, form_encode, path_segment};
pub use error_body::ErrorBody;
pub use fields::{HEADERS, header};
pub use form::Form;
pub use message::{Headers, Method, Request, Response};
pub use snippet::{shorten, snippet};
pub use url::{BaseUrl, is_host, origin, secure_origin};
