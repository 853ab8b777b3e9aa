//! Modules of the engine that not every client needs, which a host may load when they are needed first.
//!
//! A module that is loaded lazily has a type `LazyModule`, and `scripts/split.mjs` moves that type's methods out of the wasm that is
//! loaded at the start, with all that only they use. Only the module's `load` makes a `LazyModule`, so no method is called before its
//! code is there. Methods that wait return boxed futures: one of a type that is known outside would be compiled into its caller.

use core::cell::RefCell;
use std::rc::Rc;

use super::effect::Effect;
use super::io::Io;
use crate::error::{Error, Kind, Result};

/// The modules that are loaded.
#[derive(Default)]
pub struct LazyModules(RefCell<Vec<&'static str>>);

impl LazyModules {
    /// Loads the module of that name, unless it is loaded.
    pub async fn load(&self, io: &Rc<Io>, module: &'static str) -> Result<()> {
        if self.0.borrow().contains(&module) {
            return Ok(());
        }
        match io.request(|id| Effect::Load { id, module }).await {
            Ok(_) => {
                self.0.borrow_mut().push(module);
                Ok(())
            }
            Err(causes) => {
                let mut error = Error::of(Kind::PartNotLoaded);
                error.causes = causes;
                Err(error)
            }
        }
    }
}
