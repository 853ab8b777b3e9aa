//! Pages: from the decoder's result, or from the bytes of a body, to the list of their records.

use oakford_aisp::aisp::decode::{self, DecodeError, Decoded, Fault, Keys};
use oakford_aisp::aisp::endpoint::Endpoint;
use oakford_aisp::error::{Error, Kind, RequestSent};
use oakford_aisp::json::FieldError;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::build::{BuildError, build};

/// Makes the records of a page: a list, of one record for an endpoint that is read whole.
pub fn page(py: Python<'_>, decoded: &Decoded) -> PyResult<Py<PyAny>> {
    Ok(records(py, decoded)?.into_any().unbind())
}

/// Reads the body of a response: `(rows, next_cursor)`. `operation` names the call whose body it is.
#[pyfunction]
#[pyo3(signature = (body, operation = "transactions"))]
pub fn decode_page<'py>(
    py: Python<'py>,
    body: &[u8],
    operation: &str,
) -> PyResult<(Bound<'py, PyList>, Option<String>)> {
    let endpoint = Endpoint::named(operation)
        .ok_or_else(|| PyValueError::new_err("operation must be the name of a call that reads rows"))?;
    let message = endpoint.message();
    let body = body.to_vec();
    let decoded =
        py.detach(|| decode::decode(message, body, &mut Keys::new())).map_err(|error| raised(py, &error))?;
    Ok((records(py, &decoded)?, decoded.next_cursor))
}

fn records<'py>(py: Python<'py>, decoded: &Decoded) -> PyResult<Bound<'py, PyList>> {
    build(py, decoded).map_err(|error| match error {
        BuildError::Raised(error) => error,
        BuildError::Value(value) => raised(py, &value.into_error()),
    })
}

/// Makes the `ResponseError` that the engine would end the call with.
fn raised(py: Python<'_>, why: &DecodeError) -> PyErr {
    let kind = if why.fault == Fault::Empty { Kind::EmptyBody } else { Kind::InvalidResponse };
    let mut error = Error::with_detail(kind, &why.message());
    error.field_error = Some(FieldError::new(why.path.as_str(), why.expected, why.found.name()));
    error.request_sent = RequestSent::Yes;
    let make = || py.import("oakford_aisp.errors")?.getattr("make_error")?.call1((error.to_json(),));
    make().map_or_else(|failed| failed, PyErr::from_value)
}
