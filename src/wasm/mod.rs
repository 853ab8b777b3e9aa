//! The JavaScript host's Rust half: events from JavaScript become the engine's, and its effects calls of JavaScript. No decisions.
//!
//! Small values cross as text, rows as views of the wasm's memory. Errors cross as JSON text and become `Error` classes in JavaScript, so
//! that their stack shows the caller.

mod causes;
mod core;
mod events;
mod host;
mod perform;

pub use self::core::Core;
pub use events::*;
