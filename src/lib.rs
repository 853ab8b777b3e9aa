//! The core of Oakford's account-information SDK.

pub mod aisp;
pub mod base64url;
pub mod config;
pub mod digits;
pub mod engine;
pub mod error;
pub mod grant;
pub mod http;
pub mod json;
pub mod oauth;
pub mod options;
pub mod redact;
pub mod refresh_token;
pub mod time;

#[cfg(all(target_arch = "wasm32", feature = "bench"))]
#[path = "wasm/bench.rs"]
pub mod bench;

#[cfg(test)]
mod layers;
#[cfg(test)]
mod test_vectors;

#[cfg(all(target_arch = "wasm32", feature = "edge", not(feature = "bench")))]
pub mod wasm;

/// Memory for one thread, in less code than the dlmalloc that the standard library has for it.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
