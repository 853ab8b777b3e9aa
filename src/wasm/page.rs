//! Decoded messages on their way to JavaScript.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::call::Call;
use super::client::Inner;
use super::transport::Received;
use super::{events, session};
use crate::aisp::consent;
use crate::aisp::decode::{self, DecodeError, Decoded, Fault, Keys, Message};
use crate::aisp::paged_query::{self, PagedQuery, Position};
use crate::error::{Error, Kind, RequestSent, Result};
use crate::http::Response;
use crate::json::{FieldError, ObjectWriter};

/// One message that is not listing: `[value, meta, headers]`.
pub fn whole(
    inner: &Rc<Inner>,
    call: &Call,
    key: &str,
    message: Message,
    received: Received,
) -> Result<JsValue> {
    let Received { response, headers } = received;
    let meta = meta(&response);
    let decoded = decoded(inner, call, message, response, &mut Keys::new())?;
    learn(inner, key, &decoded, false);
    Ok(triple(&build(inner, &decoded), meta, &headers))
}

/// One page at `position`: `[rows, meta, headers]`, the meta with `nextCursor` and `checkpoint` where the listing goes on.
pub fn page(
    inner: &Rc<Inner>,
    call: &Call,
    key: &str,
    message: Message,
    received: Received,
    listing: &PagedQuery,
    position: &Position,
) -> Result<JsValue> {
    let mut keys = Keys::from_text(&position.keys).ok_or_else(paged_query::invalid_checkpoint)?;
    let Received { response, headers } = received;
    let mut meta = meta(&response);
    let decoded = decoded(inner, call, message, response, &mut keys)?;
    learn(inner, key, &decoded, position.cursor.is_none());
    let cursor = decoded.next_cursor.as_deref();
    let next = listing.advance(position, cursor, &keys.to_text()).map_err(|error| call.note(error))?;
    if let Some(next) = next {
        meta.optional("nextCursor", cursor).text("checkpoint", &listing.checkpoint(&next));
    }
    Ok(triple(&build(inner, &decoded), meta, &headers))
}

/// Decodes a body, and tells of its drift.
pub fn decoded(
    inner: &Inner,
    call: &Call,
    message: Message,
    response: Response,
    keys: &mut Keys,
) -> Result<Decoded> {
    let decoded = decode::decode(message, response.body, keys)
        .map_err(|error| call.note(unreadable(&error, response.status)))?;
    for drift in &decoded.drift {
        events::drift(inner, drift);
    }
    Ok(decoded)
}

/// Accounts tell when the consent ends.
fn learn(inner: &Rc<Inner>, key: &str, decoded: &Decoded, anew: bool) {
    if let Some(ends) = consent::of_accounts(decoded) {
        session::learn_consent(inner, key, ends, anew);
    }
}

/// The JavaScript rows of what was decoded.
pub fn build(inner: &Inner, decoded: &Decoded) -> JsValue {
    inner.edge.build(decoded.message as u8, &decoded.text, &decoded.tape, &decoded.aux)
}

fn meta(response: &Response) -> ObjectWriter {
    let mut meta = ObjectWriter::new();
    meta.number("status", response.status.into()).optional("requestId", response.request_id.as_deref());
    meta
}

fn unreadable(error: &DecodeError, status: u16) -> Error {
    let kind = if error.fault == Fault::Empty { Kind::EmptyBody } else { Kind::InvalidResponse };
    let mut told = Error::with_detail(kind, &error.message());
    told.field_error = Some(FieldError::new(error.path.as_str(), error.expected, error.found.name()));
    told.request_sent = RequestSent::Yes;
    told.status = Some(status);
    told
}

fn triple(value: &JsValue, mut meta: ObjectWriter, headers: &JsValue) -> JsValue {
    Array::of3(value, &JsValue::from_str(&meta.finish()), headers).into()
}
