//! Futures as tasks, boxed: each type of future that a generic function took would cost a kilobyte or two of wasm.

use core::future::Future;
use core::pin::Pin;

use wasm_bindgen_futures::spawn_local;

/// A future of whatever type.
pub type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Runs a future to its end, whoever waits for it.
pub fn spawn(work: LocalBoxFuture<'static, ()>) {
    spawn_local(work);
}
