//! A row of the listing, and what sync keeps of it while the listing is read.

use super::checkpoint::KnownRow;
use super::fingerprint;
use crate::time;

/// The fields of a transaction that sync reads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row<'a> {
    /// The key that is unique in the listing, over all of its pages.
    pub key: &'a str,
    /// `transaction_id`
    pub id: Option<&'a str>,
    /// `pending_transaction_id`
    pub pending_id: Option<&'a str>,
    /// `status`
    pub status: &'a str,
    /// The digits of the amount, with a minus where it is negative.
    pub amount: &'a str,
    /// The currency of the amount.
    pub currency: &'a str,
    /// The counterparty's name, else its account or another identifier.
    pub counterparty: Option<&'a str>,
    /// `booking_date`
    pub booking_date: Option<&'a str>,
    /// `value_date`
    pub value_date: Option<&'a str>,
    /// `transaction_date`
    pub transaction_date: Option<&'a str>,
    /// A hash of everything that the row says. It must not depend on the page or the process.
    pub content: u64,
}

/// A row of the listing without its texts.
#[derive(Debug)]
pub(super) struct Seen {
    /// What the next sync will have to know of it.
    pub known: KnownRow,
    /// The earliest and the latest of its dates.
    pub span: Option<(i64, i64)>,
    /// The day by which a closed row belongs to the window or not; `None` if no date says so.
    pub latest: Option<i64>,
    /// Whether its key is not its id, as a row before it in the listing has that.
    pub repeats: bool,
    /// What has been found out about it.
    pub change: ChangeKind,
}

/// What a row is to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangeKind {
    /// The checkpoint doesn't know it.
    New,
    /// The caller has it, and it is as it was.
    None,
    /// It was listed before.
    Repeated,
    /// The caller has it, under this key or another, and it changed.
    Changed,
}

impl Seen {
    pub(super) fn new(row: &Row<'_>, salt: u64) -> Self {
        let open = is_open(row.status);
        let booking = row.booking_date.and_then(day);
        let others = [row.value_date.and_then(day), row.transaction_date.and_then(day)];
        let dates = || others.into_iter().chain([booking]).flatten();
        let span = dates().min().zip(dates().max());
        let (earliest, latest) = span.unzip();
        let link = |text: Option<&str>| text.map_or(0, |text| fingerprint::bytes(salt, text.as_bytes()));
        let known = KnownRow {
            key: row.key.into(),
            open,
            date: if open { earliest } else { booking.or(earliest) },
            content: fingerprint::number(salt, row.content),
            money: fingerprint::money(salt, row.amount, row.currency),
            counterparty: row.counterparty.map_or(0, |name| fingerprint::name(salt, name)),
            links: [link(row.id), link(row.pending_id)],
        };
        let repeats = row.id.is_some_and(|id| id != row.key);
        Self { known, span, latest: booking.or(latest), repeats, change: ChangeKind::New }
    }

    /// What two rows have in common that are one: identifier and content.
    pub(super) fn identity(&self) -> u64 {
        let [id, _] = self.known.links;
        u64::from(id) << 32 | u64::from(self.known.content)
    }

    /// Whether the caller may not have it yet, or it may still change: it is open, or in the window that begins at `since`.
    pub(super) fn is_recent(&self, since: Option<i64>) -> bool {
        self.known.open || since.zip(self.latest).is_none_or(|(since, latest)| latest >= since)
    }
}

/// What a bank adds to the list of statuses counts as open: it is remembered until it is gone.
fn is_open(status: &str) -> bool {
    !matches!(status, "booked" | "information" | "rejected" | "cancelled")
}

fn day(date: &str) -> Option<i64> {
    time::date_parts(date.as_bytes()).map(|(year, month, day)| time::days(year, month, day))
}
