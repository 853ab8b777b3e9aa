//! Rows as Python records, made from the decoder's tape without a detour over text or dictionaries.
//!
//! A record is an instance of a heap type that [`types`] makes of a model: one pointer for each field, in the order of the
//! tape's slots, so that building a record is filling an array. [`object`] holds the functions of those types, [`build`] the
//! walk over the tape, [`values`] what a text becomes.

mod build;
mod construct;
mod instant;
mod object;
mod page;
mod repr;
mod types;
mod values;

pub use page::page;

use pyo3::prelude::*;

/// Adds the types and what belongs to them to the extension module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    types::register(module)?;
    module.add_function(wrap_pyfunction!(page::decode_page, module)?)?;
    module.add_function(wrap_pyfunction!(repr::shown, module)?)
}
