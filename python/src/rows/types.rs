//! The types of records: one heap type for each model, with a read-only member for each field.

use std::ffi::{CString, c_int, c_void};
use std::mem::size_of;
use std::ptr;

use oakford_aisp::aisp::endpoint::Endpoint;
use oakford_aisp::aisp::models::{ENUMS, MODELS};
use oakford_aisp::aisp::schema::{Kind, Model, Shape};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use super::object;

/// The type of each model, by the model's number. An envelope has none.
static TYPES: PyOnceLock<Vec<Option<Py<PyType>>>> = PyOnceLock::new();

/// The module that the types seem to be from: where the package exports them.
const MODULE: &str = "oakford_aisp.models";

/// A member that reads as `None` where its pointer is null. Its number is part of the stable ABI.
const OBJECT: c_int = 6;

/// Makes the types and adds them to the module, with what Python needs to know about the models.
pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let all = TYPES.get_or_try_init(py, || make_all(py))?;
    let (records, schema, enums) = (PyDict::new(py), PyDict::new(py), PyDict::new(py));
    for (model, of) in MODELS.iter().zip(all) {
        if let Some(of) = of {
            records.set_item(model.name, of)?;
            schema.set_item(model.name, PyTuple::new(py, model.fields.iter().map(describe))?)?;
        }
    }
    for of in ENUMS {
        enums.set_item(of.name, PyTuple::new(py, of.values)?)?;
    }
    let rows = PyDict::new(py);
    for endpoint in Endpoint::ALL {
        rows.set_item(endpoint.entry().method, endpoint.message().row().name)?;
    }
    module.add("ROWS", rows)?;
    module.add("RECORDS", records)?;
    module.add("SCHEMA", schema)?;
    module.add("OPEN_ENUMS", enums)
}

/// A field for Python: its name, its kind, the model it holds.
fn describe(field: &'static oakford_aisp::aisp::schema::Field) -> (&'static str, &'static str, &'static str) {
    let (kind, of) = match field.kind {
        Kind::Decimal => ("decimal", ""),
        Kind::Date => ("date", ""),
        Kind::Instant => ("instant", ""),
        Kind::Flag => ("flag", ""),
        Kind::Texts => ("texts", ""),
        Kind::Model(of) => ("model", of.name),
        Kind::Models(of) => ("models", of.name),
        Kind::Text | Kind::Code | Kind::Id | Kind::Currency | Kind::OpenEnum(_) => ("text", ""),
    };
    (field.wire, kind, of)
}

/// Returns the type of a model.
pub(super) fn of<'py>(py: Python<'py>, model: &Model) -> PyResult<&'py Bound<'py, PyType>> {
    let found = TYPES.get(py).and_then(|all| all.get(model.id)).and_then(Option::as_ref);
    match found {
        Some(of) => Ok(of.bind(py)),
        None => Err(PyRuntimeError::new_err("the model has no type")),
    }
}

/// Returns the model of an instance's type.
#[inline]
pub(super) fn model_of(py: Python<'_>, of: *mut ffi::PyTypeObject) -> Option<&'static Model> {
    let is_it = |other: &Option<Py<PyType>>| {
        other.as_ref().is_some_and(|other| other.as_ptr().cast::<ffi::PyTypeObject>() == of)
    };
    let place = TYPES.get(py)?.iter().position(is_it)?;
    MODELS.get(place).copied()
}

/// The names of a record's members, in the order of their pointers.
pub(super) fn names(model: &'static Model) -> impl ExactSizeIterator<Item = &'static str> {
    let more: &[&str] = match model.shape {
        Shape::Value | Shape::Envelope => &[],
        Shape::Record => &["extra"],
        Shape::Keyed => &["extra", "key"],
    };
    let all: Vec<_> = model.fields.iter().map(|field| field.wire).chain(more.iter().copied()).collect();
    all.into_iter()
}

fn make_all(py: Python<'_>) -> PyResult<Vec<Option<Py<PyType>>>> {
    let base = make_base(py)?;
    let make_one = |model: &&'static Model| match model.shape {
        Shape::Envelope => Ok(None),
        _ => make(py, model, &base).map(Some),
    };
    MODELS.iter().map(make_one).collect()
}

/// Makes the base type, with the methods of the Python class `Record`, and puts it in the place of that class.
///
/// Instances of a class that Python makes take part in the cyclic garbage collection, which costs each record 16 bytes, and
/// time whenever the collector runs. Those of this type do not.
fn make_base(py: Python<'_>) -> PyResult<Bound<'_, PyType>> {
    let module = py.import("oakford_aisp._record")?;
    let class = module.getattr("Record")?;
    let doc: String = class.getattr("__doc__")?.extract()?;
    let slots = [
        slot(ffi::Py_tp_doc, lasting(&doc)?.cast_mut().cast()),
        slot(ffi::Py_tp_new, object::new as *mut c_void),
    ];
    let flags = ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_BASETYPE;
    let base = make_type(py, "Record", object::offset(0), flags, &slots, &PyTuple::empty(py))?;
    for (name, value) in class.getattr("__dict__")?.call_method0("copy")?.cast_into::<PyDict>()? {
        if value.is_callable() || name.eq("__match_args__")? {
            base.setattr(name.cast_into::<PyString>()?, value)?;
        }
    }
    module.setattr("Record", &base)?;
    Ok(base)
}

fn make(py: Python<'_>, model: &'static Model, base: &Bound<'_, PyType>) -> PyResult<Py<PyType>> {
    let mut members = Vec::new();
    for (index, name) in names(model).enumerate() {
        let doc = match (model.fields.get(index), name) {
            (Some(field), _) => field.doc.trim(),
            (None, "key") => "Unique in its listing, whether the bank gave the row an id or not.",
            (None, _) => "The fields that this version does not know, under their names on the wire.",
        };
        members.push(ffi::PyMemberDef {
            name: lasting(name)?,
            type_code: OBJECT,
            offset: object::offset(index) as ffi::Py_ssize_t,
            flags: ffi::Py_READONLY,
            doc: lasting(doc)?,
        });
    }
    members.push(ffi::PyMemberDef { name: ptr::null(), type_code: 0, offset: 0, flags: 0, doc: ptr::null() });
    // The interpreter keeps pointers into members and names, so that they live as long as the process.
    let members = Box::leak(members.into_boxed_slice());
    let slots = [
        slot(ffi::Py_tp_doc, lasting(model.doc.trim())?.cast_mut().cast()),
        slot(ffi::Py_tp_members, members.as_mut_ptr().cast()),
        slot(ffi::Py_tp_new, object::new as *mut c_void),
        slot(ffi::Py_tp_dealloc, object::dealloc as *mut c_void),
        slot(ffi::Py_tp_repr, object::repr as *mut c_void),
        slot(ffi::Py_tp_hash, object::hash as *mut c_void),
        slot(ffi::Py_tp_richcompare, object::compare as *mut c_void),
    ];
    let size = object::offset(model.slots());
    let bases = PyTuple::new(py, [base])?;
    let made = make_type(py, model.name, size, ffi::Py_TPFLAGS_DEFAULT, &slots, &bases)?;
    made.setattr("__match_args__", PyTuple::new(py, names(model))?)?;
    Ok(made.unbind())
}

fn slot(slot: c_int, pfunc: *mut c_void) -> ffi::PyType_Slot {
    ffi::PyType_Slot { slot, pfunc }
}

fn make_type<'py>(
    py: Python<'py>,
    name: &str,
    size: usize,
    flags: std::ffi::c_ulong,
    slots: &[ffi::PyType_Slot],
    bases: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyType>> {
    let mut slots: Vec<ffi::PyType_Slot> = slots.iter().copied().chain([slot(0, ptr::null_mut())]).collect();
    let mut spec = ffi::PyType_Spec {
        name: lasting(&[MODULE, ".", name].concat())?,
        basicsize: size as c_int,
        itemsize: 0,
        flags: flags as u32,
        slots: slots.as_mut_ptr(),
    };
    let bases = if bases.is_empty() { ptr::null_mut() } else { bases.as_ptr() };
    // SAFETY: the interpreter is attached, the spec is whole and ends in a null slot. The names, the documentation and the
    // members that it points to are never freed.
    let made =
        unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpecWithBases(&raw mut spec, bases)) }?;
    Ok(made.cast_into::<PyType>()?)
}

/// A C string that is never freed: it belongs to a type.
fn lasting(text: &str) -> PyResult<*const std::ffi::c_char> {
    let text = CString::new(text).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(text.into_raw())
}

const _: () = assert!(size_of::<*mut ffi::PyObject>() == size_of::<usize>());
