//! Rows as Python objects.
//!
//! The seam: the effect `Rows` hands the decoder's result of one page to [`page`], once the engine has returned. `page` may run Python
//! code; an exception that it raises ends the call whose page it is. `Decoded::message` says what the rows are.

use oakford_aisp::aisp::decode::Decoded;
use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;

/// Makes the records of a page: a list, of one record for an endpoint that is read whole.
pub fn page(_py: Python<'_>, decoded: Decoded) -> PyResult<Py<PyAny>> {
    Err(PyNotImplementedError::new_err(format!("{:?}: records are not built yet", decoded.message)))
}
