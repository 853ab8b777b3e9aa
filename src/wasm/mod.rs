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
mod openid;
mod page;
mod part;
mod psu;
mod read;
mod refresh;
mod reply;
mod retries;
mod server;
mod session;
mod store;
mod sync;
mod transport;
mod turns;

pub use client::Core;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::{executor, wakers};

/// Polls every ready flow.
#[wasm_bindgen]
pub fn run() {
    executor::run();
}

/// Wakes the flow that waits under that number.
#[wasm_bindgen]
pub fn wake(number: usize) {
    wakers::wake(number);
}
