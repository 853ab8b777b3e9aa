//! The edge: the only place that knows JavaScript. It sends what the core builds and hands over what the core read.
//!
//! Values cross as JSON text where they are small, and as views of wasm memory where they are large. Errors cross as
//! JSON text too, and become `Error` classes in JavaScript, so that their stack shows the caller.

mod alarm;
mod authorize;
mod bound;
mod call;
mod client;
mod crypto;
mod edge;
mod events;
mod fapi;
mod identity;
mod keep;
mod learned;
mod lease;
mod lock;
mod logout;
mod once;
mod openid;
mod outcome;
mod page;
mod part;
mod read;
mod refresh;
mod reply;
mod retries;
mod server;
mod session;
mod slot;
mod store;
mod sync;
mod task;
mod transport;
mod turns;

pub use client::Core;
pub use slot::wake;
pub use task::run;
