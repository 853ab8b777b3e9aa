//! Decoded messages on their way to JavaScript.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::call::Call;
use super::client::Inner;
use super::events;
use super::transport::Received;
use crate::aisp::decode::{self, DecodeError, Fault, Keys, Message};
use crate::aisp::listing::{Listing, Position};
use crate::error::{Error, Result};
use crate::json::{Mismatch, ObjectWriter};

/// One message that is not paged: `[value, meta, headers]`.
pub fn whole(inner: &Inner, call: &Call, message: Message, received: Received) -> Result<JsValue> {
    let (value, _, meta, headers) = decoded(inner, call, message, received, &mut Keys::new())?;
    Ok(triple(&value, meta, &headers))
}

/// One page at `position`: `[rows, meta, headers]`, the meta with `nextCursor` and `checkpoint` where the listing goes on.
pub fn page(
    inner: &Inner,
    call: &Call,
    message: Message,
    received: Received,
    listing: &Listing,
    position: &Position,
) -> Result<JsValue> {
    let mut keys = Keys::from_text(&position.keys).ok_or_else(|| {
        Error::option(Mismatch::new(
            "from",
            "a checkpoint of a listing with the same parameters",
            "another text",
        ))
    })?;
    let (rows, next_cursor, mut meta, headers) = decoded(inner, call, message, received, &mut keys)?;
    let next = listing
        .advance(position, next_cursor.as_deref(), &keys.to_text())
        .map_err(|error| call.note(error))?;
    if let Some(next) = next {
        meta.optional("nextCursor", next_cursor.as_deref()).text("checkpoint", &listing.checkpoint(&next));
    }
    Ok(triple(&rows, meta, &headers))
}

fn decoded(
    inner: &Inner,
    call: &Call,
    message: Message,
    received: Received,
    keys: &mut Keys,
) -> Result<(JsValue, Option<String>, ObjectWriter, JsValue)> {
    let Received { response, headers } = received;
    let mut meta = ObjectWriter::new();
    meta.number("status", response.status.into()).optional("requestId", response.request_id.as_deref());
    let decoded = decode::decode(message, response.body, keys)
        .map_err(|error| call.note(unreadable(&error, response.status)))?;
    for drift in &decoded.drift {
        events::drift(inner, drift);
    }
    let value = inner.edge.build(message as u8, &decoded.body, &decoded.tape, &decoded.side);
    Ok((value, decoded.next_cursor, meta, headers))
}

fn unreadable(error: &DecodeError, status: u16) -> Error {
    let mut told = Error::response(Mismatch::new(error.path.as_str(), error.expected, error.found.name()));
    told.message = error.message();
    told.status = Some(status);
    if error.fault == Fault::Empty {
        told.code = "empty_body".into();
    }
    told
}

fn triple(value: &JsValue, mut meta: ObjectWriter, headers: &JsValue) -> JsValue {
    Array::of3(value, &JsValue::from_str(&meta.finish()), headers).into()
}
