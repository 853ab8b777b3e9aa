//! The core of Oakford's account-information SDK.

pub mod aisp;
pub mod http;
pub mod json;
pub mod oauth;
