//! `session.sync`, loaded when it is called first: one listing from the server, compared with what a checkpoint remembers.

use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::call::Call;
use super::client::Inner;
use super::{page, part, read};
use crate::aisp::decode::{Keys, Message};
use crate::aisp::paged_query::Position;
use crate::aisp::sync::{Changes, Sync};
use crate::aisp::{PagedQuery, endpoint};
use crate::digits;
use crate::engine::LocalBoxFuture;
use crate::error::{Error, Result};
use crate::json::{Fields, ObjectWriter, Value};
use crate::options;

/// The part, loaded.
#[derive(Clone, Copy)]
pub struct Part(());

/// Loads it, unless it is there.
pub async fn load(inner: &Inner) -> Result<Part> {
    part::load(inner, "sync").await?;
    Ok(Part(()))
}

impl Part {
    /// Lists what may have changed since `checkpoint`: `[pages of rows, outcome]`, the outcome as JSON with indexes into the rows.
    #[inline(never)]
    pub fn sync<'a>(
        self,
        inner: &'a Rc<Inner>,
        call: &'a Call,
        key: &'a str,
        account_id: &'a str,
        options: &'a str,
    ) -> LocalBoxFuture<'a, Result<JsValue>> {
        Box::pin(async move { sync(inner, call, key, account_id, options).await })
    }
}

async fn sync(inner: &Rc<Inner>, call: &Call, key: &str, account_id: &str, options: &str) -> Result<JsValue> {
    let checkpoint = options::with_fields(options, |fields| {
        fields.only(&["checkpoint"]).map_err(Error::option)?;
        Ok(fields.text("checkpoint").map_err(Error::option)?.map(String::from))
    })?;
    let mut sync = Sync::begin(account_id, checkpoint.as_deref(), inner.now())?;
    let listing = listing(account_id, sync.date_from())?;
    let pages = Array::new();
    let mut keys = Keys::new();
    let mut next = Some(Position::default());
    while let Some(position) = next {
        let request = listing.request(&inner.config.environment, &position)?;
        let received = read::read(inner, call, key, request).await?;
        let decoded = page::decoded(inner, call, Message::TransactionList, received.response, &mut keys)?;
        decoded.rows().for_each(|row| sync.push_decoded(&row));
        pages.push(&page::build(inner, &decoded));
        next = listing
            .advance(&position, decoded.next_cursor.as_deref(), "")
            .map_err(|error| call.note(error))?;
    }
    Ok(Array::of2(&pages, &JsValue::from(describe(sync.finish()))).into())
}

/// Everything from `date_from` on, whatever its status.
fn listing(account_id: &str, date_from: Option<String>) -> Result<PagedQuery> {
    let mut options = ObjectWriter::new();
    options.optional("dateFrom", date_from.as_deref()).text("status", "all").number("limit", 500);
    options::with_fields(&options.finish(), |fields: Fields<'_>| endpoint::transactions(account_id, fields))
}

fn describe(outcome: Changes) -> String {
    let mut out = ObjectWriter::new();
    out.raw("added", &indexes(&outcome.added)).raw("updated", &indexes(&outcome.updated));
    let removed: Vec<Value> = outcome.removed.into_iter().map(Value::Text).collect();
    out.raw("removed", &Value::List(removed).to_json());
    let replaced: Vec<String> = outcome
        .replaced
        .iter()
        .map(|replaced| {
            ObjectWriter::new().text("key", &replaced.key).number("row", replaced.row as i64).finish()
        })
        .collect();
    out.raw("replaced", &["[", &replaced.join(","), "]"].concat());
    out.text("checkpoint", &outcome.checkpoint).finish()
}

fn indexes(indexes: &[usize]) -> String {
    let texts: Vec<String> = indexes.iter().map(|index| digits::write(*index as i64)).collect();
    ["[", &texts.join(","), "]"].concat()
}
