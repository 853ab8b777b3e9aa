//! The authorization flow, and what requests to the authorization server and with its tokens carry.

pub mod authorize;
pub mod client_auth;
pub mod crypto;
pub mod discovery;
pub mod fapi;
pub mod logout;
pub mod openid;
pub mod revoke;
pub mod token_binding;
pub mod token_response;
pub mod userinfo;
