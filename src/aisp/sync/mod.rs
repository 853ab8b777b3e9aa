//! Sync: what is new, changed and gone since the last time, from one listing and a small string.
//!
//! A [`Sync`] says from which date to list (`status=all`), is given every row of every page, and ends in an
//! [`Changes`]. A caller who deletes what is `removed`, then stores what is `added` and `updated` by its key, has the
//! bank's rows, each once.
//!
//! **The window.** Banks book late and correct what they booked. So the listing begins 14 days before the latest booking
//! that was seen, and what comes, changes or vanishes in these days is reported. Rows that were booked earlier are
//! settled: they are neither asked for nor remembered, which keeps the checkpoint small. Of an account at rest that
//! day lies ever farther back, and history over 90 days needs fresh authentication: then the listing begins 89 days before
//! today, as long as that leaves 30 days before the last sync. Nothing is ever skipped to stay within the 90 days: after
//! a longer absence the bank may refuse.
//!
//! **Pending rows** are remembered until they are gone, and the listing reaches back to them, though no farther than 89
//! days. One that is no longer listed is removed; where a new row is its booking, that row is `updated` and not `added`.
//!
//! **The checkpoint** holds keys, which `removed` has to name, and salted fingerprints of 16 and 32 bits. It is written
//! after the whole listing only: a sync that fails on the way is begun again with the checkpoint that it began with.

mod checkpoint;
mod decoded;
mod fingerprint;
mod matching;
mod order;
mod row;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod tests;

use checkpoint::{Checkpoint, KnownRow};
use order::sorted;
pub use row::Row;
use row::{ChangeKind, Seen};

use crate::error::{Error, Result};
use crate::json::FieldError;
use crate::time;

/// How long before the latest booking a late one may be dated.
const OVERLAP: i64 = 14;
/// How long before its pending row a booking may be dated.
const BOOKED_BEFORE: i64 = 7;
/// How far back a bank lists without fresh authentication.
const REACH: i64 = 89;
/// How late a bank may be with the rows of a day.
const LATENESS: i64 = 30;

const DAY: i64 = 86_400_000;

/// One sync of one account while its listing is read.
#[derive(Debug)]
pub struct Sync {
    salt: u64,
    before: Checkpoint,
    today: i64,
    /// The first day of the listing.
    from: Option<i64>,
    rows: Vec<Seen>,
}

/// What a sync found. Rows are given by their place in the listing: the first that was pushed is 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that the caller doesn't have.
    pub added: Vec<usize>,
    /// Rows that the caller has, under the same key or as one of `replaced`, and that changed.
    pub updated: Vec<usize>,
    /// Keys of rows that are no more.
    pub removed: Vec<String>,
    /// Which of the removed rows live on under another key, such as pending rows that were booked.
    pub replaced: Vec<Replaced>,
    /// What the next sync of this account begins with.
    pub checkpoint: String,
}

/// A row that goes on under another key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The key that it had, which is among the removed.
    pub key: String,
    /// The row that it is now, which is among the updated.
    pub row: usize,
}

impl Sync {
    /// Begins at the checkpoint that the last sync of this account gave, or without one. `now` is in milliseconds
    /// since the epoch.
    pub fn begin(account_id: &str, checkpoint: Option<&str>, now: i64) -> Result<Self> {
        let salt = fingerprint::salt(account_id);
        let account = fingerprint::bytes(salt, account_id.as_bytes());
        let before = match checkpoint.map(Checkpoint::read) {
            None => Checkpoint { account, ..Checkpoint::default() },
            Some(Some(before)) if before.account == account => before,
            Some(Some(_)) => return Err(wrong("one of another account")),
            Some(None) => return Err(wrong("another text")),
        };
        let today = now.div_euclid(DAY);
        let from = first_day(&before, today);
        Ok(Self { salt, before, today, from, rows: Vec::new() })
    }

    /// The `date_from` to list with; `None`: all that the bank lists.
    pub fn date_from(&self) -> Option<String> {
        let instant = time::to_rfc3339(self.from?.saturating_mul(DAY));
        instant.split_once('T').map(|(date, _)| date.into())
    }

    /// Takes the next row of the listing.
    pub fn push(&mut self, row: &Row<'_>) {
        self.rows.push(Seen::new(row, self.salt));
    }

    /// Returns the changes, once every row of every page has been pushed.
    pub fn finish(self) -> Changes {
        let Self { before, today, from, mut rows, .. } = self;
        mark_repeated(&mut rows);
        let by_key = by_key(&mut rows);
        let vanished = compare(before.rows, &mut rows, &by_key, from);
        let mut changes = Changes::default();
        for (gone, row) in matching::pair(&vanished, &rows, before.since) {
            if let (Some(gone), Some(seen)) = (vanished.get(gone), rows.get_mut(row)) {
                seen.change = ChangeKind::Changed;
                changes.replaced.push(Replaced { key: gone.key.clone(), row });
            }
        }
        changes.removed = vanished.into_iter().map(|row| row.key).collect();
        for (index, row) in rows.iter().enumerate() {
            match row.change {
                ChangeKind::New if row.is_recent(before.since) => changes.added.push(index),
                ChangeKind::Changed => changes.updated.push(index),
                _ => {}
            }
        }
        let since = window(before.since, &rows, today);
        let keep = |index| {
            let row: &mut Seen = rows.get_mut(index)?;
            row.is_recent(since).then(|| core::mem::take(&mut row.known))
        };
        let rows = by_key.into_iter().filter_map(keep).collect();
        changes.checkpoint = Checkpoint { account: before.account, made: today, since, rows }.write();
        changes
    }
}

fn wrong(found: &str) -> Error {
    Error::option(FieldError::new(
        "checkpoint",
        "the checkpoint that the last sync of this account gave",
        found,
    ))
}

/// The first day to list.
fn first_day(before: &Checkpoint, today: i64) -> Option<i64> {
    let reach = today - REACH;
    let settled = before.since?.max(reach.min(before.made - LATENESS));
    let open = before.rows.iter().filter(|row| row.open).filter_map(|row| row.date).min();
    Some(open.map_or(settled, |date| settled.min(reach.max(date - BOOKED_BEFORE))))
}

/// Where the next window begins: it only moves forward. Bookings of days to come don't move it, nor does a wrong clock.
fn window(since: Option<i64>, rows: &[Seen], today: i64) -> Option<i64> {
    let closed = rows.iter().filter(|row| !row.known.open).filter_map(|row| row.latest);
    closed.filter(|day| *day <= today).max().map(|day| day - OVERLAP).max(since)
}

/// Marks rows that were listed before, with the same identifier and content: the pages shifted while they were read.
/// Equal rows without an identifier are several.
fn mark_repeated(rows: &mut [Seen]) {
    let identity = |index| rows.get(index).map(Seen::identity);
    let order = sorted(rows.len(), &|a, b| identity(a).cmp(&identity(b)));
    // Of one identity the one that has its identifier as its key was listed first.
    let mut first = None;
    for index in order {
        let Some(row) = rows.get_mut(index) else { continue };
        if !row.repeats {
            first = Some(row.identity());
        } else if first == Some(row.identity()) {
            row.change = ChangeKind::Repeated;
        }
    }
}

/// The places of the rows in the order of their keys, each key once.
fn by_key(rows: &mut [Seen]) -> Vec<usize> {
    let mut order = sorted(rows.len(), &|a, b| key(rows, a).cmp(&key(rows, b)));
    order.retain(|index| rows.get(*index).is_some_and(|row| row.change != ChangeKind::Repeated));
    order.dedup_by(|again, first| {
        let is_again = key(rows, *again) == key(rows, *first);
        if let Some(row) = rows.get_mut(*again).filter(|_| is_again) {
            row.change = ChangeKind::Repeated;
        }
        is_again
    });
    order
}

fn key(rows: &[Seen], index: usize) -> Option<&str> {
    rows.get(index).map(|row| row.known.key.as_str())
}

/// Notes on each row what the checkpoint knows of it, and gives the remembered rows that are no more.
fn compare(before: Vec<KnownRow>, rows: &mut [Seen], by_key: &[usize], from: Option<i64>) -> Vec<KnownRow> {
    let mut vanished = Vec::new();
    for known in before {
        let found = by_key.binary_search_by(|index| key(rows, *index).cmp(&Some(&known.key)));
        let row = found.ok().and_then(|place| by_key.get(place)).and_then(|index| rows.get_mut(*index));
        match row {
            Some(row) => {
                row.change =
                    if row.known.content == known.content { ChangeKind::None } else { ChangeKind::Changed };
            }
            // What the listing may have left out because of its dates isn't known to be gone.
            None if known.open || from.is_none_or(|from| known.date.is_some_and(|date| date >= from)) => {
                vanished.push(known);
            }
            None => {}
        }
    }
    vanished
}
