//! The edge: the only place that knows JavaScript. It sends what the core builds and hands over what the core read.
//!
//! Values cross as JSON text where they are small, and as views of wasm memory where they are large. Errors cross as
//! JSON text too, and become `Error` classes in JavaScript, so that their stack shows the caller.

mod alarm;
mod authorize;
mod call;
mod client;
mod crypto;
mod dpop;
mod edge;
mod events;
mod identity;
mod keep;
mod learned;
mod lease;
mod once;
mod outcome;
mod page;
mod read;
mod refresh;
mod retries;
mod server;
mod session;
mod slot;
mod store;
mod sync;
mod task;
mod transport;
mod turns;
mod user;

pub use client::Core;
pub use slot::wake;
