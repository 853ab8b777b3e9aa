//! Parts of the wasm that not every client needs: loaded when they are needed first.
//!
//! A module with a part has a type `Part`, and `scripts/split.mjs` moves that type's methods out of the wasm that is loaded at the
//! start, with all that nobody else uses. Only the module's `load` makes a `Part`, so no method is called before its code is there.
//! Methods that wait give boxed futures: one of a type known outside would be compiled into whoever awaits it.

use core::cell::RefCell;

use super::client::Inner;
use super::reply::ask;
use crate::error::{Error, Kind, Result};

thread_local! {
    static LOADED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Loads the part of that name, unless it is there.
pub async fn load(inner: &Inner, name: &'static str) -> Result<()> {
    if LOADED.with_borrow(|loaded| loaded.contains(&name)) {
        return Ok(());
    }
    match ask(|slot| inner.edge.load(name, slot)).await {
        Ok(_) => {
            LOADED.with_borrow_mut(|loaded| loaded.push(name));
            Ok(())
        }
        Err(causes) => {
            let mut error = Error::of(Kind::PartNotLoaded);
            error.causes = causes;
            Err(error)
        }
    }
}
