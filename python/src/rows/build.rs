//! Builds the records of a decoded body: a walk over its tape.

use oakford_aisp::aisp::decode::{Chunk, DecodeError, Decoded, FIRST_TEXT, Fault, Found, Source, TextRef};
use oakford_aisp::aisp::schema::{Field, Kind, Model, Shape};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyList, PyString, PyType};

use super::object::Record;
use super::types;
use super::values::{self, Shared};

/// Why rows could not be built.
#[derive(Debug)]
pub(super) enum BuildError {
    /// Python raised an exception, such as `MemoryError`.
    Raised(PyErr),
    /// A date or an instant that Python can't hold.
    Value(Value),
}

/// What Python can't hold.
#[derive(Debug)]
pub(super) struct Value {
    /// Where it is, from the inside out.
    path: Vec<String>,
    /// What should have been there.
    expected: &'static str,
}

impl From<PyErr> for BuildError {
    fn from(error: PyErr) -> BuildError {
        BuildError::Raised(error)
    }
}

impl BuildError {
    /// Adds the place around the one at fault.
    #[cold]
    fn inside(mut self, place: String) -> BuildError {
        if let BuildError::Value(value) = &mut self {
            value.path.push(place);
        }
        self
    }
}

impl Value {
    /// Returns the error as the decoder gives it: `transactions[17].booking_date`.
    pub(super) fn into_error(self) -> DecodeError {
        let mut path = String::new();
        for place in self.path.iter().rev() {
            if !path.is_empty() && !place.starts_with('[') {
                path.push('.');
            }
            path.push_str(place);
        }
        DecodeError { fault: Fault::Contract, path, expected: self.expected, found: Found::String, offset: 0 }
    }
}

/// Returns the rows of a decoded body as a list of records.
pub(super) fn build<'py>(py: Python<'py>, decoded: &Decoded) -> Result<Bound<'py, PyList>, BuildError> {
    let model = decoded.message.row();
    let mut builder = Builder {
        py,
        decoded,
        chunk: Chunk { records: &[], text: &[], wide: &[], keys: &[] },
        table: vec![None; decoded.table_length()],
        shared: Shared::get(py)?,
    };
    let of = types::of(py, model)?;
    let mut rows = Vec::with_capacity(decoded.rows);
    for chunk in decoded.chunks() {
        builder.chunk = chunk;
        for base in chunk.records {
            let row = builder.record(of, model, *base as usize);
            rows.push(row.map_err(|error| error.inside(place(decoded, rows.len())))?);
        }
    }
    Ok(PyList::new(py, rows)?)
}

/// The place of a row in the body.
fn place(decoded: &Decoded, row: usize) -> String {
    let envelope = decoded.message.body();
    let list = envelope.fields.iter().find(|field| matches!(field.kind, Kind::Models(_)));
    match (envelope.shape, list) {
        (Shape::Envelope, Some(field)) => format!("{}[{row}]", field.wire),
        _ => String::new(),
    }
}

struct Builder<'a, 'py> {
    py: Python<'py>,
    decoded: &'a Decoded,
    chunk: Chunk<'a>,
    /// The texts that rows share, as what they become.
    table: Vec<Option<Bound<'py, PyAny>>>,
    shared: &'a Shared,
}

impl<'a, 'py> Builder<'a, 'py> {
    fn record(
        &mut self,
        of: &Bound<'py, PyType>,
        model: &'static Model,
        base: usize,
    ) -> Result<Bound<'py, PyAny>, BuildError> {
        let decoded = self.decoded;
        let slots = decoded.tape.get(base..base + model.slots()).unwrap_or_default();
        let mut record = Record::allocate(self.py, of, model)?;
        for (index, (field, slot)) in model.fields.iter().zip(slots).enumerate() {
            if *slot == 0 {
                if matches!(field.kind, Kind::Texts | Kind::Models(_)) {
                    record.set(index, self.shared.no_items.clone_ref(self.py).into_ptr());
                }
                continue;
            }
            match self.value(field, *slot) {
                Ok(value) => record.set(index, value.into_ptr()),
                Err(error) => return Err(error.inside(field.wire.to_owned())),
            }
        }
        if model.shape != Shape::Value {
            let extra = match slots.get(model.extra_slot()) {
                None | Some(0) => self.shared.no_fields.bind(self.py).clone(),
                Some(slot) => {
                    let json = self.text(*slot)?.cast_into::<PyString>().map_err(PyErr::from)?;
                    self.shared.extra(self.py, json)?
                }
            };
            record.set(model.extra_slot(), extra.into_ptr());
        }
        if model.shape == Shape::Keyed {
            // A row without a key of its own has its id for one, which is its first field.
            let key = match (slots.get(model.key_slot()), slots.first()) {
                (None | Some(0), Some(id)) => self.text(*id)?,
                (Some(slot), _) => self.key(*slot)?,
                _ => PyString::new(self.py, "").into_any(),
            };
            record.set(model.key_slot(), key.into_ptr());
        }
        // SAFETY: the record was allocated here, and this is the one reference to it.
        Ok(unsafe { Bound::from_owned_ptr(self.py, record.finish()) })
    }

    #[inline(always)]
    fn value(&mut self, field: &'static Field, slot: u32) -> Result<Bound<'py, PyAny>, BuildError> {
        match field.kind {
            Kind::Flag => Ok(PyBool::new(self.py, slot == 2).to_owned().into_any()),
            Kind::Model(model) => self.record(types::of(self.py, model)?, model, slot as usize),
            Kind::Texts => self.list(slot, |builder, slot| Ok(builder.text(slot)?)),
            Kind::Models(model) => {
                let of = types::of(self.py, model)?;
                self.list(slot, |builder, slot| builder.record(of, model, slot as usize))
            }
            Kind::Decimal | Kind::Date | Kind::Instant => self.converted(field.kind, slot),
            _ => Ok(self.text(slot)?),
        }
    }

    /// Makes a tuple.
    fn list(
        &mut self,
        slot: u32,
        mut element: impl FnMut(&mut Self, u32) -> Result<Bound<'py, PyAny>, BuildError>,
    ) -> Result<Bound<'py, PyAny>, BuildError> {
        let decoded = self.decoded;
        let place = slot as usize;
        let length = decoded.tape.get(place).map_or(0, |length| *length as usize);
        let slots = decoded.tape.get(place + 1..place + 1 + length).unwrap_or_default();
        // SAFETY: the interpreter is attached. Every item is set below before others see the tuple.
        let tuple = unsafe {
            Bound::from_owned_ptr_or_err(self.py, ffi::PyTuple_New(slots.len() as ffi::Py_ssize_t))
        }?;
        for (index, slot) in slots.iter().enumerate() {
            let item = element(self, *slot).map_err(|error| error.inside(format!("[{index}]")))?.into_ptr();
            // SAFETY: the tuple is new and has this place. The reference is handed over.
            unsafe { ffi::PyTuple_SetItem(tuple.as_ptr(), index as ffi::Py_ssize_t, item) };
        }
        Ok(tuple)
    }

    /// Makes the `str` of a slot. Texts that rows share are made once.
    #[inline(always)]
    fn text(&mut self, slot: u32) -> PyResult<Bound<'py, PyAny>> {
        match TextRef::of(slot) {
            TextRef::Chunk { offset, length } => {
                let text = self.chunk.text.get(offset..offset + length).unwrap_or_default();
                values::narrow(self.py, text).map(Bound::into_any)
            }
            TextRef::Wide { offset, length } => {
                let text = self.chunk.wide.get(2 * offset..2 * (offset + length)).unwrap_or_default();
                values::wide(self.py, text).map(Bound::into_any)
            }
            TextRef::Table(number) => self.table_text(number),
        }
    }

    #[inline]
    fn table_text(&mut self, number: usize) -> PyResult<Bound<'py, PyAny>> {
        let Some(number) = number.checked_sub(FIRST_TEXT) else {
            let word = self.shared.words.get(number);
            return Ok(word.map_or_else(
                || PyString::new(self.py, "").into_any(),
                |word| word.bind(self.py).clone().into_any(),
            ));
        };
        if let Some(Some(known)) = self.table.get(number) {
            return Ok(known.clone());
        }
        let made = match self.decoded.table_text(number) {
            Some((Source::Narrow, text)) => values::narrow(self.py, text)?,
            Some((_, text)) => values::wide(self.py, text)?,
            None => PyString::new(self.py, ""),
        };
        self.keep(number, made.as_any());
        Ok(made.into_any())
    }

    fn keep(&mut self, number: usize, value: &Bound<'py, PyAny>) {
        if let Some(place) = self.table.get_mut(number) {
            *place = Some(value.clone());
        }
    }

    /// Makes a `Decimal`, a `date` or a `datetime`. A text of the table is of one kind only.
    #[inline]
    fn converted(&mut self, kind: Kind, slot: u32) -> Result<Bound<'py, PyAny>, BuildError> {
        let decoded = self.decoded;
        let number = match TextRef::of(slot) {
            TextRef::Table(number) => number.checked_sub(FIRST_TEXT),
            _ => None,
        };
        if let Some(Some(known)) = number.and_then(|number| self.table.get(number)) {
            return Ok(known.clone());
        }
        let text = match (TextRef::of(slot), number.and_then(|number| decoded.table_text(number))) {
            (TextRef::Chunk { offset, length }, _) => {
                self.chunk.text.get(offset..offset + length).unwrap_or_default()
            }
            (_, Some((Source::Narrow, text))) => text,
            _ => &[],
        };
        let (made, expected) = match kind {
            Kind::Decimal => (Some(self.shared.decimal(self.py, text)?), ""),
            Kind::Date => (self.shared.date(self.py, text)?, "a date of the years 1 to 9999"),
            _ => (self.shared.datetime(self.py, text)?, "an instant of the years 1 to 9999"),
        };
        let Some(made) = made else {
            return Err(BuildError::Value(Value { path: Vec::new(), expected }));
        };
        if let Some(number) = number {
            self.keep(number, &made);
        }
        Ok(made)
    }

    fn key(&self, slot: u32) -> PyResult<Bound<'py, PyAny>> {
        let text = match TextRef::of(slot) {
            TextRef::Chunk { offset, length } => self.chunk.keys.get(offset..offset + length),
            _ => None,
        };
        values::narrow(self.py, text.unwrap_or_default()).map(Bound::into_any)
    }
}
