//! Records that Python code makes: for tests of an application, for `pickle` and for results such as sums.

use oakford_aisp::aisp::schema::{Kind, Model, Shape};
use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString, PyTuple};

use super::object::Record;
use super::types;
use super::values::Shared;

/// Makes a record from keyword arguments, checked as the stubs say.
pub(super) fn construct(
    py: Python<'_>,
    model: Option<&'static Model>,
    positional: &Bound<'_, PyTuple>,
    named: Option<&Bound<'_, PyDict>>,
) -> PyResult<*mut ffi::PyObject> {
    let Some(model) = model else {
        return Err(PyTypeError::new_err("this type has no records"));
    };
    if !positional.is_empty() {
        return Err(refused(model, "takes keyword arguments only"));
    }
    let empty = PyDict::new(py);
    let named = named.unwrap_or(&empty);
    for name in named.keys() {
        let name = name.cast_into::<PyString>()?;
        let name = name.to_string_lossy();
        if !types::names(model).any(|known| known == name) {
            return Err(refused(model, &format!("has no field {name:?}")));
        }
    }
    let shared = Shared::get(py)?;
    let mut record = Record::allocate(py, types::of(py, model)?, model)?;
    for (index, field) in model.fields.iter().enumerate() {
        let given = named.get_item(field.wire)?.filter(|value| !value.is_none());
        let value = match (given, field.kind) {
            (Some(value), kind) => checked(shared, kind, value)?
                .ok_or_else(|| refused(model, &[field.wire, " must be ", &expected(kind)].concat()))?,
            (None, Kind::Texts | Kind::Models(_)) => shared.no_items.bind(py).clone().into_any(),
            (None, _) if model.required >> index & 1 == 1 => {
                return Err(refused(model, &[field.wire, " is required"].concat()));
            }
            (None, _) => continue,
        };
        record.set(index, value.into_ptr());
    }
    if model.shape != Shape::Value {
        let extra = match named.get_item("extra")?.filter(|value| !value.is_none()) {
            Some(extra) => shared.frozen(py, &extra)?,
            None => shared.no_fields.bind(py).clone(),
        };
        record.set(model.extra_slot(), extra.into_ptr());
    }
    if model.shape == Shape::Keyed {
        let id = model.fields.first().map(|field| field.wire).unwrap_or_default();
        let key = match named.get_item("key")?.filter(|value| !value.is_none()) {
            Some(key) => Some(key),
            None => named.get_item(id)?.filter(|value| !value.is_none()),
        };
        let key = key.unwrap_or_else(|| PyString::new(py, "").into_any());
        if !key.is_instance_of::<PyString>() {
            return Err(refused(model, "key must be a str"));
        }
        record.set(model.key_slot(), key.into_ptr());
    }
    Ok(record.finish())
}

fn refused(model: &Model, why: &str) -> PyErr {
    PyTypeError::new_err([model.name, ": ", why].concat())
}

/// Returns the value as the record holds it, `None` where it is of another type.
fn checked<'py>(
    shared: &Shared,
    kind: Kind,
    value: Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = value.py();
    let fits = match kind {
        Kind::Decimal => shared.is_decimal(&value)?,
        Kind::Date => shared.is_date(&value)?,
        Kind::Instant => shared.is_datetime(&value)?,
        Kind::Flag => value.is_instance_of::<PyBool>(),
        Kind::Model(model) => value.is_instance(types::of(py, model)?)?,
        Kind::Texts => return tuple(&value, |item| Ok(item.is_instance_of::<PyString>())),
        Kind::Models(model) => {
            let of = types::of(py, model)?;
            return tuple(&value, |item| item.is_instance(of));
        }
        _ => value.is_instance_of::<PyString>(),
    };
    Ok(fits.then_some(value))
}

fn tuple<'py>(
    value: &Bound<'py, PyAny>,
    fits: impl Fn(&Bound<'py, PyAny>) -> PyResult<bool>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // A text is iterable too.
    if value.is_instance_of::<PyString>() {
        return Ok(None);
    }
    let Ok(items) = value.try_iter() else { return Ok(None) };
    let items = items.collect::<PyResult<Vec<_>>>()?;
    for item in &items {
        if !fits(item)? {
            return Ok(None);
        }
    }
    Ok(Some(PyTuple::new(value.py(), items)?.into_any()))
}

fn expected(kind: Kind) -> String {
    match kind {
        Kind::Decimal => "a Decimal".into(),
        Kind::Date => "a date without a time".into(),
        Kind::Instant => "a datetime".into(),
        Kind::Flag => "a bool".into(),
        Kind::Model(model) => article(model.name),
        Kind::Texts => "an iterable of str".into(),
        Kind::Models(model) => ["an iterable of ", model.name].concat(),
        _ => "a str".into(),
    }
}

fn article(name: &str) -> String {
    let article = if name.starts_with(['A', 'E', 'I', 'O', 'U']) { "an " } else { "a " };
    [article, name].concat()
}
