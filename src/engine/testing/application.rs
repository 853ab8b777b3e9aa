//! What an application does with a client: calls, listings that go on after failures, synchronizing, logins.

use std::collections::BTreeMap;

use super::api_server::Row;
use super::random::Random;
use crate::aisp::decode::{Decoded, field};
use crate::aisp::endpoint::Endpoint;
use crate::engine::Operation;
use crate::json::{self, Value};

/// A row as the application has it: its key beside its data.
pub type Keyed = (String, Row);

/// What is to be done.
#[derive(Debug, Clone)]
pub enum Task {
    /// Independent calls, one after the other.
    Calls(u32),
    /// One read.
    Read,
    /// The transactions, page by page. What is here was saved with the checkpoint, so it outlives the process.
    Listing {
        /// The rows so far.
        rows: Vec<Keyed>,
        /// Where the listing goes on.
        checkpoint: Option<String>,
    },
    /// The transactions by `sync`, several times.
    Sync {
        /// The rows by key.
        database: BTreeMap<String, Row>,
        /// Where the next sync begins.
        checkpoint: Option<String>,
        /// How many syncs are to be done.
        rounds: u32,
    },
    /// A login under the session's key.
    Login {
        /// The callback's URL and the pending authorization, once it was begun.
        begun: Option<(String, String)>,
    },
    /// The end of the session.
    Revoke,
    /// One call that a test wrote.
    Scripted(fn(&str) -> Operation),
}

/// A task of one client of one process.
#[derive(Debug, Clone)]
pub struct Job {
    /// The process.
    pub process: usize,
    /// The client among those of the process.
    pub client: usize,
    /// The key of the session.
    pub key: String,
    /// What is to be done.
    pub task: Task,
    /// The options of its calls.
    pub options: String,
    /// How many of its calls failed.
    pub failures: u32,
    /// Whether it is done, or given up because the session ended.
    pub done: bool,
}

/// What a job does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It is done.
    Done,
    /// It makes its next call.
    Again,
    /// It makes its next call once there are new rows.
    AfterNewRows,
}

impl Job {
    /// Returns its next call.
    pub fn operation(&self, random: &mut Random) -> Operation {
        let key = self.key.clone();
        let read = |endpoint, id: &str, checkpoint| Operation::Read {
            key: self.key.clone(),
            endpoint,
            id: id.into(),
            options: "{}".into(),
            checkpoint,
        };
        match &self.task {
            Task::Calls(_) => match random.below(10) {
                0..5 => read(Endpoint::Balances, "a", None),
                5..7 => read(Endpoint::Accounts, "", None),
                7 => Operation::Restore { key },
                _ => Operation::Refresh { key },
            },
            Task::Read => read(Endpoint::Balances, "a", None),
            Task::Listing { checkpoint, .. } => read(Endpoint::Transactions, "a", checkpoint.clone()),
            Task::Sync { checkpoint, .. } => Operation::Sync {
                key,
                account_id: "a".into(),
                options: match checkpoint {
                    Some(checkpoint) => format!(r#"{{"checkpoint":"{checkpoint}"}}"#),
                    None => "{}".into(),
                },
            },
            Task::Login { begun: None } => Operation::BeginAuthorization { options: "{}".into() },
            Task::Login { begun: Some((callback_url, pending)) } => Operation::CompleteAuthorization {
                key,
                callback_url: callback_url.clone(),
                pending: pending.clone(),
            },
            Task::Revoke => Operation::Revoke { key },
            Task::Scripted(operation) => operation(&self.key),
        }
    }

    /// Takes the result of a call that succeeded.
    pub fn succeeded(&mut self, text: &str, rows: Vec<Keyed>) -> Next {
        let value = json::parse(text.as_bytes()).unwrap_or(Value::Null);
        match &mut self.task {
            Task::Calls(left) => {
                *left -= 1;
                if *left == 0 { Next::Done } else { Next::Again }
            }
            Task::Listing { rows: all, checkpoint } => {
                all.extend(rows);
                *checkpoint = value.get("checkpoint").and_then(Value::as_text).map(String::from);
                if checkpoint.is_none() { Next::Done } else { Next::Again }
            }
            Task::Sync { database, checkpoint, rounds } => {
                for key in texts(&value, "removed") {
                    database.remove(&key);
                }
                for name in ["added", "updated"] {
                    for index in indexes(&value, name) {
                        let (key, row) = &rows[index];
                        database.insert(key.clone(), row.clone());
                    }
                }
                *checkpoint = value.get("checkpoint").and_then(Value::as_text).map(String::from);
                *rounds -= 1;
                if *rounds == 0 { Next::Done } else { Next::AfterNewRows }
            }
            Task::Login { begun } if begun.is_none() => Next::Again,
            Task::Login { .. } | Task::Revoke | Task::Read | Task::Scripted(_) => Next::Done,
        }
    }
}

/// Returns the rows of a page with their keys.
pub fn rows(decoded: &Decoded) -> Vec<Keyed> {
    let text = |text: Option<std::borrow::Cow<'_, str>>| text.map(std::borrow::Cow::into_owned);
    let row = |row: crate::aisp::decode::Row<'_>| Row {
        id: text(row.text(field::TRANSACTION_ID)),
        amount: row.amount().map(|(digits, _)| digits.into_owned()).unwrap_or_default(),
        date: text(row.text(field::BOOKING_DATE)).unwrap_or_default(),
    };
    decoded.rows().map(|each| (each.key().into_owned(), row(each))).collect()
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    match value.get(name) {
        Some(Value::List(list)) => list.iter().filter_map(Value::as_text).map(String::from).collect(),
        _ => Vec::new(),
    }
}

fn indexes(value: &Value, name: &str) -> Vec<usize> {
    match value.get(name) {
        Some(Value::List(list)) => list
            .iter()
            .filter_map(|value| match value {
                Value::Number(text) => text.parse().ok(),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
