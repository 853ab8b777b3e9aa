//! `session.sync`, loaded when it is called first: one listing from the server, compared with what a checkpoint remembers.

use std::rc::Rc;

use super::{paging, read};
use crate::aisp::PagedQuery;
use crate::aisp::decode::{Keys, Message};
use crate::aisp::endpoint::Endpoint;
use crate::aisp::paged_query::Position;
use crate::aisp::sync::{Changes, Sync};
use crate::digits;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::engine::effect::{Effect, Output};
use crate::engine::executor::LocalBoxFuture;
use crate::error::{Error, Result};
use crate::json::{Fields, ObjectWriter, Value};
use crate::options;

/// The loaded module.
#[derive(Clone, Copy)]
pub struct LazyModule(());

/// Loads it, unless it is loaded.
pub async fn load(client: &Client) -> Result<LazyModule> {
    client.modules.load(&client.io, "sync").await?;
    Ok(LazyModule(()))
}

impl LazyModule {
    /// Lists what may have changed since `checkpoint`: the pages of rows as effects, and the outcome as JSON with indexes into them.
    #[inline(never)]
    pub fn sync<'a>(
        self,
        client: &'a Rc<Client>,
        call: &'a Call,
        key: &'a str,
        account_id: &'a str,
        options: &'a str,
    ) -> LocalBoxFuture<'a, Result<Output>> {
        Box::pin(async move { sync(client, call, key, account_id, options).await })
    }
}

async fn sync(
    client: &Rc<Client>,
    call: &Call,
    key: &str,
    account_id: &str,
    options: &str,
) -> Result<Output> {
    let checkpoint = options::with_fields(options, |fields| {
        fields.only(&["checkpoint"]).map_err(Error::option)?;
        Ok(fields.text("checkpoint").map_err(Error::option)?.map(String::from))
    })?;
    let mut sync = Sync::begin(account_id, checkpoint.as_deref(), client.io.wall())?;
    let listing = listing(account_id, sync.date_from())?;
    let mut keys = Keys::new();
    let mut next = Some(Position::default());
    while let Some(position) = next {
        let request = listing.request(&client.config.environment, &position)?;
        let received = read::read(client, call, key, request).await?;
        let decoded = paging::decoded(client, call, Message::TransactionList, received.response, &mut keys)?;
        decoded.rows().for_each(|row| sync.push_decoded(&row));
        next = listing
            .advance(&position, decoded.next_cursor.as_deref(), "")
            .map_err(|error| call.attach_context(error))?;
        client.io.ask(Effect::Rows { call: call.id, decoded: Box::new(decoded) });
    }
    Ok(describe(sync.finish()).into())
}

/// Everything from `date_from` on, whatever its status.
fn listing(account_id: &str, date_from: Option<String>) -> Result<PagedQuery> {
    let mut options = ObjectWriter::new();
    options.optional("dateFrom", date_from.as_deref()).text("status", "all").number("limit", 500);
    options::with_fields(&options.finish(), |fields: Fields<'_>| {
        Endpoint::Transactions.paged_query(account_id, fields)
    })
}

fn describe(changes: Changes) -> String {
    let mut out = ObjectWriter::new();
    out.raw("added", &indexes(&changes.added)).raw("updated", &indexes(&changes.updated));
    let removed: Vec<Value> = changes.removed.into_iter().map(Value::Text).collect();
    out.raw("removed", &Value::List(removed).to_json());
    let replaced: Vec<String> = changes
        .replaced
        .iter()
        .map(|replaced| {
            ObjectWriter::new().text("key", &replaced.key).number("row", replaced.row as i64).finish()
        })
        .collect();
    out.raw("replaced", &["[", &replaced.join(","), "]"].concat());
    out.text("checkpoint", &changes.checkpoint).finish()
}

fn indexes(indexes: &[usize]) -> String {
    let texts: Vec<String> = indexes.iter().map(|index| digits::write(*index as i64)).collect();
    ["[", &texts.join(","), "]"].concat()
}
