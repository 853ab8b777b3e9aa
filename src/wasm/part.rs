//! Parts of the wasm that not every client needs: loaded when they are needed first.
//!
//! A module with a part has a type `Part`, and `scripts/split.mjs` moves that type's methods out of the wasm that is loaded at the
//! start, with all that nobody else uses. Only the module's `load` makes a `Part`, so no method is called before its code is there.
//! Methods that wait give boxed futures: one of a type known outside would be compiled into whoever awaits it.

use core::cell::RefCell;

use wasm_bindgen_futures::JsFuture;

use super::client::Inner;
use super::transport;
use crate::error::{Class, Error, Result};
use crate::json::{self, Value};

thread_local! {
    static LOADED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Loads the part of that name, unless it is there.
pub async fn load(inner: &Inner, name: &'static str) -> Result<()> {
    if LOADED.with_borrow(|loaded| loaded.contains(&name)) {
        return Ok(());
    }
    match JsFuture::from(inner.edge.load(name)).await {
        Ok(_) => {
            LOADED.with_borrow_mut(|loaded| loaded.push(name));
            Ok(())
        }
        Err(thrown) => {
            let told = thrown.as_string().unwrap_or_default();
            let mut error = Error::new(
                Class::Network,
                "part_not_loaded",
                "A part of the SDK that this call needs could not be loaded (see cause). Nothing was sent for it.",
            );
            error.retryable = true;
            error.causes = transport::causes(&json::parse(told.as_bytes()).unwrap_or(Value::Null));
            Err(error)
        }
    }
}
