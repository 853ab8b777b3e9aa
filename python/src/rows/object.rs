//! The functions of the records' types, and all access to a record's pointers.
//!
//! A record is the interpreter's header and one pointer for each member, null where the member is absent. Its pointers are
//! written while it is built and never again. Records take no part in the cyclic garbage collection, because what they hold
//! was made before them.

use std::ffi::c_int;
use std::mem::size_of;
use std::ptr;

use oakford_aisp::aisp::schema::Model;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

use super::{construct, repr, types};

/// Where the pointer of a member lies in a record.
pub(super) const fn offset(member: usize) -> usize {
    size_of::<ffi::PyObject>() + member * size_of::<*mut ffi::PyObject>()
}

/// A record that is being built: its members are set once each.
pub(super) struct Record {
    object: *mut ffi::PyObject,
    members: usize,
}

impl Record {
    /// Allocates a record, with every member absent.
    #[inline]
    pub(super) fn allocate(py: Python<'_>, of: &Bound<'_, PyType>, model: &Model) -> PyResult<Record> {
        // SAFETY: the interpreter is attached, and `of` is a type of `types`, which has no items and this many pointers.
        let object = unsafe { ffi::PyType_GenericAlloc(of.as_type_ptr(), 0) };
        if object.is_null() {
            return Err(PyErr::fetch(py));
        }
        Ok(Record { object, members: model.slots() })
    }

    /// Sets a member that is absent still. Takes over the reference.
    #[inline(always)]
    pub(super) fn set(&mut self, member: usize, value: *mut ffi::PyObject) {
        debug_assert!(member < self.members);
        if member < self.members {
            // SAFETY: the record has this member.
            unsafe { *pointer(self.object, member) = value };
        }
    }

    /// Returns the record, a reference that the caller owns.
    #[inline(always)]
    pub(super) fn finish(self) -> *mut ffi::PyObject {
        let object = self.object;
        std::mem::forget(self);
        object
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        // SAFETY: it was allocated, and building it failed while the interpreter was attached.
        unsafe { ffi::Py_DECREF(self.object) };
    }
}

/// The place of a member's pointer.
///
/// # Safety
///
/// `object` is a record that has the member.
#[inline(always)]
unsafe fn pointer(object: *mut ffi::PyObject, member: usize) -> *mut *mut ffi::PyObject {
    // SAFETY: the caller says that the member lies in the object.
    unsafe { object.cast::<u8>().add(offset(member)).cast() }
}

/// Returns a record's members in their order, `None` where a member is absent.
pub(super) fn members<'py>(record: &Bound<'py, PyAny>, model: &Model) -> Vec<Option<Bound<'py, PyAny>>> {
    let py = record.py();
    // SAFETY: callers give a record of the model's type, whose pointers are null or own an object.
    let member = |index| unsafe { Bound::from_borrowed_ptr_or_opt(py, *pointer(record.as_ptr(), index)) };
    (0..model.slots()).map(member).collect()
}

/// Runs what a type's function does, and raises its error.
fn guarded<T>(py: Python<'_>, failed: T, run: impl FnOnce() -> PyResult<T>) -> T {
    run().unwrap_or_else(|error| {
        error.restore(py);
        failed
    })
}

pub(super) unsafe extern "C" fn dealloc(object: *mut ffi::PyObject) {
    // SAFETY: the interpreter calls it attached, with a record that nobody refers to.
    unsafe {
        let py = Python::assume_attached();
        let of = ffi::Py_TYPE(object);
        let members = types::model_of(py, of).map_or(0, Model::slots);
        for member in 0..members {
            ffi::Py_XDECREF(*pointer(object, member));
        }
        ffi::PyObject_Free(object.cast());
        ffi::Py_DECREF(of.cast());
    }
}

pub(super) unsafe extern "C" fn new(
    of: *mut ffi::PyTypeObject,
    positional: *mut ffi::PyObject,
    named: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls it attached, with a tuple, and a dictionary or null.
    let py = unsafe { Python::assume_attached() };
    guarded(py, ptr::null_mut(), || {
        // SAFETY: as above; both are borrowed for the time of the call.
        let (positional, named) = unsafe {
            (
                Bound::from_borrowed_ptr(py, positional).cast_into::<PyTuple>()?,
                Bound::from_borrowed_ptr_or_opt(py, named)
                    .map(|named| named.cast_into::<PyDict>())
                    .transpose()?,
            )
        };
        construct::construct(py, types::model_of(py, of), &positional, named.as_ref())
    })
}

pub(super) unsafe extern "C" fn repr(object: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls it attached, with a record.
    let (py, record, of) = unsafe { attached(object) };
    guarded(py, ptr::null_mut(), || match types::model_of(py, of) {
        Some(model) => Ok(repr::of_record(&record, model)?.into_ptr()),
        None => Ok(ptr::null_mut()),
    })
}

pub(super) unsafe extern "C" fn hash(object: *mut ffi::PyObject) -> ffi::Py_hash_t {
    // SAFETY: the interpreter calls it attached, with a record.
    let (py, record, of) = unsafe { attached(object) };
    guarded(py, -1, || {
        let Some(model) = types::model_of(py, of) else { return Ok(-1) };
        let mut hash = model.id as u64;
        // What is unknown has no part in it: it may hold lists. Equal records have equal hashes all the same.
        for (index, member) in members(&record, model).iter().enumerate() {
            if let (Some(member), true) = (member, index != model.extra_slot()) {
                hash = hash.rotate_left(5) ^ member.hash()? as u64 ^ index as u64;
                hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            }
        }
        // -1 says that hashing failed.
        Ok(((hash ^ hash >> 32) >> 1) as ffi::Py_hash_t)
    })
}

pub(super) unsafe extern "C" fn compare(
    object: *mut ffi::PyObject,
    other: *mut ffi::PyObject,
    operator: c_int,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls it attached; one of the two is a record, and both are where their types are the same.
    let (py, record, of) = unsafe { attached(object) };
    let (_, other, other_of) = unsafe { attached(other) };
    let wants_equal = match operator {
        ffi::Py_EQ => true,
        ffi::Py_NE => false,
        _ => return py.NotImplemented().into_ptr(),
    };
    let Some(model) = types::model_of(py, of).filter(|_| of == other_of) else {
        return py.NotImplemented().into_ptr();
    };
    guarded(py, ptr::null_mut(), || {
        let mut is_equal = true;
        for (a, b) in members(&record, model).iter().zip(members(&other, model)) {
            is_equal = match (a, b) {
                (None, None) => true,
                (Some(a), Some(b)) => a.is(&b) || a.eq(b)?,
                _ => false,
            };
            if !is_equal {
                break;
            }
        }
        Ok((is_equal == wants_equal).into_pyobject(py)?.to_owned().into_any().into_ptr())
    })
}

/// # Safety
///
/// The interpreter is attached, and `object` is alive.
unsafe fn attached<'py>(
    object: *mut ffi::PyObject,
) -> (Python<'py>, Bound<'py, PyAny>, *mut ffi::PyTypeObject) {
    // SAFETY: the caller says so.
    unsafe {
        let py = Python::assume_attached();
        (py, Bound::from_borrowed_ptr(py, object), ffi::Py_TYPE(object))
    }
}
