//! Single histories of sync, each with its changes.

use super::*;

const NOW: i64 = 1_770_000_000_000; // 2026-02-02
const ACCOUNT: &str = "acc-1";

fn sync(checkpoint: Option<&str>, now: i64, rows: &[Row<'_>]) -> Changes {
    let mut sync = Sync::begin(ACCOUNT, checkpoint, now).unwrap();
    rows.iter().for_each(|row| sync.push(row));
    sync.finish()
}

fn date_from(checkpoint: &str, days_later: i64) -> Option<String> {
    Sync::begin(ACCOUNT, Some(checkpoint), NOW + days_later * DAY).unwrap().date_from()
}

fn row<'a>(key: &'a str, status: &'a str, date: &'a str) -> Row<'a> {
    let dated = Row { key, id: Some(key), status, amount: "-3.20", currency: "EUR", ..Row::default() };
    let content = key.len() as u64 + status.len() as u64;
    let row = Row { counterparty: Some("Café"), content, ..dated };
    match status {
        "pending" => Row { transaction_date: Some(date), ..row },
        _ => Row { booking_date: Some(date), ..row },
    }
}

/// Returns the changes from a listing of `before` to one of `after`.
fn changes(before: &[Row<'_>], after: &[Row<'_>]) -> Changes {
    let first = sync(None, NOW, before);
    assert_eq!(first.added, Vec::from_iter(0..before.len()));
    let mut second = sync(Some(&first.checkpoint), NOW + DAY, after);
    second.checkpoint.clear();
    second
}

fn replaced(key: &str, row: usize) -> Changes {
    let replaced = vec![Replaced { key: key.into(), row }];
    Changes { updated: vec![row], removed: vec![key.into()], replaced, ..Changes::default() }
}

#[test]
fn a_pending_row_that_is_booked_under_its_id_is_updated() {
    let found = changes(&[row("a", "pending", "2026-02-01")], &[row("a", "booked", "2026-02-02")]);
    assert_eq!(found, Changes { updated: vec![0], ..Changes::default() });
}

#[test]
fn a_booking_that_names_the_pending_row_replaces_it_whatever_else_changed() {
    let booked = Row {
        pending_id: Some("p"),
        amount: "-4.00",
        counterparty: None,
        ..row("b", "booked", "2026-02-02")
    };
    assert_eq!(changes(&[row("p", "pending", "2026-02-01")], &[booked]), replaced("p", 0));

    let pending = Row { id: None, pending_id: Some("P-1"), ..row("hash", "pending", "2026-02-01") };
    let booked = Row { pending_id: Some("P-1"), ..booked };
    assert_eq!(changes(&[pending], &[booked]), replaced("hash", 0));
}

#[test]
fn a_booking_that_names_nothing_is_recognised_by_amount_counterparty_and_date() {
    let other_shop = Row { counterparty: Some("Kiosk"), ..row("x", "booked", "2026-02-02") };
    let other_amount = Row { amount: "-3.21", ..row("y", "booked", "2026-02-02") };
    let later = row("z", "booked", "2026-02-04");
    let booked = Row { amount: "-3.2", ..row("b", "booked", "2026-02-02") };
    let found = changes(&[row("p", "pending", "2026-02-01")], &[other_shop, other_amount, later, booked]);
    assert_eq!(found, Changes { added: vec![0, 1, 2], ..replaced("p", 3) });
}

#[test]
fn a_booking_that_names_the_shop_at_last_is_recognised_but_one_of_the_same_shop_is_preferred() {
    let pending = Row { counterparty: None, ..row("p", "pending", "2026-02-01") };
    let named = row("b", "booked", "2026-02-01");
    assert_eq!(changes(&[pending], &[named]), replaced("p", 0));
    let unnamed = Row { counterparty: None, ..row("c", "booked", "2026-02-04") };
    assert_eq!(changes(&[pending], &[named, unnamed]), Changes { added: vec![0], ..replaced("p", 1) });
}

#[test]
fn a_booking_months_away_or_a_new_pending_row_is_no_booking_of_a_vanished_one() {
    let pending = row("p", "pending", "2026-01-01");
    let gone = Changes { added: vec![0], removed: vec!["p".into()], ..Changes::default() };
    assert_eq!(changes(&[pending], &[row("b", "booked", "2026-02-02")]), gone);
    assert_eq!(changes(&[pending], &[row("q", "pending", "2026-01-02")]), gone);
    assert_eq!(changes(&[pending], &[row("q", "pending", "2026-01-01")]), replaced("p", 0));
}

#[test]
fn two_equal_coffees_are_two_and_book_one_by_one() {
    let cup = |key| Row { id: None, ..row(key, "pending", "2026-02-01") };
    let booked = Row { id: None, ..row("b", "booked", "2026-02-02") };
    assert_eq!(changes(&[cup("f"), cup("f#2")], &[cup("f"), booked]), replaced("f#2", 1));
}

#[test]
fn corrections_and_cancelled_bookings_within_the_window_are_told() {
    let before = [
        row("a", "booked", "2026-02-01"),
        row("b", "booked", "2026-01-25"),
        row("c", "booked", "2026-01-20"),
    ];
    let corrected = Row { content: 99, ..before[1] };
    let found = changes(&before, &[before[0], corrected]);
    assert_eq!(found, Changes { updated: vec![1], removed: vec!["c".into()], ..Changes::default() });
}

#[test]
fn a_bank_that_renames_its_booked_rows_updates_them() {
    let before = [row("a", "booked", "2026-02-01"), row("b", "booked", "2026-01-25")];
    let found =
        changes(&before, &[row("new-b", "booked", "2026-01-25"), row("new-a", "booked", "2026-02-01")]);
    assert_eq!(
        (found.added.len(), found.updated, found.removed),
        (0, vec![0, 1], vec!["a".into(), "b".into()])
    );
}

#[test]
fn settled_rows_are_neither_missed_nor_told_again() {
    let recent = row("new", "booked", "2026-02-01");
    let old = row("old", "booked", "2026-01-17");
    assert_eq!(changes(&[recent, old], &[recent]), Changes::default());
    assert_eq!(changes(&[recent, old], &[recent, old]), Changes::default());
}

#[test]
fn a_pending_row_from_before_the_window_is_removed_once_it_is_booked_or_gone() {
    let recent = row("new", "booked", "2026-02-01");
    let old = row("p", "pending", "2025-12-24");
    let booked = Row { pending_id: Some("p"), ..row("b", "booked", "2025-12-25") };
    assert_eq!(changes(&[recent, old], &[recent, booked]), replaced("p", 1));
    assert_eq!(changes(&[recent, old], &[recent]).removed, ["p"]);
}

#[test]
fn a_row_that_is_listed_twice_because_pages_shifted_is_one() {
    let a = row("a", "booked", "2026-02-01");
    let again = Row { key: "a#2", ..a };
    let other = Row { key: "a#3", content: 99, ..a };
    let first = sync(None, NOW, &[a, row("b", "booked", "2026-02-01"), again, other]);
    assert_eq!(first.added, [0, 1, 3]);

    let first = sync(None, NOW, &[a, Row { content: 99, ..a }, a]);
    assert_eq!(first.added, [0]);
    assert_eq!(sync(Some(&first.checkpoint), NOW, &[a, a]).removed, [""; 0]);
}

#[test]
fn the_listing_begins_before_the_latest_booking_that_was_seen() {
    let rows = [
        row("a", "booked", "2026-02-01"),
        row("b", "booked", "2026-03-01"),
        row("c", "pending", "2026-02-02"),
    ];
    let first = sync(None, NOW, &rows);
    // 14 days before 1 February: what is booked for a day to come doesn't move the window.
    assert_eq!(date_from(&first.checkpoint, 1).as_deref(), Some("2026-01-18"));
    assert_eq!(Sync::begin(ACCOUNT, None, NOW).unwrap().date_from(), None);
}

#[test]
fn the_listing_reaches_back_to_pending_rows_but_not_beyond_90_days() {
    let recent = row("a", "booked", "2026-02-01");
    let first = sync(None, NOW, &[recent, row("p", "pending", "2026-01-10")]);
    assert_eq!(date_from(&first.checkpoint, 0).as_deref(), Some("2026-01-03"));
    let first = sync(None, NOW, &[recent, row("p", "pending", "2025-06-01")]);
    assert_eq!(date_from(&first.checkpoint, 0).as_deref(), Some("2025-11-05"));
}

#[test]
fn an_account_at_rest_is_listed_for_89_days_and_a_long_absence_in_full() {
    let first = sync(None, NOW, &[row("a", "booked", "2025-02-01")]);
    assert_eq!(date_from(&first.checkpoint, 1).as_deref(), Some("2025-11-06"));
    // 30 days before the last sync, which is what a bank may be late.
    assert_eq!(date_from(&first.checkpoint, 200).as_deref(), Some("2026-01-03"));
    let empty = sync(None, NOW, &[]);
    assert_eq!(date_from(&empty.checkpoint, 1), None);
}

#[test]
fn a_clock_that_is_years_ahead_or_behind_loses_nothing() {
    let rows = [row("a", "booked", "2026-02-01"), row("b", "booked", "2026-01-20")];
    for wrong in [0, NOW + 2000 * DAY] {
        let first = sync(None, wrong, &rows);
        let second = sync(Some(&first.checkpoint), NOW, &rows);
        assert_eq!((second.added, second.removed), (vec![], vec![]));
        let late = row("late", "booked", "2026-01-19");
        let third = sync(Some(&second.checkpoint), NOW, &[rows[0], rows[1], late]);
        assert_eq!(third.added, [2]);
    }
}

#[test]
fn rows_without_a_booking_date_are_not_taken_for_gone_where_the_listing_may_leave_them_out() {
    let undated = Row { booking_date: None, ..row("u", "booked", "") };
    let recent = row("a", "booked", "2026-02-01");
    assert_eq!(changes(&[recent, undated], &[recent]), Changes::default());
    assert_eq!(changes(&[recent, undated], &[recent, undated]), Changes::default());
}

#[test]
fn a_checkpoint_of_another_account_or_another_text_is_refused() {
    let first = sync(None, NOW, &[row("a", "booked", "2026-02-01")]);
    let other = Sync::begin("acc-2", Some(&first.checkpoint), NOW).unwrap_err();
    assert_eq!(
        other.to_string(),
        "`checkpoint` must be the checkpoint that the last sync of this account gave, got one of another account."
    );
    for text in ["", "nonsense", "AQ", first.checkpoint.get(1..).unwrap()] {
        let error = Sync::begin(ACCOUNT, Some(text), NOW).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.field_error.as_ref().unwrap().found.as_str()),
            ("invalid_option", "another text")
        );
    }
}

#[test]
fn the_checkpoint_of_ten_thousand_rows_stays_small() {
    let day = |n: i64| time::to_rfc3339(NOW - n * DAY).get(..10).unwrap().to_string();
    let texts: Vec<(String, String)> = (0..10_000u64)
        .map(|n| (format!("{:016x}{:04x}", fingerprint::mix(n + 1), n), day(n as i64 * 730 / 10_000)))
        .collect();
    let rows: Vec<Row<'_>> = texts.iter().map(|(key, date)| row(key, "booked", date)).collect();
    let checkpoint = sync(None, NOW, &rows).checkpoint;
    // Ten thousand rows of two years, ids of 20 characters.
    assert!(checkpoint.len() < 10_500, "{}", checkpoint.len());
}
