//! The events that Python brings, as tuples whose first item names the event.

use oakford_aisp::engine::effect::Id;
use oakford_aisp::engine::event::{Answer, Event};
use oakford_aisp::engine::{Arguments, Operation};
use oakford_aisp::http::delivery::Phase;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyString, PyTuple};

use super::causes;

/// Reads an event.
pub fn read(event: &Bound<'_, PyTuple>) -> PyResult<Event> {
    let kind: String = event.get_item(0)?.extract()?;
    let id = || event.get_item(1)?.extract::<Id>();
    Ok(match kind.as_str() {
        "call" => call(event)?,
        "cancel" => Event::Cancel { call: id()? },
        "head" => Event::Head {
            id: id()?,
            status: event.get_item(2)?.extract()?,
            headers: event.get_item(3)?.extract()?,
        },
        "body" => Event::Body { id: id()?, bytes: event.get_item(2)?.cast::<PyBytes>()?.as_bytes().to_vec() },
        "failed" => Event::Failed {
            id: id()?,
            phase: Phase::named(&event.get_item(2)?.extract::<String>()?),
            causes: causes::read(&event.get_item(3)?)?,
        },
        "answer" => Event::Answer { id: id()?, answer: answer(&event.get_item(2)?)? },
        "refused" => Event::Refused { id: id()?, causes: causes::read(&event.get_item(2)?)? },
        "alarm" => Event::Alarm { at: event.get_item(1)?.extract()? },
        _ => return Err(PyValueError::new_err("no event has this name")),
    })
}

/// Reads `("call", client, call, signs, method, key, a, b, c, options)`; `a`, `b`, `c` as of [`Operation::named`].
fn call(event: &Bound<'_, PyTuple>) -> PyResult<Event> {
    let text = |at: usize| event.get_item(at)?.extract::<Option<String>>();
    let method: String = event.get_item(4)?.extract()?;
    let arguments = Arguments { a: text(6)?, b: text(7)?, c: text(8)? };
    let operation = Operation::named(&method, text(5)?.unwrap_or_default(), arguments)
        .map_err(|error| PyValueError::new_err(error.message.clone()))?;
    Ok(Event::Call {
        client: event.get_item(1)?.extract()?,
        call: event.get_item(2)?.extract()?,
        operation,
        options: event.get_item(9)?.extract()?,
        cancelled: false,
        signs: event.get_item(3)?.extract()?,
    })
}

/// Reads an answer: None, a bool, a number, a str, bytes, or an entry `(value, version)` of the token store.
fn answer(value: &Bound<'_, PyAny>) -> PyResult<Answer> {
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Answer::Flag(flag.is_true()));
    }
    if value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>() {
        return Ok(Answer::Number(value.extract()?));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Answer::Text(text.extract()?));
    }
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Answer::Bytes(bytes.as_bytes().to_vec()));
    }
    if let Ok(entry) = value.cast::<PyTuple>() {
        let (value, version) = entry.extract()?;
        return Ok(Answer::Entry { value, version });
    }
    Ok(Answer::Nothing)
}
