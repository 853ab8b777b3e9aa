//! A simulated bank with random histories, and a caller who does what the documentation says: after every sync both
//! must hold the same rows.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Changes, DAY, LATENESS, OVERLAP, REACH, Replaced, Row, Sync};
use crate::time;

const FIRST_DAY: i64 = 20_000;
/// The simulated bank gives up a pending row after so many days, so that it is listed as long as it lives.
const PENDING_LIFE: i64 = 80;

/// One row as the bank has it.
#[derive(Debug, Clone)]
struct Entry {
    movement: usize,
    id: Option<String>,
    pending_id: Option<String>,
    open: bool,
    cents: i64,
    shop: usize,
    booked: Option<i64>,
    made: Option<i64>,
    text: usize,
    /// Whether its key never changed without a word of what it was before.
    traceable: bool,
}

#[derive(Debug, Clone, Copy)]
enum Identity {
    Id,
    PendingId,
    Nothing,
}

#[derive(Debug, Clone, Copy)]
enum Booking {
    SameId,
    NamesPendingRow,
    OtherId,
    NoId,
}

#[derive(Debug, Clone)]
enum Event {
    /// A pending row appears.
    Spend { cents: i64, shop: usize, identity: Identity, is_dated: bool },
    /// A row is booked that never was pending, `back` days ago or in days to come.
    BookDirectly { cents: i64, shop: usize, has_id: bool, back: i64 },
    /// A pending row is booked.
    Book { which: usize, booking: Booking, back: i64 },
    /// The bank gives a pending row another id.
    Rename { which: usize },
    /// A row says something else.
    Correct { which: usize },
    /// A row is gone.
    Vanish { which: usize },
}

#[derive(Debug, Clone)]
struct Habits {
    /// Whether pending rows are left out where they are older than `date_from`.
    filters_pending: bool,
    /// Whether booked rows have a value date only.
    value_dates_only: bool,
    newest_first: bool,
}

#[derive(Debug)]
struct Bank {
    habits: Habits,
    day: i64,
    entries: Vec<Entry>,
    count: usize,
    /// The begin of the caller's window, once there is one.
    window: Option<i64>,
    /// The day of the last sync.
    synced: i64,
}

impl Bank {
    fn number(&mut self) -> usize {
        self.count += 1;
        self.count
    }

    fn id(&mut self) -> String {
        format!("id-{:x}", self.number().wrapping_mul(0x9e37_79b9) & 0xffff_ffff)
    }

    fn pass(&mut self, days: i64) {
        self.day += days;
        let oldest = self.day - PENDING_LIFE;
        self.entries.retain(|entry| !entry.open || entry.made.is_none_or(|made| made >= oldest));
    }

    /// The first day of which the documentation says that late bookings, corrections and the like are seen.
    fn first_unsettled(&self) -> i64 {
        let listed = (self.day - REACH).min(self.synced - LATENESS);
        self.window.map_or(i64::MIN, |window| window.max(listed))
    }

    fn is_unsettled(&self, entry: &Entry) -> bool {
        entry.open || entry.booked.is_some_and(|day| day >= self.first_unsettled())
    }

    fn find(&self, which: usize, wanted: impl Fn(&Entry) -> bool) -> Option<usize> {
        let found = self.entries.iter().enumerate().filter(|(_, entry)| wanted(entry)).map(|(at, _)| at);
        let found: Vec<usize> = found.collect();
        (!found.is_empty()).then(|| found[which % found.len()])
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Spend { cents, shop, identity, is_dated } => self.spend(cents, shop, identity, is_dated),
            Event::BookDirectly { cents, shop, has_id, back } => {
                self.book_directly(cents, shop, has_id, back)
            }
            Event::Book { which, booking, back } => self.book(which, booking, back),
            Event::Rename { which } => {
                if let Some(at) = self.find(which, |entry| entry.open && entry.id.is_some()) {
                    self.entries[at].id = Some(self.id());
                    self.entries[at].traceable = false;
                }
            }
            Event::Correct { which } => {
                if let Some(at) = self.find(which, |entry| self.is_unsettled(entry)) {
                    self.entries[at].text = self.number();
                    self.entries[at].traceable &= self.entries[at].id.is_some();
                }
            }
            Event::Vanish { which } => {
                if let Some(at) = self.find(which, |entry| self.is_unsettled(entry)) {
                    self.entries.remove(at);
                }
            }
        }
    }

    fn spend(&mut self, cents: i64, shop: usize, identity: Identity, is_dated: bool) {
        let (id, pending_id) = match identity {
            Identity::Id => (Some(self.id()), None),
            Identity::PendingId => (None, Some(self.id())),
            Identity::Nothing => (None, None),
        };
        let traceable = id.is_some() || pending_id.is_some();
        let (movement, made) = (self.number(), is_dated.then_some(self.day));
        self.entries.push(Entry {
            movement,
            id,
            pending_id,
            open: true,
            cents,
            shop,
            booked: None,
            made,
            text: 0,
            traceable,
        });
    }

    fn book_directly(&mut self, cents: i64, shop: usize, has_id: bool, back: i64) {
        let day = (self.day - back).max(self.first_unsettled());
        let id = has_id.then(|| self.id());
        let movement = self.number();
        self.entries.push(Entry {
            movement,
            id,
            pending_id: None,
            open: false,
            cents,
            shop,
            booked: Some(day),
            made: None,
            text: 0,
            traceable: has_id,
        });
    }

    fn book(&mut self, which: usize, booking: Booking, back: i64) {
        let Some(at) = self.find(which, |entry| entry.open) else { return };
        let new_id = self.id();
        let day = self.day;
        let Some(entry) = self.entries.get_mut(at) else { return };
        entry.open = false;
        let (id, link) = match booking {
            Booking::SameId => (entry.id.clone(), entry.pending_id.clone()),
            Booking::NamesPendingRow => (Some(new_id), entry.id.clone().or(entry.pending_id.clone())),
            Booking::OtherId => (Some(new_id), None),
            Booking::NoId => (None, None),
        };
        entry.traceable &= matches!(booking, Booking::SameId | Booking::NamesPendingRow);
        // Booked long ago under a name that can be followed, else within the last days.
        let back = if entry.traceable && entry.made.is_some() { back } else { back % 4 };
        let earliest = entry.made.map_or(day - 3, |made| made - 7);
        entry.booked = Some((day - back).max(earliest).min(day));
        (entry.id, entry.pending_id) = (id, link);
        entry.text = 0;
    }

    fn listing(&self, from: Option<&str>) -> Vec<Listed> {
        let listed = |entry: &&Entry| match (from, entry.booked, entry.made) {
            (None, ..) => true,
            (Some(from), Some(day), _) => date(day).as_str() >= from,
            (Some(from), None, Some(day)) => !self.habits.filters_pending || date(day).as_str() >= from,
            (Some(_), None, None) => true,
        };
        let mut entries: Vec<&Entry> = self.entries.iter().filter(listed).collect();
        if self.habits.newest_first {
            entries.reverse();
        }
        let mut seen = BTreeMap::new();
        entries.into_iter().map(|entry| Listed::new(entry, &self.habits, &mut seen)).collect()
    }
}

/// A row as it is listed.
#[derive(Debug)]
struct Listed {
    key: String,
    content: String,
    entry: Entry,
    booking_date: Option<String>,
    value_date: Option<String>,
    transaction_date: Option<String>,
}

impl Listed {
    fn new(entry: &Entry, habits: &Habits, seen: &mut BTreeMap<String, usize>) -> Self {
        let entry = entry.clone();
        let content = format!("{:?}", Entry { movement: 0, traceable: false, ..entry.clone() });
        let key = entry.id.clone().unwrap_or_else(|| {
            let count = seen.entry(content.clone()).or_insert(0);
            *count += 1;
            format!("{:016x}#{count}", hash(&content))
        });
        let booked = entry.booked.map(date);
        let (booking_date, value_date) =
            if habits.value_dates_only { (None, booked) } else { (booked, None) };
        let transaction_date = entry.made.filter(|_| entry.open || !habits.value_dates_only).map(date);
        Self { key, content, entry, booking_date, value_date, transaction_date }
    }

    fn push(&self, sync: &mut Sync) {
        sync.push(&Row {
            key: &self.key,
            id: self.entry.id.as_deref(),
            pending_id: self.entry.pending_id.as_deref(),
            status: if self.entry.open { "pending" } else { "booked" },
            amount: &self.entry.cents.to_string(),
            currency: "EUR",
            counterparty: Some(["", "Bakery", "Bank"][self.entry.shop]).filter(|name| !name.is_empty()),
            booking_date: self.booking_date.as_deref(),
            value_date: self.value_date.as_deref(),
            transaction_date: self.transaction_date.as_deref(),
            content: hash(&self.content),
        });
    }
}

fn hash(text: &str) -> u64 {
    super::fingerprint::mix(
        text.bytes().fold(7, |hash, byte| super::fingerprint::mix(hash ^ u64::from(byte))),
    )
}

fn date(day: i64) -> String {
    time::to_rfc3339(day * DAY).get(..10).unwrap().into()
}

/// The one who calls sync and keeps the rows in a database.
#[derive(Debug, Default)]
struct Caller {
    rows: BTreeMap<String, String>,
    checkpoint: Option<String>,
    /// Movements that were reported as added.
    added: BTreeSet<usize>,
}

impl Caller {
    fn sync(&mut self, bank: &mut Bank) -> Result<(), TestCaseError> {
        let mut sync = Sync::begin("account", self.checkpoint.as_deref(), bank.day * DAY + DAY / 2).unwrap();
        let listing = bank.listing(sync.date_from().as_deref());
        listing.iter().for_each(|row| row.push(&mut sync));
        let changes = sync.finish();
        self.check(&changes, &listing)?;
        self.apply(&changes, &listing);
        self.checkpoint = Some(changes.checkpoint);
        let booked = bank.entries.iter().filter(|entry| !entry.open).filter_map(|entry| entry.booked);
        bank.synced = bank.day;
        bank.window = booked.filter(|day| *day <= bank.day).max().map(|day| day - OVERLAP).max(bank.window);
        Ok(())
    }

    /// Checks that the changes fit the caller's rows.
    fn check(&mut self, changes: &Changes, listing: &[Listed]) -> Result<(), TestCaseError> {
        for key in &changes.removed {
            prop_assert!(self.rows.contains_key(key), "removed, but never reported: {key}");
            prop_assert!(listing.iter().all(|row| row.key != *key), "removed, but listed: {key}");
        }
        for replaced in &changes.replaced {
            prop_assert!(changes.removed.contains(&replaced.key) && changes.updated.contains(&replaced.row));
            let is_same = |other: &&Replaced| other.row == replaced.row || other.key == replaced.key;
            prop_assert_eq!(changes.replaced.iter().filter(is_same).count(), 1);
        }
        for index in &changes.added {
            let row = &listing[*index];
            prop_assert!(!self.rows.contains_key(&row.key), "reported twice: {}", row.key);
            let is_first = self.added.insert(row.entry.movement);
            prop_assert!(is_first || !row.entry.traceable, "added twice: {row:?}");
        }
        for index in &changes.updated {
            let row = &listing[*index];
            let is_replacement = changes.replaced.iter().any(|replaced| replaced.row == *index);
            let is_right = match self.rows.get(&row.key) {
                Some(had) => !is_replacement && *had != row.content,
                None => is_replacement,
            };
            prop_assert!(is_right, "updated for no reason: {row:?}");
        }
        Ok(())
    }

    /// The rule of the documentation: delete what is removed, store what is added and updated by its key.
    fn apply(&mut self, changes: &Changes, listing: &[Listed]) {
        for key in &changes.removed {
            self.rows.remove(key);
        }
        for index in changes.added.iter().chain(&changes.updated) {
            let row = &listing[*index];
            self.rows.insert(row.key.clone(), row.content.clone());
        }
    }
}

fn identity() -> impl Strategy<Value = Identity> {
    prop_oneof![Just(Identity::Id), Just(Identity::PendingId), Just(Identity::Nothing)]
}

fn booking() -> impl Strategy<Value = Booking> {
    prop_oneof![
        Just(Booking::SameId),
        Just(Booking::NamesPendingRow),
        Just(Booking::OtherId),
        Just(Booking::NoId)
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let which = 0..100usize;
    prop_oneof![
        4 => (1..4i64, 0..3usize, identity(), any::<bool>())
            .prop_map(|(cents, shop, identity, is_dated)| Event::Spend { cents: -cents, shop, identity, is_dated }),
        4 => (1..4i64, 0..3usize, any::<bool>(), prop_oneof![4 => -3..15i64, 1 => 15..300i64])
            .prop_map(|(cents, shop, has_id, back)| Event::BookDirectly { cents: -cents, shop, has_id, back }),
        4 => (which.clone(), booking(), 0..40i64)
            .prop_map(|(which, booking, back)| Event::Book { which, booking, back }),
        1 => which.clone().prop_map(|which| Event::Rename { which }),
        1 => which.clone().prop_map(|which| Event::Correct { which }),
        1 => which.prop_map(|which| Event::Vanish { which }),
    ]
}

fn history() -> impl Strategy<Value = Vec<(i64, Vec<Event>)>> {
    let days = prop_oneof![8 => 0..5i64, 2 => 5..40i64, 1 => 40..400i64];
    proptest::collection::vec((days, proptest::collection::vec(event(), 0..8)), 1..14)
}

prop_compose! {
    fn habits()(filters_pending: bool, value_dates_only: bool, newest_first: bool) -> Habits {
        Habits { filters_pending, value_dates_only, newest_first }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn after_every_sync_the_caller_has_the_banks_rows_each_once(habits in habits(), history in history()) {
        let mut bank = Bank { habits, day: FIRST_DAY, entries: Vec::new(), count: 0, window: None, synced: 0 };
        let mut caller = Caller::default();
        for (days, events) in &history {
            bank.pass(*days);
            events.iter().for_each(|event| bank.happen(event));
            caller.sync(&mut bank)?;
            let truth: BTreeMap<String, String> =
                bank.listing(None).into_iter().map(|row| (row.key, row.content)).collect();
            prop_assert_eq!(truth.len(), bank.entries.len());
            prop_assert_eq!(&caller.rows, &truth);
        }
    }
}
