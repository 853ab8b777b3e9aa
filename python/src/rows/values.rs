//! What the texts of the tape become in Python: `str`, `Decimal`, `date`, `datetime`.

use std::ffi::c_char;
use std::ptr;

use oakford_aisp::aisp::models::ENUMS;
use oakford_aisp::aisp::schema::MAX_WORDS;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple};

use super::instant::{self, Instant};

/// What is looked up once a process: the types of the standard library and the objects that records share.
pub(super) struct Shared {
    decimal: Py<PyAny>,
    date: Py<PyAny>,
    datetime: Py<PyAny>,
    timedelta: Py<PyAny>,
    timezone: Py<PyAny>,
    utc: Py<PyAny>,
    /// Makes the `extra` of a record from its JSON.
    extra: Py<PyAny>,
    freeze: Py<PyAny>,
    pub no_fields: Py<PyAny>,
    pub no_items: Py<PyTuple>,
    /// The words of the open enums, as the tape numbers them.
    pub words: Vec<Py<PyString>>,
}

static SHARED: PyOnceLock<Shared> = PyOnceLock::new();

impl Shared {
    /// Returns them. The modules are imported with the first row, so that importing the package stays cheap.
    pub(super) fn get(py: Python<'_>) -> PyResult<&Shared> {
        SHARED.get_or_try_init(py, || {
            let datetime = py.import("datetime")?;
            let extra = py.import("oakford_aisp._extra")?;
            let timezone = datetime.getattr("timezone")?;
            let word = |place: usize| {
                let of = ENUMS.get(place / MAX_WORDS);
                let word = of.and_then(|of| of.values.get(place % MAX_WORDS)).copied();
                PyString::intern(py, word.unwrap_or_default()).unbind()
            };
            Ok(Shared {
                decimal: py.import("decimal")?.getattr("Decimal")?.unbind(),
                date: datetime.getattr("date")?.unbind(),
                datetime: datetime.getattr("datetime")?.unbind(),
                timedelta: datetime.getattr("timedelta")?.unbind(),
                utc: timezone.getattr("utc")?.unbind(),
                timezone: timezone.unbind(),
                no_fields: extra.getattr("NO_FIELDS")?.unbind(),
                freeze: extra.getattr("freeze")?.unbind(),
                extra: extra.getattr("parse")?.unbind(),
                no_items: PyTuple::empty(py).unbind(),
                words: (0..ENUMS.len() * MAX_WORDS).map(word).collect(),
            })
        })
    }

    /// Makes a `Decimal` of a text that is one.
    #[inline]
    pub(super) fn decimal<'py>(&self, py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
        let text = narrow(py, text)?;
        // SAFETY: the interpreter is attached, both are alive, and the list of arguments ends in null.
        unsafe {
            let made = ffi::PyObject_CallFunctionObjArgs(
                self.decimal.as_ptr(),
                text.as_ptr(),
                ptr::null_mut::<ffi::PyObject>(),
            );
            Bound::from_owned_ptr_or_err(py, made)
        }
    }

    /// Makes a `date`; `None` where Python has no such date.
    pub(super) fn date<'py>(&self, py: Python<'py>, text: &[u8]) -> PyResult<Option<Bound<'py, PyAny>>> {
        instant::date(text).map(|parts| self.date.bind(py).call1(parts)).transpose()
    }

    /// Makes a `datetime`, aware where the text names its zone; `None` where Python has no such instant.
    pub(super) fn datetime<'py>(&self, py: Python<'py>, text: &[u8]) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(Instant { date: (year, month, day), time: (hour, minute, second), microsecond, offset }) =
            instant::read(text)
        else {
            return Ok(None);
        };
        let zone = match offset {
            None => None,
            Some(0) => Some(self.utc.bind(py).clone()),
            Some(minutes) => {
                let delta = self.timedelta.bind(py).call1((0, i32::from(minutes) * 60))?;
                Some(self.timezone.bind(py).call1((delta,))?)
            }
        };
        let is_leap = second == 60;
        let arguments = (year, month, day, hour, minute, second - u8::from(is_leap), microsecond, zone);
        let made = self.datetime.bind(py).call1(arguments)?;
        if !is_leap {
            return Ok(Some(made));
        }
        // Python has no leap second: it is the first second of the minute after.
        let second = self.timedelta.bind(py).call1((0, 1))?;
        Ok(made.add(second).ok())
    }

    /// Makes a read-only mapping of a copy of what the caller gave.
    pub(super) fn frozen<'py>(
        &self,
        py: Python<'py>,
        fields: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.freeze.bind(py).call1((fields,))
    }

    pub(super) fn is_decimal(&self, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        value.is_instance(self.decimal.bind(value.py()))
    }

    pub(super) fn is_datetime(&self, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        value.is_instance(self.datetime.bind(value.py()))
    }

    /// Whether it is a date without a time: a `datetime` is a `date` too.
    pub(super) fn is_date(&self, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(value.is_instance(self.date.bind(value.py()))? && !self.is_datetime(value)?)
    }

    /// Makes the mapping of the unknown fields.
    pub(super) fn extra<'py>(
        &self,
        py: Python<'py>,
        json: Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.extra.bind(py).call1((json,))
    }
}

/// Makes a `str` of text with one byte a character.
#[inline(always)]
pub(super) fn narrow<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyString>> {
    // SAFETY: the interpreter is attached, and the text has this length. What is made is a `str`.
    unsafe {
        let made = ffi::PyUnicode_DecodeLatin1(
            text.as_ptr().cast::<c_char>(),
            text.len() as ffi::Py_ssize_t,
            ptr::null(),
        );
        Bound::from_owned_ptr_or_err(py, made).map(|made| made.cast_into_unchecked())
    }
}

/// Makes a `str` of UTF-16. Lone surrogates stay, as `json.loads` leaves them.
pub(super) fn wide<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyString>> {
    // Little endian, said here because else a U+FEFF at the beginning would be taken for a byte order mark.
    let mut order = -1;
    // SAFETY: the interpreter is attached, and the text has this length. What is made is a `str`.
    unsafe {
        let made = ffi::PyUnicode_DecodeUTF16(
            text.as_ptr().cast::<c_char>(),
            text.len() as ffi::Py_ssize_t,
            c"surrogatepass".as_ptr(),
            &raw mut order,
        );
        Bound::from_owned_ptr_or_err(py, made).map(|made| made.cast_into_unchecked())
    }
}
