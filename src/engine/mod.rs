//! The engine: what every call of a client does, without a host. It runs flows, which are `async fn` over the primitives below.
//!
//! Nothing here knows JavaScript, a clock or a socket, so `cargo test` compiles and tests it as it ships.

pub mod executor;
pub mod shared_result;
pub mod single_flight;
pub mod wakers;

pub use executor::LocalBoxFuture;
