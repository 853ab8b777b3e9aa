//! The Python host's Rust half, the module `oakford_aisp._core`: events from Python become the engine's, and its effects become tuples. No
//! decisions.
//!
//! Nothing here calls Python while the engine runs, and no lock of ours exists: an [`engine::Engine`] belongs to the thread that made it.

use pyo3::prelude::*;

mod causes;
mod effects;
mod engine;
mod events;
mod rows;

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("HEADERS", oakford_aisp::http::HEADERS)?;
    rows::register(module)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<engine::Engine>()
}
