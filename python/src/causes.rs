//! The platform's errors, as Python describes them.

use oakford_aisp::error::Cause;
use pyo3::prelude::*;

/// Reads a list of `(name, message, code or None)`.
pub fn read(causes: &Bound<'_, PyAny>) -> PyResult<Vec<Cause>> {
    let causes: Vec<(String, String, Option<String>)> = causes.extract()?;
    Ok(causes.into_iter().map(|(name, message, code)| Cause { name, message, code }).collect())
}
