//! Decoded responses on their way to the host.

use std::rc::Rc;

use crate::aisp::consent;
use crate::aisp::decode::{self, DecodeError, Decoded, Fault, Keys, Message};
use crate::aisp::paged_query::{self, PagedQuery, Position};
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::effect::{Effect, Id, Output};
use crate::engine::session::consent as session_consent;
use crate::engine::transport::Received;
use crate::error::{Error, Kind, RequestSent, Result};
use crate::http::Response;
use crate::json::{FieldError, ObjectWriter};

/// Decodes a response that is not paged: a page of rows as effect, and `{ status, requestId? }` as JSON.
pub fn whole(
    client: &Rc<Client>,
    call: &Call,
    key: &str,
    message: Message,
    received: Received,
) -> Result<Output> {
    let Received { response, exchange } = received;
    let meta = meta(&response);
    let decoded = decoded(client, call, message, response, &mut Keys::new())?;
    learn(client, key, &decoded, false);
    Ok(output(client, call, decoded, meta, exchange))
}

/// Decodes the page at `position`: its rows as effect, and `{ status, requestId?, nextCursor?, checkpoint? }` as JSON.
pub fn page(
    client: &Rc<Client>,
    call: &Call,
    key: &str,
    message: Message,
    received: Received,
    listing: &PagedQuery,
    position: &Position,
) -> Result<Output> {
    let mut keys = Keys::from_text(&position.keys).ok_or_else(paged_query::invalid_checkpoint)?;
    let Received { response, exchange } = received;
    let mut meta = meta(&response);
    let decoded = decoded(client, call, message, response, &mut keys)?;
    learn(client, key, &decoded, position.cursor.is_none());
    let cursor = decoded.next_cursor.as_deref();
    let next =
        listing.advance(position, cursor, &keys.to_text()).map_err(|error| call.attach_context(error))?;
    if let Some(next) = next {
        meta.optional("nextCursor", cursor).text("checkpoint", &listing.checkpoint(&next));
    }
    Ok(output(client, call, decoded, meta, exchange))
}

/// Decodes a body, and reports its drift.
pub fn decoded(
    client: &Client,
    call: &Call,
    message: Message,
    response: Response,
    keys: &mut Keys,
) -> Result<Decoded> {
    let decoded = decode::decode(message, response.body, keys)
        .map_err(|error| call.attach_context(unreadable(&error, response.status)))?;
    for drift in &decoded.drift {
        client.events.drift(drift);
    }
    Ok(decoded)
}

/// Learns the end of consent, which accounts have.
fn learn(client: &Rc<Client>, key: &str, decoded: &Decoded, replaces: bool) {
    if let Some(ends) = consent::of_accounts(decoded) {
        session_consent::learn(client, key, ends, replaces);
    }
}

fn meta(response: &Response) -> ObjectWriter {
    let mut meta = ObjectWriter::new();
    meta.number("status", response.status.into()).optional("requestId", response.request_id.as_deref());
    meta
}

fn unreadable(why: &DecodeError, status: u16) -> Error {
    let kind = if why.fault == Fault::Empty { Kind::EmptyBody } else { Kind::InvalidResponse };
    let mut error = Error::with_detail(kind, &why.message());
    error.field_error = Some(FieldError::new(why.path.as_str(), why.expected, why.found.name()));
    error.request_sent = RequestSent::Yes;
    error.status = Some(status);
    error
}

/// Hands the rows to the host, and returns what belongs to them.
fn output(client: &Client, call: &Call, decoded: Decoded, mut meta: ObjectWriter, exchange: Id) -> Output {
    client.io.ask(Effect::Rows { call: call.id, decoded: Box::new(decoded) });
    Output { text: Some(meta.finish()), exchange: Some(exchange) }
}
