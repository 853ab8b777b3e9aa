//! The text of a record for logs, tracebacks, the prompt and notebooks. It shows no whole account or card number.

use oakford_aisp::aisp::schema::{Kind, Model};
use oakford_aisp::redact;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::{object, types};

/// Fields that identify an account, whatever their form: of those the last four characters are shown.
const IDENTIFICATIONS: [&str; 7] =
    ["iban", "bban", "sort_code", "account_number", "masked_pan", "msisdn", "identification"];

/// Returns `Transaction(transaction_id='…', …)`, without the members that are absent.
pub(super) fn of_record<'py>(
    record: &Bound<'py, PyAny>,
    model: &'static Model,
) -> PyResult<Bound<'py, PyString>> {
    let mut text = [model.name, "("].concat();
    for (index, (name, member)) in present(record, model)?.into_iter().enumerate() {
        text.push_str(if index == 0 { "" } else { ", " });
        text.push_str(name);
        text.push('=');
        text.push_str(&member.repr()?.to_string_lossy());
    }
    text.push(')');
    Ok(PyString::new(record.py(), &redact::text(&text)))
}

/// Returns name and text of each member that is there, for people: `(('status', 'booked'), …)`.
#[pyfunction]
pub(super) fn shown(record: &Bound<'_, PyAny>) -> PyResult<Vec<(&'static str, String)>> {
    let model = types::model_of(record.py(), record.get_type().as_type_ptr())
        .ok_or_else(|| PyTypeError::new_err("record must be a record of oakford_aisp.models"))?;
    let text = |(name, member): (&'static str, Bound<'_, PyAny>)| {
        Ok((name, redact::text(&member.str()?.to_string_lossy())))
    };
    present(record, model)?.into_iter().map(text).collect()
}

/// The members that are there and hold something, with identifications masked.
fn present<'py>(
    record: &Bound<'py, PyAny>,
    model: &'static Model,
) -> PyResult<Vec<(&'static str, Bound<'py, PyAny>)>> {
    let mut all = Vec::new();
    for (index, (name, member)) in types::names(model).zip(object::members(record, model)).enumerate() {
        let is_list =
            model.fields.get(index).map(|field| matches!(field.kind, Kind::Texts | Kind::Models(_)));
        let Some(member) = member else { continue };
        if is_list.unwrap_or(index == model.extra_slot()) && member.is_empty()? {
            continue;
        }
        all.push(match member.cast::<PyString>() {
            Ok(value) if IDENTIFICATIONS.contains(&name) => {
                (name, PyString::new(record.py(), &last_four(&value.to_string_lossy())).into_any())
            }
            _ => (name, member),
        });
    }
    Ok(all)
}

/// Masks all but the last four characters, and all of a text that has hardly more.
fn last_four(text: &str) -> String {
    let place = text.char_indices().rev().nth(3).map_or(0, |(place, _)| place);
    if text.chars().count() < 8 {
        return "****".into();
    }
    ["**** ", text.get(place..).unwrap_or_default()].concat()
}
