//! Futures on their way to JavaScript's event loop, boxed: each other type of future would bring a kilobyte of wasm with it.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{future_to_promise, spawn_local};

use super::alarm::LocalBoxFuture;

/// Runs a future whose outcome JavaScript waits for.
pub fn promise(work: LocalBoxFuture<'static, Result<JsValue, JsValue>>) -> Promise {
    future_to_promise(work)
}

/// Runs a future that nobody waits for.
pub fn spawn(work: LocalBoxFuture<'static, ()>) {
    spawn_local(work);
}
