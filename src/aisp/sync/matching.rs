//! Which new row is which vanished one, under another key: a pending row that was booked, a row whose id changed.
//!
//! What is found here only gives the caller more detail (`updated` in place of `added`); the rows that the caller ends up
//! with are the same whatever is found.

use super::checkpoint::KnownRow;
use super::order::sorted;
use super::row::{ChangeKind, Seen};

/// A row is not taken for the booking of another that is more days away than this.
const MOST_DAYS: i64 = 14;

/// Two rows that may be one; the smaller, the likelier.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    strength: MatchStrength,
    days: i64,
    vanished: usize,
    seen: usize,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum MatchStrength {
    /// One names the identifier of the other.
    Link,
    /// The same amount, currency and counterparty.
    Counterparty,
    /// The same amount and currency, and only one names a counterparty.
    Money,
}

/// Pairs vanished and new rows, the likeliest first and each at most once, as (index of the one, index of the other).
pub(super) fn pair(vanished: &[KnownRow], seen: &[Seen], since: Option<i64>) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let new = || seen.iter().enumerate().filter(|(_, row)| row.change == ChangeKind::New);
    for (at, gone) in vanished.iter().enumerate() {
        for (place, row) in new() {
            if let Some((strength, days)) = compare(gone, row, since) {
                pairs.push(Pair { strength, days, vanished: at, seen: place });
            }
        }
    }
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let order = sorted(pairs.len(), &|a, b| pairs.get(a).cmp(&pairs.get(b)));
    for pair in order.iter().filter_map(|at| pairs.get(*at)) {
        if !taken.iter().any(|(vanished, seen)| *vanished == pair.vanished || *seen == pair.seen) {
            taken.push((pair.vanished, pair.seen));
        }
    }
    taken
}

fn compare(gone: &KnownRow, row: &Seen, since: Option<i64>) -> Option<(MatchStrength, i64)> {
    let days = distance(gone.date, row.span);
    if gone.open && gone.links.iter().any(|link| *link != 0 && row.known.links.contains(link)) {
        return Some((MatchStrength::Link, days));
    }
    // A closed row from before the window has long been reported, so nothing but its identifier makes it a booking.
    if gone.money != row.known.money || !row.is_recent(since) {
        return None;
    }
    // Only a booking may be days away: else the coffee of today would replace a vanished one of last week.
    let is_booking = gone.open && !row.known.open;
    if days > if is_booking { MOST_DAYS } else { 0 } {
        return None;
    }
    match (gone.counterparty, row.known.counterparty) {
        (a, b) if a == b => Some((MatchStrength::Counterparty, days)),
        (0, _) | (_, 0) if is_booking => Some((MatchStrength::Money, days)),
        _ => None,
    }
}

/// The days from a date to the nearest of a span; unknown dates are as far as a booking may be.
fn distance(date: Option<i64>, span: Option<(i64, i64)>) -> i64 {
    match (date, span) {
        (Some(date), Some((first, last))) => (first - date).max(date - last).max(0),
        _ => MOST_DAYS,
    }
}
